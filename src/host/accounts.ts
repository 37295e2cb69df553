import { readFile } from 'node:fs/promises';
import { runTool } from './run-tool.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
}

/** From /etc/passwd; else by `getent`, which also asks a directory. null if nobody knows it. */
export async function accountByName(name: string): Promise<Account | null> {
  return find(name, (account) => account.name === name);
}

export async function accountByUid(uid: number): Promise<Account | null> {
  return find(String(uid), (account) => account.uid === uid);
}

async function find(key: string, isIt: (account: Account) => boolean): Promise<Account | null> {
  const local = parseAccounts(await readPasswd()).find(isIt);
  if (local) return local;
  // A name that looks like an option or a line of its own is not asked for.
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*$/.test(key)) return null;
  const asked = await runTool(['getent', 'passwd', key], { timeoutMs: 5_000 });
  return parseAccounts(asked.stdout.toString('latin1')).find(isIt) ?? null;
}

function parseAccounts(text: string): Account[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7 && /^\d+$/.test(fields[2] ?? ''))
    .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]) }));
}

async function readPasswd(): Promise<string> {
  try {
    return await readFile('/etc/passwd', 'latin1');
  } catch {
    return '';
  }
}
