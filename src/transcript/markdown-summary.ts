import { MARKS } from '../engine/select.ts';
import { code, items, prose, time } from './markdown-text.ts';
import { resultOf } from './result-of.ts';
import { enumerated } from './story-words.ts';
import type { Transcript, TranscriptShell, TranscriptStep } from './transcript.ts';

/** The story on half a page, then the checklist. What was not done is as visible as what was. */
export function summarySection(transcript: Transcript): string {
  const story = transcript.story.map(
    ({ heading, sentences }) => `**${heading}.** ${sentences.map(prose).join(' ')}`,
  );
  return ['## Summary', ...story, '### Checklist', checklist(transcript.steps)].join('\n\n');
}

/** Everything that was found, done, and is still open, each in a line. */
export function listSections(transcript: Transcript): string {
  return [
    '## Found',
    foundText(transcript),
    '## Done',
    doneText(transcript),
    '## Still open',
    openText(transcript),
  ].join('\n\n');
}

function foundText({ found }: Transcript): string {
  if (found.length === 0) return 'Nothing that was judged malicious or suspicious.';
  return items(
    found.map(({ finding, dealtWithBy, undone, hasComeBack }) => {
      const reason = finding.reasons[0]?.text;
      const done = prose(dealtWithBy.join(', '));
      const dealt =
        dealtWithBy.length > 0
          ? `${done}${hasComeBack ? '; **came back**' : ''}`
          : undone.length > 0
            ? `**undone again**: ${prose(undone.join(', '))}`
            : '**not dealt with**';
      return `${finding.verdict} ${finding.score}: ${prose(finding.title)}${reason === undefined ? '' : `, ${prose(reason)}`} → ${dealt}`;
    }),
  );
}

function doneText({ steps, shells }: Transcript): string {
  const lines = steps.flatMap((step) => {
    const done = step.operations.filter((one) => one.status === 'done');
    if (done.length === 0) return [];
    const held = done.filter((one) => one.verification?.status === 'holds').length;
    const titles = done.length <= 6 ? done.map((one) => one.title).join(', ') : `${done.length} operations`;
    return [`${prose(step.title)}: ${prose(titles)} (${held} of ${done.length} checked and holding)`];
  });
  const byHand = steps
    .filter((step) => step.status === 'by-hand')
    .map((step) => `${prose(step.title)}, by hand: ${prose(step.reason ?? '')}`);
  const all = [...lines, ...byHand, ...steps.flatMap(undoneText), ...shells.map(shellText)];
  return all.length === 0 ? 'Nothing.' : items(all);
}

function undoneText(step: TranscriptStep): string[] {
  const undone = step.operations.filter((one) => one.status === 'undone').map(({ title }) => title);
  if (undone.length === 0) return [];
  return [`${prose(step.title)}, **undone again**: ${prose(enumerated(undone, 6))}`];
}

function shellText({ id, openedAt, recording }: TranscriptShell): string {
  const where = recording === null ? 'nothing of it is recorded' : `recorded in ${code(recording.name)}`;
  return `A shell on the host, ${prose(id)}, ${time(openedAt)}: ${where}`;
}

function openText({ stillOpen }: Transcript): string {
  if (stillOpen.length === 0) return 'Nothing.';
  return items(stillOpen.map((item) => prose(item.text)));
}

function checklist(steps: readonly TranscriptStep[]): string {
  const rows = steps.map((step) => {
    const mark = MARKS[step.status];
    const word = step.status === 'todo' ? 'not run' : mark.word;
    return `| ${step.number} | ${prose(step.title)} | ${mark.sign} ${word} | ${prose(resultOf(step))} | ${time(step.finishedAt)} |`;
  });
  return [
    '| | Step | Status | Result or reason | Finished |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
