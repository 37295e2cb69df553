import { readCommand } from './command-reading.ts';
import { type Draft, finish, type IdMaker, pardon } from './draft.ts';
import type { Finding } from './finding.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { environmentSignals, searchPathSignals } from './judge-environment.ts';
import { hostsLineSignals } from './judge-hosts-line.ts';
import { kernelSettingSignals } from './judge-kernel-setting.ts';
import { keySignals } from './judge-key.ts';
import { pamLineSignals } from './judge-pam.ts';
import { preloadEntrySignals } from './judge-preload.ts';
import { listedShellSignals } from './judge-shells.ts';
import { resolverLineSignals, sourceLineSignals } from './judge-sources.ts';
import { sshdLineSignals } from './judge-sshd.ts';
import { sudoRuleSignals } from './judge-sudo.ts';
import type { ObservedLine } from './observation.ts';
import type { Signal } from './weigh.ts';

export interface LineView extends EntryView {
  readonly id: IdMaker;
}

/** null: nothing about it is worth a word. Crontab entries and keys are always shown. */
export function judgeLine(seen: ObservedLine, view: LineView): Finding | null {
  const signals = [...RULES[seen.role](seen, view), ...ownedSignals(seen)];
  if (!ALWAYS_SHOWN.has(seen.role) && !signals.some((signal) => signal.weight >= 10)) return null;
  // Lines that a package brought are of interest only if something is wrong with them.
  if (seen.isUnchangedFromPackage && !signals.some((signal) => signal.weight >= 40)) return null;
  const finding = finish(draftOf(seen, signals, view));
  const isOwnKey =
    seen.role === 'authorized-key' && seen.details.fingerprint === view.setting.responderKeyFingerprint;
  return isOwnKey
    ? pardon(finding, 'responder', 'The responder is logged in with this very key; it is never removed')
    : finding;
}

const ALWAYS_SHOWN: ReadonlySet<ObservedLine['role']> = new Set([
  'cron-entry',
  'authorized-key',
  'preload-entry',
]);

const RULES: Readonly<Record<ObservedLine['role'], (seen: ObservedLine, view: LineView) => Signal[]>> = {
  'cron-entry': cronSignals,
  'shell-start-line': shellSignals,
  'preload-entry': preloadEntrySignals,
  'authorized-key': keySignals,
  'hosts-line': hostsLineSignals,
  'sudo-rule': sudoRuleSignals,
  'sshd-line': sshdLineSignals,
  'pam-line': pamLineSignals,
  'resolver-line': resolverLineSignals,
  'source-line': sourceLineSignals,
  'kernel-setting': kernelSettingSignals,
  'listed-shell': listedShellSignals,
};

const ATTACK: Readonly<Record<ObservedLine['role'], readonly string[]>> = {
  'cron-entry': ['T1053.003'],
  'shell-start-line': ['T1546.004'],
  'preload-entry': ['T1574.006', 'T1014'],
  'authorized-key': ['T1098.004'],
  'hosts-line': ['T1565.001', 'T1562.001'],
  'sudo-rule': ['T1548.003'],
  'sshd-line': ['T1098.004', 'T1556'],
  'pam-line': ['T1556.003'],
  'resolver-line': ['T1584.002', 'T1565.001'],
  'source-line': ['T1195.002'],
  'kernel-setting': ['T1496.001'],
  'listed-shell': ['T1036.006', 'T1136.001'],
};

/** What a single reason adds to those of its role. */
const MORE_ATTACK: Readonly<Record<string, readonly string[]>> = {
  'preload-environment': ['T1574.006'],
  'preload-owned': ['T1574.006'],
  'path-first': ['T1574.007'],
  'no-history': ['T1562.003'],
};

function cronSignals(seen: ObservedLine, view: LineView): Signal[] {
  const signals = shellSignals(seen, view);
  const schedule = seen.details.schedule ?? '';
  if (/^(\*|\*\/[1-5]|0-59)( \*){4}$/.test(schedule) || schedule === '@reboot') {
    const text = schedule === '@reboot' ? 'It runs at every start of the host' : 'It runs every few minutes';
    signals.push({ topic: 'schedule', code: 'often', text, weight: 10 });
  }
  if (seen.details.isOrphan === 'yes') {
    signals.push({
      topic: 'account',
      code: 'no-such-user',
      text: `The crontab belongs to “${seen.account}”, who does not exist`,
      weight: 40,
    });
  } else if (seen.isSystemAccount) {
    signals.push({
      topic: 'account',
      code: 'system-account',
      text: `It is the crontab of ${seen.account}, an account for no person`,
      weight: 10,
    });
  }
  return signals;
}

function shellSignals(seen: ObservedLine, view: LineView): Signal[] {
  if (seen.command === null) return [];
  return [
    ...entrySignals(readCommand(seen.command, { home: seen.home, workingFolder: seen.home }), view),
    ...environmentSignals(seen, view),
    ...searchPathSignals(seen.command, seen.home, view.setting.indicators),
  ];
}

function ownedSignals(seen: ObservedLine): Signal[] {
  if (seen.isUnchangedFromPackage) {
    return [
      {
        topic: 'owned',
        code: 'owned',
        text: `The file is as the package ${seen.package} installed it`,
        weight: -60,
      },
    ];
  }
  return [];
}

function draftOf(seen: ObservedLine, signals: readonly Signal[], view: LineView): Draft {
  return {
    id: view.id('file-line', lineKey(seen)),
    subject: { kind: 'file-line', role: seen.role, file: seen.file, line: seen.line, details: seen.details },
    title: `${seen.file.path} line ${seen.line.number}`,
    signals,
    places: [{ path: seen.file.path, line: seen.line.number }],
    attack: [...ATTACK[seen.role], ...signals.flatMap(({ code }) => MORE_ATTACK[code] ?? [])],
    times: { mtimeNs: seen.file.mtimeNs, ctimeNs: seen.ctimeNs },
    owner: seen.account ?? seen.owner,
    ...(seen.package === undefined ? {} : { package: seen.package }),
  };
}

/** Without the number: a line keeps its id when another above it goes. */
function lineKey(seen: ObservedLine): string {
  return `${seen.role} ${seen.file.path}\n${seen.line.text}\n${seen.details.repeat ?? ''}`;
}
