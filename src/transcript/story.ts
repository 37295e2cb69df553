import type { Finding } from '../findings/finding.ts';
import { asSentence, formatDuration } from '../text/format.ts';
import { isOfSystem } from './indicators-of.ts';
import type { Measures } from './measures.ts';
import { whatWasDone } from './story-done.ts';
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
  const judged =
    bad.length === 0
      ? `nothing was judged malicious, and ${counted(shady, 'thing')} suspicious`
      : `${counted(bad.length, 'thing')} ${bad.length === 1 ? 'was' : 'were'} judged malicious${shady === 0 ? '' : ` and ${shady} suspicious`}`;
  const processes = bad.filter(({ subject }) => subject.kind === 'process');
  const addresses = bad.flatMap(({ subject }) =>
    subject.kind === 'connection' ? [subject.remoteAddress] : [],
  );
  // What mines is what it is about, whatever started it (ATT&CK T1496, Resource Hijacking).
  const mines = processes.find(({ attack }) => attack.some((id) => id.startsWith('T1496')));
  const worst = mines ?? processes[0] ?? bad[0] ?? found[0]?.finding;
  return [
    ...drill,
    `${where} ${judged}.`,
    ...(worst === undefined ? [] : [`First among them: ${worst.title}. ${reasonOf(worst)}`.trim()]),
    ...(addresses.length === 0
      ? []
      : [`Addresses that belong to it: ${enumerated([...new Set(addresses)], 6)}.`]),
  ];
}

function reasonOf({ reasons: [reason] }: Finding): string {
  return reason === undefined ? '' : asSentence(reason.text);
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
  const ways = found.flatMap(({ finding, dealtWithBy, hasComeBack }) => {
    const isThere = dealtWithBy.length === 0 || hasComeBack;
    const { subject } = finding;
    if (finding.verdict !== 'malicious') return [];
    if (subject.kind === 'unit') return [{ word: 'unit', title: finding.title, isThere }];
    if (subject.kind !== 'file-line' && subject.kind !== 'file') return [];
    if (NO_WAY_BACK.has(subject.role)) return [];
    const word = WAY_WORDS[subject.role] ?? subject.role.replaceAll('-', ' ');
    return [{ word, title: finding.title, isThere }];
  });
  if (ways.length === 0) return ['No entry was found that would have started it again or let somebody in.'];
  const groups = [...grouped(ways, ({ word }) => word)].map(
    ([word, each]) =>
      `${counted(each.length, word)} (${enumerated(
        each.map(({ title }) => title),
        3,
      )})`,
  );
  const there = ways.filter(({ isThere }) => isThere).length;
  const state =
    there === 0
      ? `${ways.length === 1 ? 'It has' : 'All of them have'} been dealt with.`
      : `${there === ways.length ? (there === 1 ? 'It is' : 'All of them are') : `${there} of them ${there === 1 ? 'is' : 'are'}`} on the host still.`;
  return [`What would start it again or let somebody in: ${enumerated(groups, 8)}.`, state];
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

function whatIsLeft({
  steps,
  found,
  stillOpen,
  closedAt,
  lastAt,
  sessions,
  assurance,
}: TranscriptFacts): string[] {
  const lines = LEFT_WORDS.flatMap(([status, words]) => {
    const titles = steps.filter((step) => step.status === status).map(({ title }) => title);
    return titles.length === 0 ? [] : [`${words}: ${enumerated(titles, 12)}.`];
  });
  const open = found.filter(({ dealtWithBy, hasComeBack }) => dealtWithBy.length === 0 || hasComeBack);
  const never = open.filter(({ undone, hasComeBack }) => undone.length === 0 || hasComeBack);
  const putBack = open.filter((item) => !never.includes(item));
  if (never.length > 0)
    lines.push(
      `Not dealt with: ${enumerated(never.map(({ finding, hasComeBack }) => `${finding.title}${hasComeBack ? ', which came back' : ''}`))}.`,
    );
  if (putBack.length > 0)
    lines.push(
      `On the host again, as what was done about it was undone: ${enumerated(putBack.map(({ finding }) => finding.title))}.`,
    );
  if (stillOpen.some(({ kind }) => kind === 'isolation')) lines.push('The host is isolated still.');
  else if (steps.some((step) => step.operations.some(isLifted)))
    lines.push(
      `The host is back on the network${assurance.advice === 'rebuild' ? ', although the advice is to build it anew' : ''}.`,
    );
  const others = stillOpen.filter(({ kind }) => kind === 'operation' || kind === 'journal').length;
  if (others > 0) lines.push(`${counted(others, 'further point')} under Still open.`);
  return [
    ...(closedAt === null ? [`The incident is not closed; ${whoIsAtIt(sessions, lastAt)}.`] : []),
    ...(lines.length === 0 ? ['Nothing that the record knows of.'] : lines),
  ];
}

function isLifted({ kind, status }: TranscriptOperation): boolean {
  return kind === 'lift-isolation' && status === 'done';
}

function whoIsAtIt(sessions: TranscriptFacts['sessions'], lastAt: string): string {
  const last = sessions.at(-1);
  if (last === undefined || last.until === null) return `its last entry is of ${spokenTime(lastAt)}`;
  return `nobody has been at work on it since ${spokenTime(last.until)} (${last.leftBecause ?? ''})`;
}
