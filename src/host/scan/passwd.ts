/** passwd(5) and shadow(5), read leniently: what an intruder has spoiled must not hide the other lines. */
export interface Account {
  readonly name: string;
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  /** 1-based. */
  readonly line: number;
}

export function parsePasswd(lines: readonly string[]): Account[] {
  const accounts: Account[] = [];
  lines.forEach((text, index) => {
    const fields = text.split(':');
    const [name = '', password = '', uid = '', gid = '', , home = '', shell = ''] = fields;
    if (name === '' || name.startsWith('#') || !/^\d+$/.test(uid)) return;
    accounts.push({ name, password, uid: Number(uid), gid: Number(gid), home, shell, line: index + 1 });
  });
  return accounts;
}

/** Names with a password that can be used. `!`, `*` and an empty hash behind them are locked (shadow(5)). */
export function parseShadow(lines: readonly string[]): Map<string, boolean> {
  const out = new Map<string, boolean>();
  for (const line of lines) {
    const [name, hash = ''] = line.split(':');
    if (name) out.set(name, isUsableHash(hash));
  }
  return out;
}

/** From the lines of group(5): the names of an account's groups, that of its own number first. */
export function groupsBy(lines: readonly string[]): (account: string, gid: number) => readonly string[] {
  const groups = lines.map((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    return { name, gid, members: members.split(',') };
  });
  return (account, gid) =>
    groups
      .filter((group) => group.gid === String(gid) || group.members.includes(account))
      .map(({ name }) => name);
}

export function isUsableHash(hash: string): boolean {
  return /^\$|^[A-Za-z0-9./]{13}$|^_/.test(hash);
}

/** Whether a shell lets nobody in. */
export function isNoLogin(shell: string): boolean {
  return /(^|\/)(nologin|false|sync|halt|shutdown|true)$/.test(shell);
}

/** An account for a program: nobody logs in with it. */
export function isSystemAccount(account: Account): boolean {
  return account.uid !== 0 && (account.uid < 1000 || account.uid === 65534 || isNoLogin(account.shell));
}
