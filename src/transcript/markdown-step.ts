import { MARKS } from '../engine/select.ts';
import type { Finding } from '../findings/finding.ts';
import { formatBytes } from '../text/format.ts';
import { block, code, indented, items, prose, time } from './markdown-text.ts';
import type { Transcript, TranscriptCheck, TranscriptOperation, TranscriptStep } from './transcript.ts';

/** One step: why, who decided what, what was seen, what was done with what result. */
export function stepSection(step: TranscriptStep, transcript: Transcript, told: Told): string {
  const word = step.status === 'todo' ? 'not run' : MARKS[step.status].word;
  const attack = step.attack.length === 0 ? '' : ` (ATT&CK ${prose(step.attack.join(', '))})`;
  const parts = [
    `### ${step.number}. ${prose(step.title)}: ${word}`,
    `${prose(step.why)}${attack}`,
    statusText(step),
    ...labelled(
      'Decisions',
      step.decisions.map(({ at, by, text }) => `${time(at)} ${prose(by)} ${prose(text)}`),
    ),
    ...labelled(
      'Findings',
      step.findings.map((finding) =>
        findingText(finding, isChosenIn(step, finding), told.before(finding, step)),
      ),
    ),
    ...labelled(
      'Came back',
      step.cameBack.map((finding) => findingText(finding, null, told.before(finding, step))),
    ),
    ...labelled(
      'Could not be looked at',
      step.unknowns.map(({ scope, what, reason }) => `${scope}, ${prose(what)}: ${prose(reason)}`),
    ),
    ...labelled('Remarks', step.remarks.map(prose)),
    ...labelled('To be done elsewhere', step.checklist.map(tickText)),
    ...labelled(
      'Operations',
      step.operations.map((one) => operationText(one, told)),
    ),
    ...labelled(
      'Notes',
      transcript.notes
        .filter((note) => note.stepId === step.id)
        .map((note) => `${time(note.at)} ${prose(note.by)}: ${prose(note.text)}`),
    ),
  ];
  return parts.join('\n\n');
}

function tickText({ title, word, isDone, tickedAt, by, note }: TranscriptCheck): string {
  const who =
    tickedAt === null
      ? ''
      : ` (${time(tickedAt)} ${prose(by ?? '')}${note === '' ? '' : `: ${prose(note)}`})`;
  return `${isDone ? '[x]' : '[ ]'} **${isDone ? word : `not ${word}`}**: ${prose(title)}${who}`;
}

function statusText(step: TranscriptStep): string {
  const lines = [`Status: **${step.status === 'todo' ? 'not run' : MARKS[step.status].word}**`];
  if (step.isFailureAccepted) lines.push('left as failed');
  if (step.summary !== null) lines.push(prose(step.summary));
  if (step.reason !== null) lines.push(prose(step.reason));
  if (step.watch !== null) {
    const { looks, returned, isFinished } = step.watch;
    lines.push(`watched: ${looks} looks, ${returned} came back${isFinished ? '' : ', not ended'}`);
  }
  if (step.startedAt !== null) lines.push(`from ${time(step.startedAt)}`);
  if (step.finishedAt !== null) lines.push(`to ${time(step.finishedAt)}`);
  return lines.join('; ');
}

/** What has been told by the steps before, so that a long report says it once. */
export class Told {
  #steps = new Map<string, number>();
  #titles = new Map<string, string>();

  /** The number of the first step that has shown the very same finding; null if this one is the first. */
  before(finding: Finding, step: TranscriptStep): number | null {
    const same = JSON.stringify(finding);
    const first = this.#steps.get(same) ?? step.number;
    this.#steps.set(same, first);
    this.#titles.set(finding.id, finding.title);
    return first === step.number ? null : first;
  }

  titleOf(findingId: string): string {
    return this.#titles.get(findingId) ?? findingId;
  }
}

/** null where nothing was to be chosen: an empty box would say that it was left. */
function isChosenIn({ chosen }: TranscriptStep, { id }: Finding): boolean | null {
  return chosen.length === 0 ? null : chosen.includes(id);
}

function findingText(finding: Finding, isChosen: boolean | null, before: number | null): string {
  const lines = [
    `${isChosen === null ? '' : isChosen ? '[x] ' : '[ ] '}**${finding.verdict} ${finding.score}** ${code(finding.title)} (${code(finding.id)})`,
  ];
  if (before !== null) return `${lines[0]}, as in step ${before}`;
  for (const reason of finding.reasons) {
    lines.push(`- ${prose(reason.text)} (${reason.weight > 0 ? '+' : ''}${reason.weight})`);
  }
  const places = finding.places.map(
    ({ path, line }) => `${code(path)}${line === undefined ? '' : ` line ${line}`}`,
  );
  if (places.length > 0) lines.push(`- read in ${places.join(', ')}`);
  const facts = [
    ...(finding.owner === null ? [] : [`owner ${code(finding.owner)}`]),
    ...(finding.package === undefined
      ? []
      : [finding.package === null ? 'of no package' : `package ${code(finding.package)}`]),
    ...(finding.attack.length === 0 ? [] : [`ATT&CK ${prose(finding.attack.join(', '))}`]),
  ];
  if (facts.length > 0) lines.push(`- ${facts.join('; ')}`);
  return lines.map((line, index) => (index === 0 ? line : indented(line))).join('\n');
}

function operationText(one: TranscriptOperation, told: Told): string {
  const status = one.status === 'planned' || one.status === 'to-do' ? 'not begun' : one.status;
  const lines = [`**${status}** ${code(one.title)} (${code(one.id)}, ${one.risk})`];
  if (one.commands.length > 0)
    lines.push(`\n${indented(`What a person would type:\n\n${block(one.commands.join('\n'))}`)}\n`);
  const facts: string[] = [];
  if (one.because.length > 0)
    facts.push(`because of ${one.because.map((id) => code(told.titleOf(id))).join(', ')}`);
  if (one.startedAt !== null) {
    const attempts = one.attempts > 1 ? `, ${one.attempts} attempts` : '';
    facts.push(`begun ${time(one.startedAt)}, ended ${time(one.finishedAt)}${attempts}`);
  }
  if (one.message !== null && one.message !== '') facts.push(`result: ${prose(one.message)}`);
  if (one.exitCode !== null) facts.push(`exit code ${one.exitCode}`);
  facts.push(checkText(one));
  if (one.undoNote !== null && one.risk !== 'read-only') facts.push(`undo: ${prose(one.undoNote)}`);
  if (one.evidence.length > 0) {
    const sizeBytes = one.evidence.reduce((sum, file) => sum + file.sizeBytes, 0);
    const files = one.evidence.length === 1 ? '1 file' : `${one.evidence.length} files`;
    facts.push(`evidence: ${files}, ${formatBytes(sizeBytes)}, listed under Evidence`);
  }
  if (one.output !== null) facts.push(outputText(one.output));
  return [...lines, ...facts.map((fact) => indented(`- ${fact}`))].join('\n');
}

function checkText({ verification }: TranscriptOperation): string {
  if (verification === null) return 'checked: no';
  const detail = verification.detail === '' ? '' : `, ${prose(verification.detail)}`;
  return `checked: **${verification.status}**${detail}`;
}

function outputText(output: NonNullable<TranscriptOperation['output']>): string {
  const whole = `output ${code(output.name)}, ${formatBytes(output.sizeBytes)} (${output.sizeBytes} bytes), sha256 of the whole ${code(output.sha256)}`;
  const parts = [
    ...(output.head === '' ? [] : [block(output.head)]),
    ...(output.leftOutBytes > 0 ? [`(${output.leftOutBytes} bytes left out)`] : []),
    ...(output.tail === '' ? [] : [block(output.tail)]),
  ];
  return [whole, ...parts.map((part) => `\n${indented(part)}`)].join('\n');
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${label}:`, items(lines)];
}
