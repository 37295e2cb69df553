import { checklistOf, isTicked } from '../engine/checklist.ts';
import type { StepPlan } from '../engine/event.ts';
import type { Incident, StepState } from '../engine/incident.ts';
import { shortResult } from '../engine/select.ts';
import { isAllowed } from '../findings/allow-list.ts';
import type { Finding } from '../findings/finding.ts';
import { describeOperation } from '../operations/describe.ts';
import { formatDuration } from '../text/format.ts';

/** Lines about a step, for reading one after the other. Pure; host text as it is (Talk.say makes it safe). */

/** `[4/10] Block command and control   (to plan)` */
export function headline(step: StepState, incident: Incident): string {
  const number = incident.steps.findIndex((candidate) => candidate.id === step.id) + 1;
  const result = shortResult(step, incident);
  return `[${number}/${incident.steps.length}] ${step.definition.title}${result === '' ? '' : `   (${result})`}`;
}

/** Findings with their numbers; those judged harmless only counted, unless chosen or `isAll`. */
export function findingLines(step: StepState, isAll = false): string[] {
  const findings = step.findings ?? [];
  // A step that only looks deals with none of them.
  const canChoose = step.definition.uses !== 'triage';
  const lines: string[] = [];
  let hidden = 0;
  for (const [index, finding] of findings.entries()) {
    if (finding.subject.kind === 'secret') continue;
    const isChosen = step.chosen.includes(finding.id);
    const isShown =
      isAll ||
      isChosen ||
      isAllowed(finding) ||
      (finding.verdict !== 'benign' && lines.length < MOST_FINDINGS);
    if (isShown)
      lines.push(`  ${index + 1} ${canChoose ? (isChosen ? '[x] ' : '[ ] ') : ''}${findingText(finding)}`);
    else hidden += 1;
  }
  if (lines.length + hidden === 0) lines.push('  nothing found');
  if (hidden > 0) lines.push(`  and ${hidden} more, harmless as far as can be told: f shows all`);
  for (const unknown of step.unknowns) {
    lines.push(`  ? not known: ${unknown.scope}, ${unknown.what}: ${unknown.reason}`);
  }
  return lines;
}

const MOST_FINDINGS = 60;

function findingText(finding: Finding): string {
  const reason = finding.reasons[0]?.text;
  const why = reason === undefined ? '' : ` - ${shortened(reason)}`;
  return `${shortened(finding.title)}${why} (${finding.verdict}, ${finding.score})`;
}

/** What is to be done elsewhere, with its numbers (after those of steps `before` it), and who has ticked it off when. */
export function checklistLines(step: StepState, before = 0): string[] {
  const items = checklistOf(step);
  if (items.length === 0) return [];
  const ticked = items.filter(isTicked).length;
  const words = items.every(({ word }) => word === 'done') ? 'to do, by hand' : 'to do elsewhere';
  return [
    `  ${words} (${ticked} of ${items.length} ticked off; t ${before + 1} ticks off the first):`,
    ...items.map((item, index) => {
      const { tick } = item;
      const said = tick === null || tick.note === '' ? '' : `: ${tick.note}`;
      const who =
        tick === null
          ? ''
          : ` - ${tick.isDone ? '' : 'not '}${item.word} ${tick.at.slice(0, 16)} ${tick.by}${said}`;
      return `  ${before + index + 1} ${isTicked(item) ? '[x]' : '[ ]'} ${shortened(item.title)}${who}`;
    }),
  ];
}

/** All that is known about one finding. */
export function findingDetailLines(finding: Finding, number: number): string[] {
  const lines = [`  ${number}: ${finding.title}`, `  judged ${finding.verdict}, ${finding.score} of 100`];
  for (const reason of finding.reasons) {
    lines.push(`    ${reason.weight < 0 ? 'for it' : 'against it'}: ${reason.text} (${reason.weight})`);
  }
  for (const place of finding.places) {
    lines.push(`    read in ${place.path}${place.line === undefined ? '' : ` line ${place.line}`}`);
  }
  if (finding.owner !== null) lines.push(`    owner ${finding.owner}`);
  if (finding.package !== undefined) lines.push(`    package ${finding.package ?? 'none'}`);
  if (finding.attack.length > 0) lines.push(`    ATT&CK ${finding.attack.join(', ')}`);
  return lines;
}

/** What the plan would do, in short. */
export function planLines(plan: StepPlan): string[] {
  const titles = plan.operations.map((operation) => describeOperation(operation).title);
  const lines: string[] = [];
  if (plan.watch !== null) {
    const { forMs, everyMs } = plan.watch;
    lines.push(`  would: watch for ${formatDuration(forMs)}, look every ${formatDuration(everyMs)}`);
  } else if (titles.length === 0) {
    lines.push('  would: change nothing');
  }
  const together = titles.join(', ');
  const nature = `(${plan.risk}, ${undoText(plan)})`;
  if (titles.length > 0 && together.length <= 120) {
    lines.push(`  would: ${together} ${nature}`);
  } else if (titles.length > 0) {
    lines.push(`  would: ${titles.length} operations ${nature}`);
    for (const title of titles) lines.push(`    ${shortened(title)}`);
  }
  for (const operation of plan.operations) {
    // What somebody wrote into a playbook is read whole before it is approved.
    if (operation.kind !== 'run-command') continue;
    lines.push('  it runs:', ...describeOperation(operation).commands.map((command) => `    ${command}`));
  }
  for (const remark of plan.remarks) lines.push(`  note: ${remark}`);
  if (plan.checkedAfter !== '' && titles.length > 0) lines.push(`  checked after: ${plan.checkedAfter}`);
  return lines;
}

/** The plan with the commands that a person would type. */
export function planDetailLines(plan: StepPlan): string[] {
  if (plan.operations.length === 0) return ['  no operations'];
  return plan.operations.flatMap((operation) => {
    const { title, risk, canUndo, undoNote, commands } = describeOperation(operation);
    const undo = undoNote ?? (canUndo === 'yes' ? 'can be undone' : 'cannot be undone');
    return [`  ${title} (${risk}; ${undo})`, ...commands.map((command) => `    ${command}`)];
  });
}

function undoText(plan: StepPlan): string {
  if (plan.risk === 'read-only') return 'changes nothing';
  const described = plan.operations.map(describeOperation).filter((one) => one.risk !== 'read-only');
  const final = described.filter((one) => one.canUndo === 'no').length;
  if (final === 0) return 'can be undone';
  return final === described.length ? 'cannot be undone' : `${final} of ${described.length} cannot be undone`;
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
}
