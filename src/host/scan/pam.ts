import { decodeHostBytes } from '../../text/host-bytes.ts';
import { gatherLines } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder, readBytes } from './look.ts';
import type { Ownership } from './owning.ts';

/** Who is let in by what, of every service: pam.d(5), one line a rule. */
export async function enumeratePam(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const files = [
    '/etc/pam.conf',
    ...listFolder(look, 'pam', '/etc/pam.d').map((name) => `/etc/pam.d/${name}`),
  ];
  let seen = 0;
  for (const path of files) {
    // Hashing fifty files that hold nothing odd is what takes time; so they are read first.
    const text = readBytes(look, 'pam', path, 256 * 1024)?.bytes;
    if (text !== undefined) seen += 1;
    if (
      text !== undefined &&
      !/pam_exec|pam_script|pam_permit|pam_succeed_if|\/\S+\.so/.test(decodeHostBytes(text))
    )
      continue;
    await gatherLines(look, gathered, ownership, { scope: 'pam', path, role: 'pam-line' }, (line) => {
      const rule = parsePamRule(path === '/etc/pam.conf' ? line.replace(/^\s*\S+\s+/, '') : line);
      if (rule === null) return null;
      const command = rule.module.endsWith('pam_exec.so') ? commandOf(rule.rest) : null;
      return {
        details: { type: rule.type, control: rule.control, module: rule.module, options: rule.rest },
        ...(command === null ? {} : { command }),
      };
    });
  }
  return seen;
}

export interface PamRule {
  readonly type: string;
  readonly control: string;
  readonly module: string;
  readonly rest: string;
}

export function parsePamRule(line: string): PamRule | null {
  const match = /^\s*-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*?)\s*$/i.exec(line);
  if (match === null) return null;
  const [, type = '', control = '', module = '', rest = ''] = match;
  return { type: type.toLowerCase(), control, module, rest };
}

/** pam_exec(8): options first, then the program and its arguments. */
function commandOf(rest: string): string | null {
  const at = rest.search(/(^|\s)\//);
  return at === -1 ? null : rest.slice(at).trim();
}
