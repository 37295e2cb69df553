import { bothNumberings } from './attack-ids.ts';
import { type MechanismNote, NOTES } from './mechanism-notes.ts';
import { MECHANISM_NAMES, MECHANISMS } from './mechanisms.ts';
import { SCAN_SCOPES, type ScanScope } from './scan.ts';

/** Every mechanism that a scan covers, in the order of the scopes. */
export function mechanismNotes(): readonly (MechanismNote & { readonly scope: ScanScope })[] {
  return SCAN_SCOPES.flatMap((scope) => [
    ...NOTES[scope].map((note) => ({ scope, ...note })),
    ...MECHANISM_NAMES.filter((name) => MECHANISMS[name].scope === scope).map((name) => {
      const { places, attack, unowned } = MECHANISMS[name];
      const what = `${unowned.text} (${unowned.weight} of the 40 that make it suspicious)`;
      return {
        name,
        scope,
        what,
        places,
        attack,
        remedy: 'quarantine-file, or edit-file where only a line is bad',
      };
    }),
  ]);
}

/** src/findings/README.md. */
export function mechanismsDocument(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*');
  const rows = mechanismNotes().map(
    ({ scope, name, what, places, attack, remedy }) =>
      `| \`${scope}\` | ${name.replaceAll('-', ' ')} | ${cell(what)} | ${cell(places)} | ${bothNumberings(attack).join(' ')} | ${cell(remedy)} |`,
  );
  return `${HEAD}${rows.join('\n')}\n`;
}

const HEAD = `# What a scan looks at

Written by \`mechanismsDocument()\` in [scope-notes.ts](scope-notes.ts) from the scopes of [scan.ts](scan.ts) and the
tables of [mechanisms.ts](mechanisms.ts) and [mechanism-notes.ts](mechanism-notes.ts); \`test/findings/mechanisms-document.test.ts\` holds it to them, and run with
\`vitest -u\` writes it anew.

Reading is in \`src/host/scan/\`: one enumerator a scope in \`registry.ts\`, one reader a mechanism of what starts by
itself in \`starts/registry.ts\`. Judging is here, pure: signals with weights in the \`judge-*.ts\`, from signals to a
verdict in [weigh.ts](weigh.ts) and nowhere else. A file that is as its package brought it is passed over.

| scope | mechanism | what | where it is read | ATT&CK | what takes it away |
| --- | --- | --- | --- | --- | --- |
`;
