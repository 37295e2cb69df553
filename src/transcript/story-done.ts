import { asSentence, formatBytes, formatDuration } from '../text/format.ts';
import type { Measures } from './measures.ts';
import { counted, enumerated, grouped, spokenTime } from './story-words.ts';
import type { TranscriptFacts, TranscriptOperation } from './transcript.ts';

const DEEDS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'cloud-call': ['change in the cloud', 'changes in the cloud'],
  'freeze-process': ['process frozen', 'processes frozen'],
  'reveal-process': ['process brought to light', 'processes brought to light'],
  'kill-process': ['process ended', 'processes ended'],
  'block-address': ['address blocked', 'addresses blocked'],
  'quarantine-file': ['file moved into quarantine', 'files moved into quarantine'],
  'edit-file': ['file rid of lines', 'files rid of lines'],
  'set-attributes': ['file rid of rights or flags', 'files rid of rights or flags'],
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

/** Who did what, whether it contained anything, what holds, and what was taken back. */
export function whatWasDone(facts: TranscriptFacts, { containedAfterMs, lastedMs }: Measures): string[] {
  const { steps, shells, evidence } = facts;
  const operations = steps.flatMap((step) => step.operations);
  const done = operations.filter((one) => one.status === 'done' && one.risk !== 'read-only');
  const byHand = steps.filter(({ status }) => status === 'by-hand');
  const undone = operations.filter(({ status }) => status === 'undone').length;
  const released = operations.some((one) => one.kind === 'isolate-host' && one.status === 'undone');
  const contained =
    containedAfterMs === null
      ? 'It was not contained: the host was not isolated and no process was ended.'
      : `Contained ${formatDuration(containedAfterMs)} after the response began, which lasted ${formatDuration(lastedMs)}${released ? '; the isolation was undone again' : ''}.`;
  const back =
    undone === 0
      ? []
      : [
          `${done.length === 0 ? 'All of it was taken back: ' : ''}${counted(undone, 'change')} ${undone === 1 ? 'was' : 'were'} undone again, so what ${undone === 1 ? 'it' : 'they'} had stopped, removed or closed is as it was before.`,
        ];
  const isMostly = undone > done.length;
  return [
    ...whoDidIt(facts),
    ...(isMostly ? back : []),
    contained,
    ...(done.length === 0 ? ['Nothing on the host stands changed.'] : [`${deeds(done)}.`]),
    ...(isMostly ? [] : back),
    ...(evidence.length === 0
      ? ['No evidence was taken.']
      : [
          `Taken as evidence, each with its SHA-256: ${counted(evidence.length, 'file')}, ${formatBytes(evidence.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}.`,
        ]),
    ...byHand.map((step) => asSentence(`By hand: ${step.title}: ${step.reason ?? ''}`)),
    ...(shells.length === 0
      ? []
      : [
          `${counted(shells.length, 'shell')} on the host ${shells.length === 1 ? 'was' : 'were'} opened: what was typed there is in ${shells.length === 1 ? 'its recording' : 'their recordings'} alone.`,
        ]),
  ];
}

/** Who answers for it; one line for whoever reads it in a year. */
function whoDidIt({ sessions, takenOver }: TranscriptFacts): string[] {
  const people = sessions.map(({ responder, account, peerAddress }) => {
    const as = account === responder ? '' : `as ${account}`;
    const from = peerAddress === null ? '' : `from ${peerAddress}`;
    const how = [as, from].filter((part) => part !== '').join(', ');
    return how === '' ? responder : `${responder} (${how})`;
  });
  const who = people.length === 0 ? [] : [`By ${enumerated([...new Set(people)], 6)}.`];
  const taken = takenOver.map(({ at, by, from, reason, wasForced }) =>
    asSentence(
      `${by} took it over from ${from} on ${spokenTime(at)}${wasForced ? ', who had not let go' : ''}: ${reason}`,
    ),
  );
  return [...who, ...taken];
}

function deeds(done: readonly TranscriptOperation[]): string {
  const groups = [...grouped(done, ({ kind }) => kind)].map(([kind, each]) => {
    const [one, many] = DEEDS[kind] ?? [kind, kind];
    // An address that is blocked again, because something tried to reach it again, is one address.
    const things = kind === 'block-address' ? new Set(each.map(({ title }) => title)).size : each.length;
    return counted(things, one, many);
  });
  const held = done.filter((one) => one.verification?.status === 'holds').length;
  return `${enumerated(groups, 12)}; ${held} of ${counted(done.length, 'change')} checked and holding`;
}
