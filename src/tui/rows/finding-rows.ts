import type { StepState } from '../../engine/incident.ts';
import type { Finding, Place, Verdict } from '../../findings/finding.ts';
import { removalText } from '../../findings/removal.ts';
import { fitWidth, textWidth } from '../../text/width.ts';
import { hasChoice } from '../incident/situation.ts';
import type { StyleName } from '../look/cells.ts';
import { linked, type Row, type Span, span, spread, wrapRows } from '../look/cells.ts';
import { foreign } from '../look/theme.ts';

const VERDICT_STYLES: Readonly<Record<Verdict, StyleName | undefined>> = {
  malicious: 'bad',
  suspicious: 'warn',
  unknown: 'accent',
  benign: 'dim',
};

/** `❯[x] 10.66.0.9:3333  stratum login seen  malicious 100` in exactly the columns there are. */
export function findingRow(
  finding: Finding,
  step: StepState,
  columns: number,
  isHere: boolean,
  widestTitle: number,
): Row {
  const isChosen = step.chosen.includes(finding.id);
  const box = hasChoice(step) ? `[${isChosen ? 'x' : ' '}] ` : '';
  const verdict = columns >= 60 ? `${finding.verdict} ` : '';
  const style = VERDICT_STYLES[finding.verdict];
  const score = String(finding.score).padStart(3);
  const room = columns - 1 - box.length - verdict.length - score.length - 2;
  const title = foreign(finding.title);
  const reason = foreign(finding.reasons[0]?.text ?? '');
  // One edge for all reasons, and never much more than half for the names.
  const titleWidth = Math.max(0, Math.min(widestTitle, Math.max(Math.floor(room * 0.6), room - 40)));
  const left: Row = [
    span(isHere ? '❯' : ' ', 'accent'),
    span(box, isChosen ? 'strong' : undefined),
    // Both ends of a path tell it from others: where it is, and its name or line.
    span(
      fitWidth(title, titleWidth, { keep: title.startsWith('/') ? 'ends' : 'start' }),
      isHere ? 'strong' : style === 'dim' ? 'dim' : undefined,
    ),
    span('  '),
    span(reason, 'dim'),
  ];
  return spread(left, [span(`${verdict}${score}`, style)], columns);
}

export function widestTitle(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map((finding) => textWidth(foreign(finding.title))));
}

/** All of a finding: what speaks for and against it, and where it was read. */
export function findingDetailRows(
  finding: Finding,
  all: readonly Finding[],
  columns: number,
): readonly Row[] {
  const rows: Row[] = [
    ...wrapRows([span(' ')], foreign(finding.title), columns, 'strong'),
    [
      span(` ${finding.verdict}`, VERDICT_STYLES[finding.verdict]),
      span(`, score ${finding.score} of 100`),
      ...finding.attack.flatMap(attackSpans),
    ],
    [],
    [span(' Why', 'strong')],
  ];
  if (finding.reasons.length === 0) rows.push([span('  No reason was recorded.')]);
  for (const { text, weight } of finding.reasons) {
    const sign = weight > 0 ? `+${weight}` : String(weight);
    const lead = [span(`  ${sign.padStart(4)}  `, weight > 0 ? 'bad' : weight < 0 ? 'good' : 'dim')];
    rows.push(...wrapRows(lead, foreign(text), columns));
  }
  if (finding.places.length > 0) rows.push([], [span(' Where', 'strong')]);
  for (const place of finding.places) rows.push(...wrapRows([span('  ')], placeText(place), columns));
  const facts = factsOf(finding);
  if (facts.length > 0) rows.push([], [span(' What is known', 'strong')]);
  for (const [name, value] of facts) {
    rows.push(...wrapRows([span(`  ${name.padEnd(10)} `, 'dim')], foreign(value), columns));
  }
  const related = all.filter((other) => finding.related.includes(other.id));
  if (related.length > 0) rows.push([], [span(' Belongs with', 'strong')]);
  for (const other of related) rows.push(...wrapRows([span('  ')], foreign(other.title), columns));
  return rows;
}

/** An ATT&CK id leads to its page, whose address is made of it. */
function attackSpans(id: string): readonly Span[] {
  const [, technique, sub] = /^(T\d{4})(?:\.(\d{3}))?$/.exec(id) ?? [];
  if (technique === undefined) return [span(`   ${foreign(id)}`, 'dim')];
  const page = sub === undefined ? technique : `${technique}/${sub}`;
  return [span('   '), linked(id, `https://attack.mitre.org/techniques/${page}/`, 'dim')];
}

function placeText(place: Place): string {
  return foreign(place.line === undefined ? place.path : `${place.path} line ${place.line}`);
}

function factsOf({
  subject,
  owner,
  package: owningPackage,
  times,
}: Finding): readonly (readonly [string, string])[] {
  const facts: [string, string][] = [];
  if (subject.kind === 'process') {
    facts.push(['pid', `${subject.process.pid}, started by ${subject.parentPid}`]);
    facts.push(['runs', subject.process.exePath ?? 'its executable cannot be read']);
    facts.push(['command', subject.commandLine.join(' ')]);
    if (subject.workingFolder !== null) facts.push(['in', subject.workingFolder]);
    if (subject.cpuPercent !== null) facts.push(['CPU', `${Math.round(subject.cpuPercent)} % of one core`]);
    if (subject.cgroup !== null) facts.push(['cgroup', subject.cgroup]);
  } else if (subject.kind === 'connection') {
    facts.push(['to', `${subject.remoteAddress} port ${subject.remotePort} (${subject.protocol})`]);
    facts.push(['seen', subject.isNamedOnly ? 'named in an entry, not connected now' : subject.state]);
    if (subject.process !== null) facts.push(['by', `${subject.process.name} (${subject.process.pid})`]);
  } else if (subject.kind === 'file-line') {
    facts.push(['line', subject.line.text]);
    for (const [name, value] of Object.entries(subject.details))
      facts.push([foreign(name).slice(0, 20), value]);
  } else if (subject.kind === 'unit') {
    facts.push(['unit', `${subject.unit}, ${subject.isEnabled ? 'enabled' : 'not enabled'}`]);
    for (const command of subject.commands) facts.push(['starts', command]);
  } else if (subject.kind === 'container') {
    const { container, isRunning, command } = subject;
    facts.push([
      'container',
      `${container.id.slice(0, 12)} of ${container.runtime}${isRunning ? ', running' : ''}`,
    ]);
    facts.push(['restarts', container.restartPolicy ?? 'its runtime does not say where it can be read']);
    if (command.length > 0) facts.push(['command', command.join(' ')]);
  } else if (subject.kind === 'account') {
    facts.push(['account', `${subject.account} (uid ${subject.uid}), shell ${subject.shell}`]);
  } else if (subject.kind === 'host-key') {
    facts.push(['key', `${subject.type} ${subject.fingerprint}`]);
  } else if (subject.kind === 'package') {
    facts.push(['installed', subject.installed], ['available', subject.available]);
  } else if (subject.kind === 'disagreement') {
    facts.push(['we read', subject.ours], ['tools say', subject.theirs]);
  } else if (subject.kind === 'secret') {
    if (subject.keyId !== null) facts.push(['known as', subject.keyId]);
    facts.push(['to do', subject.advice]);
  } else if (subject.kind === 'setting') {
    if (subject.value !== '') facts.push(['value', subject.value]);
  }
  if ('file' in subject) facts.push(['sha256', subject.file.sha256]);
  if (owner !== null) facts.push(['owner', owner]);
  if (owningPackage === null) facts.push(['package', 'no package owns it']);
  else if (owningPackage !== undefined) facts.push(['package', owningPackage]);
  if (times !== null) {
    facts.push(['changed', isoTime(times.mtimeNs)]);
    // What intruders set the first to: the kernel alone sets the second (inode(7)).
    if (isoTime(times.ctimeNs) !== isoTime(times.mtimeNs))
      facts.push(['inode', `changed ${isoTime(times.ctimeNs)}`]);
  }
  facts.push(['to do', removalText(subject)]);
  return facts;
}

/** Nanoseconds since the epoch as UTC to the second; what a host gives may be out of any calendar. */
function isoTime(nanoseconds: string): string {
  const date = new Date(Number(BigInt(/^-?\d{1,30}$/.test(nanoseconds) ? nanoseconds : '0') / 1_000_000n));
  return Number.isNaN(date.getTime()) ? `${nanoseconds} ns` : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
