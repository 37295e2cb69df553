import { formatDuration } from '../text/format.ts';
import type { Measures } from './measures.ts';
import { counted, enumerated } from './story-words.ts';
import type { TranscriptFacts } from './transcript.ts';

/** Secrets that the intruder could read, as far as the journal shows what they were. */
export function toRotate({ found, steps }: TranscriptFacts): string[] {
  const bad = found.filter(({ finding }) => finding.verdict === 'malicious').map(({ finding }) => finding);
  if (bad.length === 0) return ['Nothing, by what was found.'];
  const owners = [...new Set(bad.flatMap(({ owner }) => (owner === null ? [] : [owner])))];
  const keys = bad.flatMap(({ subject }) =>
    subject.kind === 'file-line' && subject.role === 'authorized-key'
      ? [subject.details.fingerprint ?? subject.file.path]
      : [],
  );
  const operations = steps.flatMap((step) => step.operations).filter(({ status }) => status === 'done');
  const hasNewHostKeys = operations.some(({ kind }) => kind === 'replace-host-keys');
  const expired = operations.filter(({ kind }) => kind === 'expire-password').length;
  const reach = owners.includes('root')
    ? 'It ran as root: every password, private key, token and cloud or database login that lay on this host must be assumed to be known to the intruder. Change them from another machine.'
    : owners.length === 0
      ? 'As whom it ran is not known: change every password, key and token that lay on this host, from another machine.'
      : `It ran as ${enumerated(owners)}: change every password, key and token that ${owners.length === 1 ? 'this account' : 'these accounts'} could read, from another machine.`;
  const items = steps.flatMap(({ checklist }) => checklist);
  const open = items.filter(({ isDone }) => !isDone).map(({ title }) => title);
  return [
    reach,
    ...(items.length === 0
      ? []
      : [
          open.length === 0
            ? `${counted(items.length, 'point')} of the checklists ${items.length === 1 ? 'is' : 'are'} ticked off.`
            : `Not ticked off, ${open.length} of ${items.length}: ${enumerated(open, 6)}.`,
        ]),
    ...secretsLeft(steps),
    ...(keys.length === 0 ? [] : [`Look for these SSH keys on other hosts: ${enumerated(keys)}.`]),
    hasNewHostKeys
      ? 'The host has new SSH keys of its own: tell those who connect to it.'
      : "The host's own SSH keys were not replaced.",
    ...(expired === 0 ? [] : [`${counted(expired, 'password')} must be changed at the next login.`]),
  ];
}

/** Of what was found lying about: how much of it is replaced, and what not. */
function secretsLeft(steps: TranscriptFacts['steps']): string[] {
  const secrets = steps.flatMap(({ checklist }) => checklist.filter(({ word }) => word === 'replaced'));
  const open = secrets.filter(({ isDone }) => !isDone).map(({ title }) => title);
  if (secrets.length === 0) return [];
  if (open.length === 0)
    return [`All ${secrets.length} secrets that were found on it are said to be replaced.`];
  return [`Of ${counted(secrets.length, 'secret')} found on it, not replaced yet: ${enumerated(open)}.`];
}

/** How sure one can be, and of what not. */
export function assuranceLeft(
  { found, steps, host, journal, assurance, declaredOurs }: TranscriptFacts,
  { watchedMs, watchLooks }: Measures,
): string[] {
  const unknowns = new Set(
    steps.flatMap((step) => step.unknowns.map(({ scope, what }) => `${scope}\0${what}`)),
  ).size;
  const wasRoot = found.some(({ finding }) => finding.verdict === 'malicious' && finding.owner === 'root');
  const back = steps.reduce((sum, step) => sum + step.cameBack.length, 0);
  const isSettled = back > 0 && !found.some(({ hasComeBack }) => hasComeBack);
  const watched =
    watchedMs === null
      ? 'Nobody watched whether it comes back.'
      : `Watched for ${formatDuration(watchedMs)} (${counted(watchLooks, 'look')}): ${back === 0 ? 'nothing' : counted(back, 'thing')} came back${steps.some(({ status }) => status === 'undone') ? ', before changes were undone' : isSettled ? `, and ${back === 1 ? 'was' : 'were'} dealt with` : ''}.`;
  return [
    `How sure one can be that the host is clean: ${assurance.level === 'none' ? 'not at all' : assurance.level}.`,
    assurance.advice === 'release'
      ? 'The advice is to let it back, if somebody accepts the rest by name.'
      : `The advice is to build the host anew from a known image${wasRoot ? ': where somebody else was root, no look from within proves it clean' : ''}.`,
    watched,
    ...(unknowns === 0
      ? []
      : [
          `${counted(unknowns, 'place')} could not be looked at, and ${unknowns === 1 ? 'is' : 'are'} not known.`,
        ]),
    ...(declaredOurs.length === 0
      ? []
      : [
          `${counted(declaredOurs.length, 'thing')} ${declaredOurs.length === 1 ? 'was' : 'were'} declared to be the responder's own, and not counted.`,
        ]),
    ...(host.isRoot ? [] : ['The look was not taken as root, so much was not seen.']),
    journal.altered === null
      ? 'The record of all this fits together, from first to last.'
      : `The record was altered at entry ${journal.altered.seq}: what follows it proves nothing.`,
  ];
}
