import type { Indicators } from './indicators.ts';
import { knownHoleSignals, openGridSignals } from './known-hole-signals.ts';
import type { MarkCode, ObservedMark } from './mark.ts';
import { LIBRARY_MARK_RULES } from './mark-rules-libraries.ts';
import { SYSTEM_MARK_RULES } from './mark-rules-system.ts';
import { placeSignals } from './place-signals.ts';
import { setIdSignals } from './set-id-signals.ts';
import { type StoredText, storedSignals } from './stored-text.ts';
import { webPageSignals } from './web-page.ts';
import type { Signal } from './weigh.ts';

type Rule = (seen: ObservedMark, indicators: Indicators) => Signal[];

/** What each mark is worth. */
export const MARK_RULES: Readonly<Record<MarkCode, Rule>> = {
  'entry-point': (seen) => {
    const { what = '', isOpenToAll, listens, port } = seen.details;
    const isOpen = isOpenToAll === 'yes';
    return [
      one('open-service', isOpen ? 45 : 20, what),
      ...(listens === 'yes'
        ? [one('listens', isOpen ? 30 : 5, `Port ${port} is open beyond this host now`)]
        : [one('not-listening', isOpen ? -10 : 0, 'Nothing listens on its port beyond this host now')]),
    ];
  },
  'known-hole': knownHoleSignals,
  'open-grid': openGridSignals,
  'login-session': (seen) => [
    one(
      'logged-in',
      20,
      `${seen.details.account} is logged in now; whether they should be has to be said by somebody who knows`,
    ),
  ],
  'old-library': () => [
    one('old-library', 25, 'What an upgrade has closed is open in it until it is started anew'),
  ],
  'open-port': (seen) => [
    one('open-port', 20, `Something listens there for everybody; ${seen.details.service} is often found so`),
  ],
  'tool-changed': (seen) => [
    one('changed-tool', 90, `${seen.name} is not the program that the package ${seen.package} installed`),
    ...(seen.details.isScript === 'yes'
      ? [one('script-for-program', 45, 'It is a script now; the package’s is a compiled program')]
      : []),
    ...(seen.details.diverted === 'by-hand'
      ? [one('diverted', -50, 'Somebody on this host has told dpkg to keep the package’s own elsewhere')]
      : []),
  ],
  'tool-is-script': (seen) => [
    one('script-for-program', 60, `${seen.name} is a script; on every system it is a compiled program`),
  ],
  'tool-shadowed': (seen, indicators) => [
    one(
      'shadows-tool',
      seen.details.isTrusted === 'yes' ? 45 : 20,
      `It is found before ${seen.details.shadowed}, the host’s own, and would be started instead`,
    ),
    ...(seen.details.filters === 'yes'
      ? [one('filters', 60, 'It is a script that starts the real one and leaves lines out of what it says')]
      : []),
    ...placeSignals(seen.name, true, indicators),
    unowned(seen),
  ],
  'tool-twin': (seen) => [
    one('twin', 45, `It lies beside ${seen.details.tool} as what was there before would`),
    unowned(seen),
  ],
  'tool-renamed': (seen) => [
    one(
      'renamed-tool',
      seen.details.isGone === 'yes' ? 60 : 45,
      `It is ${seen.details.tool} under another name, byte for byte`,
    ),
    ...(seen.details.isGone === 'yes'
      ? [one('tool-gone', 40, `And ${seen.details.tool} itself is gone`)]
      : []),
  ],
  'tool-gone': (seen) => [
    one(
      'tool-gone',
      40,
      `${seen.name} is gone, and the package ${seen.package} that brought it is installed`,
    ),
  ],
  'set-id': setIdSignals,
  capability: (seen, indicators) => {
    const strong =
      /cap_(setuid|setgid|dac_override|dac_read_search|sys_admin|sys_ptrace|sys_module|fowner|chown)/;
    const isOrdinary = typeof seen.package === 'string';
    const isStrong = strong.test(seen.details.value ?? '');
    return [
      one(
        'capability',
        isStrong ? (isOrdinary ? 30 : 60) : isOrdinary ? 0 : 25,
        `It has ${seen.details.value} whoever starts it`,
      ),
      ...(seen.details.isInterpreter === 'yes' && isStrong
        ? [one('interpreter', 90, 'And it does whatever it is told: that is root for everybody')]
        : []),
      ...placeSignals(seen.name, true, indicators),
      ...(isOrdinary ? [] : [unowned(seen)]),
    ];
  },
  'pam-module-unowned': (seen, indicators) => [
    one('unowned-module', 45, 'No package owns this module, which sees passwords'),
    ...placeSignals(seen.name, true, indicators),
  ],
  'pam-module-changed': (seen) => [
    one(
      'changed-module',
      90,
      `It is not the module that the package ${seen.package} installed, and it sees passwords`,
    ),
  ],
  immutable: (seen) => [
    one(
      'immutable',
      seen.details.isOrdinary === 'yes' ? 15 : 45,
      `Even root cannot change or remove it (attribute ${seen.details.value}); no stock file has that`,
    ),
  ],
  'hidden-folder': (seen) => [
    one(
      'file-among-sockets',
      seen.details.isProgram === 'yes' ? 90 : 50,
      `${seen.details.folder} holds sockets and nothing else; this is ${seen.details.isProgram === 'yes' ? 'a program' : 'a file'}`,
    ),
  ],
  'log-emptied': (seen) => [one('emptied', 45, seen.details.value ?? '')],
  'log-to-null': (seen) => [
    one('log-to-null', 60, `It leads to ${seen.details.value}: nothing that is written to it is kept`),
  ],
  'history-to-null': (seen) => [
    one('history-to-null', 45, `It leads to ${seen.details.value}: what ${seen.owner} types is not kept`),
  ],
  ...SYSTEM_MARK_RULES,
  ...LIBRARY_MARK_RULES,
  'agent-gone': (seen) => [one('agent-gone', 45, seen.details.value ?? '')],
  'stored-command': ({ details }, indicators) =>
    storedSignals({ kind: details.kind as StoredText['kind'], text: details.value ?? '' }, indicators),
  'runtime-socket': ({ details }) => [
    one(
      'runtime-socket',
      details.isForAll === 'yes' ? 45 : 20,
      `Whoever uses it starts containers as root with the host’s files in them, and ${details.who} may (mode ${details.value})`,
    ),
  ],
  'database-writes-start': (seen) => [
    one(
      'writes-start-folder',
      60,
      `It writes its data into ${seen.details.value}, from where the host starts things or lets people in`,
    ),
  ],
  'database-superuser': (seen) => [
    seen.details.isFirst === 'yes'
      ? one('first-superuser-gone', 45, 'The first superuser of the cluster is none any more')
      : one('database-superuser', 20, 'It may do everything in the cluster, and start programs of the host'),
  ],
  'web-shell': (seen) => [
    ...webPageSignals(seen.details),
    ...(typeof seen.package === 'string'
      ? [one('owned', -60, `It is from the package ${seen.package}`)]
      : [unowned(seen)]),
  ],
};

function one(code: string, weight: number, text: string): Signal {
  return { topic: code, code, weight, text };
}

function unowned(seen: ObservedMark): Signal {
  return seen.package === null
    ? one('unowned', 5, 'No package owns it')
    : {
        topic: 'unowned',
        code: 'no-package-known',
        weight: 0,
        text: 'Whether a package owns it is not known',
      };
}
