/** Every exception to a rule of this folder, with its reason. There is no other place for them. */

/** Imports between folders that src/README.md does not allow: `file → target folder`. */
export const IMPORT_EXCEPTIONS: Readonly<Record<string, string>> = {};

/** Who may start processes other than through host/run-tool.ts. */
export const PROCESS_STARTERS: Readonly<Record<string, string>> = {
  'cli/run/mirror.ts': 'the responder’s own command, which is given the journal as it is written',
  'host/perform/command-session.ts':
    'a command of the playbook in a session of its own, which outlives the runner',
  'host/run-in-terminal.ts': 'a shell or an editor that the responder works in, on this very terminal',
  'host/windows/powershell-session.ts': 'one PowerShell that stays open and answers calls, on Windows',
  'host/transport.ts': 'a line to an agent that stays open, with the responder’s own environment (ssh)',
};

/** Files over 200 lines, each with why it stays whole. One that is split may be left out. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  'cli/program.ts': 'the command line as one table: every verb with its options',
  'engine/event.ts': 'every kind of event, as one table',
  'findings/finding.ts': 'what findings are about, as one list of types',
  'findings/command-reading.ts': 'one reading of shell text; its parts make no sense alone',
  'findings/holed-programs.ts': 'a table: programs, the versions that have holes, what mends them',
  'findings/observation.ts': 'all that a look reads, as one list of types',
  'findings/ordinary.ts': 'a table of facts',
  'findings/judge-command.ts': 'one signal after the other, each a few lines',
  'findings/mechanisms.ts': 'a table: one entry for each mechanism',
  'findings/mechanism-notes.ts': 'a table: every mechanism that is not one of mechanisms.ts',
  'findings/judge-process.ts': 'one signal after the other, each a few lines',
  'findings/windows/judge-entries.ts': 'one kind of entry after the other, each a few lines',
  'host/agent.ts': 'every call of the protocol, and what becomes of it when the line goes',
  'host/firewall/iptables.ts': 'four tables (in and out, IPv4 and IPv6) that must change together',
  'host/perform/isolate-host.ts': 'one operation: prepare, perform, verify, confirm, undo',
  'host/perform/replace-host-keys.ts': 'one operation: prepare, perform, verify, undo',
  'host/perform/reinstall-package.ts': 'one operation: prepare, perform, verify, undo',
  'host/perform/set-attributes.ts': 'one operation: prepare, perform, verify, undo',
  'host/safe-path.ts': 'a boundary: whoever checks it should see all of it',
  'host/scan/processes.ts': 'one reading of /proc/PID, field by field',
  'host/scan/starts/personal-programs.ts': 'a table of facts: one entry for each program',
  'host/scan/scan-host.ts': 'the rounds of a scan in their order',
  'operations/describe.ts': 'one entry for each kind of operation; the compiler holds it to all of them',
  'operations/operation.ts': 'the closed set of changes, as one list of types',
  'runner/follow-incident.ts': 'one handle, of which the half is the interface',
  'runner/open-incident.ts': 'opening and resuming side by side: what is on the disk before what',
  'runner/runner.ts': 'the loop: what runs between two journal records, in one place',
  'tui/asking/ask.ts': 'a table: what is asked in each situation',
  'tui/incident/controller.ts': 'what keys do: one small handler for each command of the keymap',
  'tui/home/home-controller.ts': 'what keys do on the home screen',
  'tui/keys/keymap.ts': 'a table: keys, what they do, why they cannot',
  'tui/pager/pager.ts': 'one view of an output that is larger than memory',
};

/** File names with a word that is not used otherwise. */
export const NAME_EXCEPTIONS: Readonly<Record<string, string>> = {
  'host/perform/package-managers.ts': 'apt, dnf and apk are called that by everybody',
};
