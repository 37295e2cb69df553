import { readFileSync } from 'node:fs';

export interface AccountNames {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

/** Names to numbers as /etc/passwd and /etc/group have them; no name service is asked, which could be made to hang. */
export function readAccountNames(): AccountNames {
  return { users: readNames('/etc/passwd'), groups: readNames('/etc/group') };
}

function readNames(path: string): Map<number, string> {
  const names = new Map<number, string>();
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return names;
  }
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (/^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}
