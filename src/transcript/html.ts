import { describeRecord } from '../engine/describe-record.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { durationText } from '../playbook/duration.ts';
import { buildTranscript } from './build-transcript.ts';
import { chart } from './html-chart.ts';
import { stepSection } from './html-step.ts';
import { STYLE, STYLE_HASH } from './html-style.ts';
import { listSection, summarySection } from './html-summary.ts';
import { code, fold, Html, html, list, time } from './html-text.ts';
import { Told } from './markdown-step.ts';
import type { Transcript, TranscriptContext } from './transcript.ts';

/**
 * The transcript as one page that needs nothing else: no script, no address outside (long
 * outputs are links to the files beside it), light and dark, to be printed. The content security policy allows the page's own style and nothing more, so that a text of the
 * host could not act even if it were not escaped. Same input, same bytes.
 */
export function renderHtml(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): string {
  const transcript = buildTranscript(incident, records, context);
  const told = new Told();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Incident ${transcript.incidentId}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
${header(transcript)}${summarySection(transcript)}${timeline(transcript, records, incident)}${listSection(transcript, context.outputHref)}${circumstances(transcript, incident)}<section id="steps">
<h2>Steps</h2>
${transcript.steps.map((step) => stepSection(step, transcript, told, context.outputHref))}</section>
${evidence(transcript)}${declared(transcript)}${notes(transcript)}${integrity(transcript)}</body>
</html>
`.text;
}

function header(transcript: Transcript): Html {
  const { host } = transcript;
  const closed =
    transcript.closedAt === null
      ? html`<span class="warn">not closed</span>; last record ${time(transcript.lastAt)}`
      : html`${time(transcript.closedAt)}, ${transcript.closedBecause ?? ''}`;
  return html`<header>
<h1>Incident ${transcript.incidentId}</h1>
${host.isDrill ? html`<p class="drill">This was a drill: a harmless infection in a sandbox.</p>\n` : html``}<dl>
<dt>Host</dt><dd>${code(host.hostname)}, ${host.distribution}, kernel ${code(host.kernel)}, ${host.cores} cores, ${host.isRoot ? html`as root` : html`<span class="bad">not root: much could not be looked at</span>`}</dd>
<dt>Opened</dt><dd>${time(transcript.openedAt)}</dd>
<dt>Closed</dt><dd>${closed}</dd>
${transcript.journal.altered === null ? html`` : html`<dt>Journal</dt><dd><span class="bad">altered</span>, see <a href="#integrity">Integrity</a></dd>\n`}</dl>
<nav><a href="#summary">Summary</a> · <a href="#timeline">Timeline</a> · <a href="#lists">Found, done, open</a> · <a href="#steps">Steps</a> · <a href="#evidence">Evidence</a> · <a href="#integrity">Integrity</a></nav>
</header>
`;
}

function circumstances(transcript: Transcript, incident: Incident): Html {
  const { host, playbook } = transcript;
  const inputs = Object.entries(transcript.inputs).map(([name, value]) => {
    const isDuration = incident.playbook.inputs[name]?.type === 'duration' && typeof value === 'number';
    // The name stands before the value so that a secret is known by it.
    return html`${code(isDuration ? `${name}: ${durationText(value)}` : `${name}: ${JSON.stringify(value)}`)}`;
  });
  return html`<section id="circumstances">
<h2>Circumstances</h2>
<dl>
<dt>Boot</dt><dd>${code(host.bootId)}; service manager ${host.serviceManager}, firewall ${host.firewall}</dd>
<dt>Playbook</dt><dd>${playbook.title} (${code(playbook.name)}), sha256 ${code(playbook.sha256)}</dd>
<dt>Journal</dt><dd>${transcript.journal.records} records, head ${code(transcript.journal.head)}</dd>
<dt>Responders</dt><dd>${list(transcript.sessions.map(sessionText))}</dd>
${inputs.length === 0 ? html`` : html`<dt>Inputs</dt><dd>${list(inputs)}</dd>\n`}</dl>
</section>
`;
}

function sessionText(session: Transcript['sessions'][number]): Html {
  const from = session.peerAddress === null ? html`` : html`, from ${code(session.peerAddress)}`;
  const until = session.until === null ? html`no end recorded` : html`until ${time(session.until)}`;
  const why = session.leftBecause === null ? '' : ` (${session.leftBecause})`;
  return html`${session.responder} as ${code(session.account)}${from}; ${session.front}, tourniquet ${code(session.version)}; ${time(session.from)} ${until}${why}`;
}

function timeline(transcript: Transcript, records: readonly JournalRecord[], incident: Incident): Html {
  const numbers = new Map(transcript.steps.map((step) => [step.id, step.number]));
  const rows = records.map((record) => {
    const { stepId, text, isTrouble } = describeRecord(record, incident);
    const number = stepId === null ? undefined : numbers.get(stepId);
    const step =
      number === undefined ? html`` : html`<a href="#step-${number}">${number}. ${stepId ?? ''}</a>`;
    return html`<tr><td>${record.seq}</td><td>${time(record.at)}</td><td>${record.by}</td><td>${step}</td><td>${isTrouble ? html`<span class="bad">! ${text}</span>` : html`${text}`}</td></tr>
`;
  });
  return html`<section id="timeline">
<h2>Timeline</h2>
${chart(transcript)}
${fold(
  html`All ${records.length} records`,
  html`<table>
<thead><tr><th scope="col">#</th><th scope="col">When</th><th scope="col">Who</th><th scope="col">Step</th><th scope="col">What</th></tr></thead>
<tbody>
${rows}</tbody></table>`,
)}
</section>
`;
}

function evidence(transcript: Transcript): Html {
  const files = transcript.evidence.map(
    ({ name, sizeBytes, source, sha256, operationId }) =>
      html`<tr><td>${code(name)}</td><td>${sizeBytes}</td><td>${code(source)}</td><td>${code(sha256)}</td><td>${operationId}</td></tr>
`,
  );
  const table = html`<table>
<thead><tr><th scope="col">File</th><th scope="col">Bytes</th><th scope="col">From</th><th scope="col">SHA-256</th><th scope="col">Taken by</th></tr></thead>
<tbody>
${files}</tbody></table>`;
  return html`<section id="evidence">
<h2>Evidence</h2>
${files.length === 0 ? html`<p>None was taken.</p>` : fold(html`${files.length} files`, table)}
</section>
`;
}

function declared({ declaredOurs }: Transcript): Html {
  if (declaredOurs.length === 0) return html``;
  const items = declaredOurs.map(
    ({ what, by, reason }) => html`${code(what)}, declared ours by ${by} because ${reason}`,
  );
  return html`<section id="declared">\n<h2>Declared ours</h2>\n${list(items)}\n</section>\n`;
}

function notes(transcript: Transcript): Html {
  if (transcript.notes.length === 0) return html``;
  const items = transcript.notes.map(
    ({ at, by, stepId, text }) =>
      html`${time(at)} ${by}${stepId === null ? html`` : html` on ${code(stepId)}`}: ${text}`,
  );
  return html`<section id="notes">\n<h2>Notes</h2>\n${list(items)}\n</section>\n`;
}

function integrity({ journal, redacted }: Transcript): Html {
  const altered =
    journal.altered === null
      ? html`Every record fits the one before it.`
      : html`<span class="bad">Record ${journal.altered.seq} does not fit the chain: ${journal.altered.reason}.</span> Nothing after it is shown.`;
  return html`<section id="integrity">
<h2>Integrity</h2>
<p>${journal.records} records. ${altered} Each holds the hash of the one before; the last has the hash ${code(journal.head)}</p>
<p>Secrets were taken out of this transcript; the journal and the output and evidence files hold what was there. <code>tourniquet verify</code> checks them.</p>
${redacted.length === 0 ? html`` : html`<p>Placeholders stand for names that are not to leave the house (${redacted.join(', ')}); the hashes are of the true records and files.</p>\n`}</section>
`;
}
