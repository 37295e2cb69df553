/** Every exception to a rule of this folder, with its reason. There is no other place for them. */

/** Imports between folders that src/README.md does not allow: `file → target folder`. */
export const IMPORT_EXCEPTIONS: Readonly<Record<string, string>> = {};

/** Who may start processes other than through host/run-tool.ts. */
export const PROCESS_STARTERS: Readonly<Record<string, string>> = {
  'host/perform/command-session.ts':
    'a command of the playbook in a session of its own, which outlives the runner',
  'host/transport.ts': 'a line to an agent that stays open, with the responder’s own environment (ssh)',
};

/** Files over 200 lines. */
export const LONG_FILES: Readonly<Record<string, string>> = {};

/** File names with a word that is not used otherwise. */
export const NAME_EXCEPTIONS: Readonly<Record<string, string>> = {
  'host/perform/package-managers.ts': 'apt, dnf and apk are called that by everybody',
};
