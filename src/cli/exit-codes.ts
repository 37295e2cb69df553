/** How the process ends, in one place; listed in `--help` and the man page. Scripts rely on them. */
export const EXIT = {
  done: 0,
  bug: 1,
  usage: 2,
  unfinished: 3,
  needsSomebody: 4,
  unavailable: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODE_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done; every step finished'],
  [EXIT.bug, 'a bug in tourniquet'],
  [EXIT.usage, 'wrong usage, or a playbook that is wrong'],
  [
    EXIT.unfinished,
    'finished with failed or skipped steps; a check that did not pass; a drill not won; a watch that saw something come back',
  ],
  [
    EXIT.needsSomebody,
    'approval or input was needed and nobody was there to ask; the incident can be resumed',
  ],
  [EXIT.unavailable, 'the incident is locked, its journal unreadable or altered, or its host out of reach'],
  [EXIT.interrupted, 'interrupted; the incident can be resumed'],
];

/** From a UserError's code to how the process ends. What is not named is wrong usage. */
export function exitCodeFor(errorCode: string): ExitCode {
  return UNAVAILABLE.has(errorCode) ? EXIT.unavailable : EXIT.usage;
}

const UNAVAILABLE = new Set([
  'incident-locked',
  'journal-altered',
  'journal-unwritable',
  'folder-unwritable',
  'output-unwritable',
  'folder-open-to-others',
  'folder-unreadable',
  'other-host',
  'host-lost',
  'host-busy',
  'taken-over',
  'agent-start',
  'no-sandbox',
]);
