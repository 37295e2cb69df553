import { MARKS } from '../engine/select.ts';
import type { Finding } from '../findings/finding.ts';
import { formatBytes } from '../text/format.ts';
import { statusWord } from './html-summary.ts';
import { block, code, fold, type Html, html, joined, link, list, time } from './html-text.ts';
import type { Told } from './markdown-step.ts';
import type {
  Transcript,
  TranscriptCheck,
  TranscriptContext,
  TranscriptOperation,
  TranscriptStep,
} from './transcript.ts';

/** One step: why, who decided what, what was seen, what was done with what result. */
export function stepSection(
  step: TranscriptStep,
  transcript: Transcript,
  told: Told,
  hrefOf?: TranscriptContext['outputHref'],
): Html {
  const attack = step.attack.length === 0 ? '' : ` (ATT&CK ${step.attack.join(', ')})`;
  const findingItem = (finding: Finding) =>
    findingText(
      finding,
      step.chosen.length === 0 ? null : step.chosen.includes(finding.id),
      told.before(finding, step),
    );
  return html`<section id="step-${step.number}">
<h3>${step.number}. ${step.title}: <span class="${step.status}">${MARKS[step.status].sign} ${statusWord(step)}</span></h3>
<p>${step.why}${attack}</p>
<p>${statusText(step)}</p>
${labelled(
  'Decisions',
  step.decisions.map(({ at, by, text }) => html`${time(at)} ${by} ${text}`),
)}${labelled('Findings', step.findings.map(findingItem))}${labelled('Came back', step.cameBack.map(findingItem))}${labelled(
  'Could not be looked at',
  step.unknowns.map(({ scope, what, reason }) => html`${scope}, ${what}: ${reason}`),
)}${labelled(
  'Remarks',
  step.remarks.map((remark) => html`${remark}`),
)}${labelled('To be done elsewhere', step.checklist.map(tickText))}${labelled(
  'Operations',
  step.operations.map((one) => operationText(one, told, hrefOf)),
)}${labelled(
  'Notes',
  transcript.notes
    .filter((note) => note.stepId === step.id)
    .map((note) => html`${time(note.at)} ${note.by}: ${note.text}`),
)}</section>
`;
}

function tickText({ title, word, isDone, tickedAt, by, note }: TranscriptCheck): Html {
  const who =
    tickedAt === null ? html`` : html` (${time(tickedAt)} ${by ?? ''}${note === '' ? '' : `: ${note}`})`;
  return html`${isDone ? '☑' : '☐'} <span class="${isDone ? 'good' : 'warn'}">${isDone ? word : `not ${word}`}</span>: ${title}${who}`;
}

function statusText(step: TranscriptStep): Html {
  const parts: Html[] = [];
  if (step.isFailureAccepted) parts.push(html`left as failed`);
  if (step.summary !== null) parts.push(html`${step.summary}`);
  if (step.reason !== null) parts.push(html`${step.reason}`);
  if (step.watch !== null) {
    const { looks, returned, isFinished } = step.watch;
    parts.push(html`watched: ${looks} looks, ${returned} came back${isFinished ? '' : ', not ended'}`);
  }
  if (step.startedAt !== null) parts.push(html`from ${time(step.startedAt)}`);
  if (step.finishedAt !== null) parts.push(html`to ${time(step.finishedAt)}`);
  return joined(parts, '; ');
}

/** `isChosen` null: nothing was chosen in this step, and an empty box would say that this was left. */
function findingText(finding: Finding, isChosen: boolean | null, before: number | null): Html {
  const head = html`${isChosen === null ? '' : isChosen ? '☑ ' : '☐ '}<span class="${finding.verdict}">${finding.verdict} ${finding.score}</span> ${code(finding.title)}`;
  if (before !== null) return html`${head}, as in <a href="#step-${before}">step ${before}</a>`;
  const lines = finding.reasons.map(({ text, weight }) => html`${text} (${weight > 0 ? '+' : ''}${weight})`);
  if (finding.places.length > 0) {
    const places = finding.places.map(
      ({ path, line }) => html`${code(path)}${line === undefined ? '' : ` line ${line}`}`,
    );
    lines.push(html`read in ${joined(places, ', ')}`);
  }
  if (finding.owner !== null) lines.push(html`owner ${code(finding.owner)}`);
  if (finding.package === null) lines.push(html`of no package`);
  else if (finding.package !== undefined) lines.push(html`package ${code(finding.package)}`);
  if (finding.attack.length > 0) lines.push(html`ATT&amp;CK ${finding.attack.join(', ')}`);
  lines.push(html`<span class="dim">${finding.id}</span>`);
  return fold(head, list(lines));
}

function operationText(one: TranscriptOperation, told: Told, hrefOf: TranscriptContext['outputHref']): Html {
  const status = one.status === 'planned' || one.status === 'to-do' ? 'not begun' : one.status;
  const lines: Html[] = [];
  if (one.because.length > 0) {
    const titles = one.because.map((id) => code(told.titleOf(id)));
    lines.push(html`because of ${joined(titles, ', ')}`);
  }
  if (one.startedAt !== null) {
    const attempts = one.attempts > 1 ? `, ${one.attempts} attempts` : '';
    lines.push(html`begun ${time(one.startedAt)}, ended ${time(one.finishedAt)}${attempts}`);
  }
  if (one.message !== null && one.message !== '') lines.push(html`result: ${one.message}`);
  if (one.exitCode !== null) lines.push(html`exit code ${one.exitCode}`);
  lines.push(checkText(one));
  if (one.undoNote !== null && one.risk !== 'read-only') lines.push(html`undo: ${one.undoNote}`);
  if (one.evidence.length > 0) {
    const sizeBytes = one.evidence.reduce((sum, file) => sum + file.sizeBytes, 0);
    const files = one.evidence.length === 1 ? '1 file' : `${one.evidence.length} files`;
    lines.push(
      html`evidence: ${files}, ${formatBytes(sizeBytes)}, listed under <a href="#evidence">Evidence</a>`,
    );
  }
  if (one.commands.length > 0)
    lines.push(fold(html`What a person would type`, block(one.commands.join('\n'))));
  if (one.output !== null) lines.push(outputText(one.output, hrefOf));
  const isBad =
    status === 'failed' || status === 'refused' || status === 'undo-failed' || status === 'unknown';
  return html`<span class="${isBad ? 'bad' : status === 'done' ? 'good' : 'warn'}">${status}</span> ${code(one.title)} <span class="dim">${one.id}, ${one.risk}</span>${list(lines)}`;
}

function checkText({ verification }: TranscriptOperation): Html {
  if (verification === null) return html`checked: no`;
  const detail = verification.detail === '' ? '' : `, ${verification.detail}`;
  return html`checked: <span class="${verification.status === 'holds' ? 'good' : 'bad'}">${verification.status}</span>${detail}`;
}

function outputText(
  output: NonNullable<TranscriptOperation['output']>,
  hrefOf: TranscriptContext['outputHref'],
): Html {
  const head = html`output ${code(output.name)}, ${formatBytes(output.sizeBytes)}`;
  return fold(
    head,
    html`<p>${output.sizeBytes} bytes, sha256 of ${link(output.name, hrefOf, html`the whole`)} ${code(output.sha256)}</p>
${output.head === '' ? html`` : block(output.head)}${output.leftOutBytes > 0 ? html`<p class="dim">${link(output.name, hrefOf, html`${output.leftOutBytes} bytes left out`)}</p>` : html``}${output.tail === '' ? html`` : block(output.tail)}`,
  );
}

function labelled(label: string, items: readonly Html[]): Html {
  return items.length === 0 ? html`` : html`<h4>${label}</h4>\n${list(items)}\n`;
}
