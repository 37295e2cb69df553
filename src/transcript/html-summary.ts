import { MARKS } from '../engine/select.ts';
import { code, fold, type Html, html, joined, link, list, time } from './html-text.ts';
import { resultOf } from './result-of.ts';
import { enumerated } from './story-words.ts';
import type {
  FoundItem,
  Transcript,
  TranscriptContext,
  TranscriptShell,
  TranscriptStep,
} from './transcript.ts';

/** The story on half a page, then the checklist. What was not done is as visible as what was. */
export function summarySection({ story, steps }: Transcript): Html {
  const parts = story.map(
    ({ heading, sentences }) => html`<dt>${heading}</dt><dd>${sentences.join(' ')}</dd>\n`,
  );
  return html`<section id="summary">
<h2>Summary</h2>
<dl>
${parts}</dl>
<h3>Checklist</h3>
${checklist(steps)}
</section>
`;
}

/** Everything that was found, done, and is still open, each in a line. */
export function listSection(transcript: Transcript, hrefOf?: TranscriptContext['outputHref']): Html {
  const { found, stillOpen } = transcript;
  const nothingFound = html`<p>Nothing that was judged malicious or suspicious.</p>`;
  return html`<section id="lists">
<h2>Found, done, open</h2>
<h3>Found</h3>
${found.length === 0 ? nothingFound : shortened(found.map(foundItem), 'found')}
<h3>Done</h3>
${doneList(transcript, hrefOf)}
<h3>Still open</h3>
${stillOpen.length === 0 ? html`<p>Nothing.</p>` : shortened(openList(transcript), 'open')}
</section>
`;
}

/** So many lines of a list are read at a glance; the rest can be opened. */
const AT_A_GLANCE = 25;

function shortened(items: readonly Html[], what: string): Html {
  if (items.length <= AT_A_GLANCE) return list(items);
  const rest = items.slice(AT_A_GLANCE);
  return html`${list(items.slice(0, AT_A_GLANCE))}${fold(html`${rest.length} more ${what}`, list(rest))}`;
}

function foundItem({ finding, dealtWithBy, undone, hasComeBack }: FoundItem): Html {
  const reason = finding.reasons[0]?.text;
  const dealt =
    dealtWithBy.length === 0
      ? undone.length > 0
        ? html`<span class="bad">undone again</span>: ${joined(undone.map(code), ', ')}`
        : html`<span class="bad">not dealt with</span>`
      : html`${joined(dealtWithBy.map(code), ', ')}${hasComeBack ? html`; <span class="bad">came back</span>` : html``}`;
  return html`<span class="${finding.verdict}">${finding.verdict} ${finding.score}</span> ${code(finding.title)}${reason === undefined ? '' : `, ${reason}`} → ${dealt}`;
}

function openList({ stillOpen }: Transcript): Html[] {
  return stillOpen.map((item) => html`${item.text}`);
}

function doneList({ steps, shells }: Transcript, hrefOf: TranscriptContext['outputHref']): Html {
  const lines = steps.flatMap((step) => {
    const done = step.operations.filter((one) => one.status === 'done');
    if (done.length === 0) return [];
    const held = done.filter((one) => one.verification?.status === 'holds').length;
    const titles =
      done.length <= 6
        ? joined(
            done.map((one) => code(one.title)),
            ', ',
          )
        : html`${done.length} operations`;
    return [html`${step.title}: ${titles} (${held} of ${done.length} checked and holding)`];
  });
  const byHand = steps
    .filter((step) => step.status === 'by-hand')
    .map((step) => html`${step.title}, by hand: ${step.reason ?? ''}`);
  const all = [
    ...lines,
    ...byHand,
    ...steps.flatMap(undoneText),
    ...shells.map((shell) => shellText(shell, hrefOf)),
  ];
  return all.length === 0 ? html`<p>Nothing.</p>` : list(all);
}

function undoneText(step: TranscriptStep): Html[] {
  const undone = step.operations.filter((one) => one.status === 'undone').map(({ title }) => title);
  if (undone.length === 0) return [];
  return [html`${step.title}, <span class="bad">undone again</span>: ${enumerated(undone, 6)}`];
}

function shellText(
  { id, openedAt, recording }: TranscriptShell,
  hrefOf: TranscriptContext['outputHref'],
): Html {
  const where =
    recording === null
      ? html`nothing of it is recorded`
      : html`recorded in ${link(recording.name, hrefOf, code(recording.name))}`;
  return html`A shell on the host, ${id}, ${time(openedAt)}: ${where}`;
}

function checklist(steps: readonly TranscriptStep[]): Html {
  const rows = steps.map((step) => {
    return html`<tr><td>${step.number}</td><td><a href="#step-${step.number}">${step.title}</a></td><td class="${step.status}">${MARKS[step.status].sign} ${statusWord(step)}</td><td>${resultOf(step)}</td><td>${time(step.finishedAt)}</td></tr>
`;
  });
  return html`<table>
<thead><tr><th scope="col">#</th><th scope="col">Step</th><th scope="col">Status</th><th scope="col">Result or reason</th><th scope="col">Finished</th></tr></thead>
<tbody>
${rows}</tbody></table>`;
}

export function statusWord({ status }: TranscriptStep): string {
  return status === 'todo' ? 'not run' : MARKS[status].word;
}
