import { finish, type IdMaker } from './draft.ts';
import type { Finding, SettingPart, Subject } from './finding.ts';
import type { Indicators } from './indicators.ts';
import type { MarkCode, ObservedMark } from './mark.ts';
import { MARK_RULES } from './mark-rules.ts';

/** By the numbers until v18; `finish` adds those of v19. */
const ATTACK: Readonly<Record<SettingPart, readonly string[]>> = {
  'entry-points': ['T1190'],
  accounts: ['T1136.001', 'T1098'],
  sudo: ['T1548.003'],
  sshd: ['T1098.004', 'T1556'],
  pam: ['T1556.003'],
  tools: ['T1554', 'T1574.007', 'T1036.003'],
  'set-id': ['T1548.001'],
  sources: ['T1195.002'],
  'kernel-settings': ['T1496.001'],
  impairment: ['T1562.001'],
  firewall: ['T1562.004'],
  packages: ['T1546.016', 'T1195.002'],
  preload: ['T1574.006', 'T1554', 'T1556'],
  'web-shells': ['T1505.003'],
  cron: ['T1053.005'],
  units: ['T1543.003'],
  session: ['T1547.001'],
  boot: ['T1546.003'],
};

const ATTACK_OF: Readonly<Partial<Record<MarkCode, readonly string[]>>> = {
  capability: ['T1548'],
  immutable: ['T1222.002'],
  'login-session': ['T1078.003', 'T1021.004'],
  'hidden-folder': ['T1564.001'],
  'log-emptied': ['T1070.002'],
  'log-to-null': ['T1070.002'],
  'module-rootkit': ['T1014', 'T1547.006'],
  'module-hidden': ['T1014', 'T1547.006'],
  'module-without-file': ['T1547.006', 'T1014'],
  'module-unowned': ['T1547.006', 'T1014'],
  'function-taken': ['T1014', 'T1547.006'],
  'function-probed': ['T1014', 'T1547.006'],
  'module-memory': ['T1014', 'T1547.006'],
  'syscall-taken': ['T1014', 'T1547.006'],
  'runtime-socket': ['T1611', 'T1610'],
  'stored-command': ['T1053', 'T1505'],
  'database-writes-start': ['T1053.003', 'T1098.004'],
  'database-superuser': ['T1136', 'T1078'],
  'taint-unexplained': ['T1547.006', 'T1014'],
  'addresses-fixed': ['T1562'],
  'other-init-now': ['T1542'],
  'binfmt-now': ['T1546'],
  'record-erased': ['T1070.002'],
  'log-removed': ['T1070.002'],
  'unseen-name': ['T1564.001'],
  'file-among-devices': ['T1564.001'],
  'sshd-built-in': ['T1078', 'T1556'],
  'package-of-no-source': ['T1546.016', 'T1195.002'],
  'history-to-null': ['T1562.003', 'T1070.003'],
};

/**
 * A file or setting that is odd by itself: a subject to act on where the file may go, else only shown.
 * null: nothing about it is worth a word.
 */
export function judgeMark(seen: ObservedMark, indicators: Indicators, id: IdMaker): Finding | null {
  const signals = MARK_RULES[seen.code](seen, indicators);
  if (!signals.some(({ weight }) => weight >= 10)) return null;
  const subject: Subject =
    seen.removable === null
      ? {
          kind: 'setting',
          part: seen.part,
          name: seen.name,
          value: seen.details.value ?? '',
          advice: seen.advice,
          ...(seen.remedy === undefined ? {} : { remedy: seen.remedy }),
        }
      : { kind: 'file', role: seen.removable.role, file: seen.removable.file };
  return finish({
    id:
      seen.removable === null
        ? id('setting', `${seen.code} ${seen.name}`)
        : id('file', seen.removable.file.path),
    subject,
    title: seen.name,
    signals,
    places: [seen.place, ...(seen.namedAt === undefined ? [] : [seen.namedAt])],
    attack: ATTACK_OF[seen.code] ?? ATTACK[seen.part],
    times: seen.times,
    owner: seen.owner,
    ...(seen.package === undefined ? {} : { package: seen.package }),
  });
}
