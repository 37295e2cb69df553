import { numberedLines } from '../../../text/numbered-lines.ts';

/** `key=value` lines below the sections of a desktop file, a D-Bus service or a git configuration. */
export interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Keys in lower case. Read leniently: what is no section and no setting is passed over. */
export function parseIni(text: string): IniEntry[] {
  const out: IniEntry[] = [];
  let section = '';
  for (const { line: whole, number } of numberedLines(text)) {
    const line = whole.trim();
    if (line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[([^\]]*)\]\s*(.*)$/.exec(line);
    if (header !== null) section = (header[1] ?? '').trim();
    // git allows a setting on the line of its section.
    const rest = header === null ? line : (header[2] ?? '');
    const [, key = '', value = ''] = /^([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*=\s*(.*)$/.exec(rest) ?? [];
    if (key !== '') out.push({ section, key: key.toLowerCase(), value, line: number });
  }
  return out;
}
