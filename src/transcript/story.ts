import type { Finding } from '../findings/finding.ts';
import { asSentence, formatDuration } from '../text/format.ts';
import { isOfSystem } from './indicators-of.ts';
import type { Measures } from './measures.ts';
import { assuranceLeft, toRotate } from './story-end.ts';
import { counted, enumerated, grouped, spokenTime } from './story-words.ts';
import { isoFromNs } from './time-of-file.ts';
import type { StoryPart, TranscriptFacts, TranscriptOperation } from './transcript.ts';

/**
 * The incident on half a page, for whoever reads nothing else: what it was, since when, how it stayed, what was
 * done, what is left, what has to be changed elsewhere, how sure one can be. Only from the journal; what it does
 * not say is said to be unknown. Sentences hold host text as it is.
 */
export function storyOf(transcript: TranscriptFacts, measures: Measures): StoryPart[] {
  return [
    { about: 'what', heading: 'What', sentences: whatItWas(transcript) },
    { about: 'since', heading: 'Since when', sentences: sinceWhen(transcript) },
    { about: 'stayed', heading: 'How it stayed', sentences: howItStayed(transcript) },
    { about: 'done', heading: 'What was done', sentences: whatWasDone(transcript, measures) },
    { about: 'left', heading: 'What is left', sentences: whatIsLeft(transcript) },
    { about: 'rotate', heading: 'To be changed elsewhere', sentences: toRotate(transcript) },
    { about: 'assurance', heading: 'Assurance', sentences: assuranceLeft(transcript, measures) },
  ];
}

function whatItWas({ found, host }: TranscriptFacts): string[] {
  const drill = host.isDrill ? ['This was a drill, on a harmless infection in a sandbox.'] : [];
  const bad = found.filter(({ finding }) => finding.verdict === 'malicious').map(({ finding }) => finding);
  const shady = found.length - bad.length;
  const where = `On ${host.hostname} (${host.distribution})`;
  if (found.length === 0)
    return [...drill, `${where} nothing was judged malicious or suspicious by what was looked at.`];
  const processes = bad.filter(({ subject }) => subject.kind === 'process');
  const addresses = bad.flatMap(({ subject }) =>
    subject.kind === 'connection' ? [subject.remoteAddress] : [],
  );
  const worst = processes[0] ?? bad[0] ?? found[0]?.finding;
  return [
    ...drill,
    `${where} ${counted(bad.length, 'thing')} ${bad.length === 1 ? 'was' : 'were'} judged malicious and ${shady} suspicious.`,
    ...(worst === undefined ? [] : [`First among them is ${worst.title}${reasonOf(worst)}.`]),
    ...(addresses.length === 0 ? [] : [`It has to do with ${enumerated([...new Set(addresses)])}.`]),
  ];
}

function reasonOf({ reasons: [reason] }: Finding): string {
  return reason === undefined ? '' : ` (${reason.text.replace(/\.$/, '')})`;
}

/** By the times of the files behind what is malicious: of those, the change time is the harder one to forge. */
function sinceWhen({ found, openedAt }: TranscriptFacts): string[] {
  let first: { at: string; finding: Finding } | null = null;
  for (const { finding } of found) {
    if (finding.verdict !== 'malicious' || finding.times === null) continue;
    // A shell that was misused is as old as the host.
    const { subject } = finding;
    if (isOfSystem(finding, subject.kind === 'process' ? (subject.process.exePath ?? '') : '')) continue;
    const at = isoFromNs(finding.times.ctimeNs);
    if (at !== null && (first === null || at < first.at)) first = { at, finding };
  }
  if (first === null) return ['Not known: no malicious thing has a file whose times could be read.'];
  const before = Date.parse(openedAt) - Date.parse(first.at);
  const ago = before > 0 ? `, ${formatDuration(before)} before the response began` : '';
  return [
    `At the latest since ${spokenTime(first.at)}${ago}: that is the oldest change of a file behind something malicious (${first.finding.title}).`,
    'It may have begun earlier; whoever is root can set such times.',
  ];
}

/** These are part of it, and start nothing by themselves. */
const NO_WAY_BACK: ReadonlySet<string> = new Set([
  ...['hosts-line', 'resolver-line', 'kernel-setting', 'listed-shell', 'dropped-executable', 'script'],
  ...['hidden-file', 'shadowing-tool'],
]);
const WAY_WORDS: Readonly<Record<string, string>> = {
  'cron-entry': 'crontab line',
  'cron-file': 'crontab file',
  'authorized-key': 'SSH key',
};

function howItStayed({ found }: TranscriptFacts): string[] {
  const ways = found.flatMap(({ finding }) => {
    const { subject } = finding;
    if (finding.verdict !== 'malicious') return [];
    if (subject.kind === 'unit') return [{ word: 'unit', title: finding.title }];
    if (subject.kind !== 'file-line' && subject.kind !== 'file') return [];
    if (NO_WAY_BACK.has(subject.role)) return [];
    return [{ word: WAY_WORDS[subject.role] ?? subject.role.replaceAll('-', ' '), title: finding.title }];
  });
  if (ways.length === 0) return ['No entry was found that would have started it again or let somebody in.'];
  const groups = [...grouped(ways, ({ word }) => word)].map(
    ([word, each]) =>
      `${counted(each.length, word)} (${enumerated(
        each.map(({ title }) => title),
        3,
      )})`,
  );
  return [`It would have come back by ${enumerated(groups, 8)}.`];
}

const DEEDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'cloud-call': ['change in the cloud', 'changes in the cloud'],
  'freeze-process': ['freezing of processes', 'freezings of processes'],
  'reveal-process': ['process brought to light', 'processes brought to light'],
  'kill-process': ['process ended', 'processes ended'],
  'block-address': ['address blocked', 'addresses blocked'],
  'quarantine-file': ['file moved into quarantine', 'files moved into quarantine'],
  'edit-file': ['file freed of its lines', 'files freed of their lines'],
  'set-attributes': ['file freed of rights or flags', 'files freed of rights or flags'],
  'set-kernel-parameter': ['kernel parameter set', 'kernel parameters set'],
  'stop-container': ['container stopped', 'containers stopped'],
  'disable-unit': ['unit disabled', 'units disabled'],
  'isolate-host': ['isolation from the network', 'isolations from the network'],
  'lift-isolation': ['isolation lifted again', 'isolations lifted again'],
  'lock-account': ['account locked', 'accounts locked'],
  'expire-password': ['password expired', 'passwords expired'],
  'replace-host-keys': ['set of host keys replaced', 'sets of host keys replaced'],
  'end-session': ['login ended', 'logins ended'],
  'snapshot-volume': ['snapshot of a volume', 'snapshots of volumes'],
  'reinstall-package': ['package set right', 'packages set right'],
  'upgrade-packages': ['upgrade of packages', 'upgrades of packages'],
  'run-command': ['command of the playbook', 'commands of the playbook'],
};

function whatWasDone({ steps }: TranscriptFacts, { containedAfterMs, lastedMs }: Measures): string[] {
  const operations = steps.flatMap((step) => step.operations);
  const done = operations.filter((one) => one.status === 'done' && one.risk !== 'read-only');
  const taken = operations.filter((one) => one.evidence.length > 0).length;
  const byHand = steps.filter(({ status }) => status === 'by-hand');
  const undone = operations.filter(({ status }) => status === 'undone').length;
  const contained =
    containedAfterMs === null
      ? 'It was not contained: the host was not isolated and no process was ended.'
      : `Contained ${formatDuration(containedAfterMs)} after the response began, which lasted ${formatDuration(lastedMs)}.`;
  return [
    contained,
    ...(done.length === 0 ? ['Nothing on the host stands changed.'] : [`${deeds(done)}.`]),
    ...(taken === 0 ? ['No evidence was taken.'] : [`Evidence was taken by ${counted(taken, 'operation')}.`]),
    ...byHand.map((step) => asSentence(`By hand: ${step.title}: ${step.reason ?? ''}`)),
    ...(undone === 0 ? [] : [`${counted(undone, 'change')} ${undone === 1 ? 'was' : 'were'} undone again.`]),
  ];
}

function deeds(done: readonly TranscriptOperation[]): string {
  const groups = [...grouped(done, ({ kind }) => kind)].map(([kind, each]) => {
    const [one, many] = DEEDS[kind] ?? [kind, kind];
    return counted(each.length, one, many);
  });
  const held = done.filter((one) => one.verification?.status === 'holds').length;
  return `${enumerated(groups, 12)}; ${held} of ${counted(done.length, 'change')} checked and holding`;
}

const LEFT_WORDS = [
  ['todo', 'Not run'],
  ['running', 'Under way'],
  ['failed', 'Failed'],
  ['skipped', 'Skipped'],
  ['unknown', 'Cut off, outcome not known'],
  ['undone', 'Undone'],
  ['reopened', 'Opened again and not finished'],
] as const;

function whatIsLeft({ steps, found, stillOpen }: TranscriptFacts): string[] {
  const lines = LEFT_WORDS.flatMap(([status, words]) => {
    const titles = steps.filter((step) => step.status === status).map(({ title }) => title);
    return titles.length === 0 ? [] : [`${words}: ${enumerated(titles, 12)}.`];
  });
  const open = found.filter(({ dealtWithBy, hasComeBack }) => dealtWithBy.length === 0 || hasComeBack);
  if (open.length > 0)
    lines.push(
      `Not dealt with: ${enumerated(open.map(({ finding, hasComeBack }) => `${finding.title}${hasComeBack ? ', which came back' : ''}`))}.`,
    );
  if (stillOpen.some(({ kind }) => kind === 'isolation')) lines.push('The host is isolated still.');
  const others = stillOpen.filter(({ kind }) => kind === 'operation' || kind === 'journal').length;
  if (others > 0) lines.push(`${counted(others, 'further point')} under Still open.`);
  return lines.length === 0 ? ['Nothing that the record knows of.'] : lines;
}
