/**
 * Where the responder sits: what must never be cut off, killed, locked or purged.
 *
 * Rules of this boundary:
 *  - Better to protect one thing too many than the wrong one: what was read from a living socket goes before
 *    what an environment variable says (tmux keeps that of a connection long gone).
 *  - What is not known is null, never a guess.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { accountByName, accountByUid } from './accounts.ts';
import type { ResponderFacts } from './host.ts';
import { type Ancestor, readAncestors, readVariable } from './proc-parents.ts';
import { keyFromLog } from './ssh-log.ts';
import { findSshPeer, type SshPeer } from './ssh-peer.ts';

/** What the other end of a transport knows of the responder and this end cannot see. */
export interface ToldResponder {
  readonly peerAddress?: string | null;
  readonly peerPort?: number | null;
  readonly localPort?: number | null;
  readonly account?: string;
  readonly keyFingerprint?: string | null;
}

/** Looks for the responder from this process upwards. What was `told` wins over what is found. */
export async function readResponder(told: ToldResponder = {}): Promise<ResponderFacts> {
  const ancestors = await readAncestors(process.pid);
  const found = await findSshPeer(ancestors);
  const peer: SshPeer | null = told.peerAddress
    ? { address: told.peerAddress, port: told.peerPort ?? null, localPort: told.localPort ?? null }
    : (found?.peer ?? null);
  const account = told.account
    ? { name: told.account, uid: (await accountByName(told.account))?.uid ?? -1 }
    : await findAccount(ancestors);
  return {
    peerAddress: peer?.address ?? null,
    peerPort: peer?.port ?? null,
    localPort: peer?.localPort ?? null,
    account: account.name,
    uid: account.uid,
    protectedPids: [...new Set([...ancestors, ...(found?.session ?? [])].map(({ pid }) => pid))],
    keyFingerprint: told.keyFingerprint ?? (await findKey(ancestors, peer, account.name)),
  };
}

/**
 * Who logged in, as opposed to whom they became: the login uid that the kernel keeps across su and sudo, then
 * what sudo and doas say, then the owner of the outermost process that is not root's.
 */
async function findAccount(ancestors: readonly Ancestor[]): Promise<{ name: string; uid: number }> {
  const loginUid = Number((await readText('/proc/self/loginuid'))?.trim() || Number.NaN);
  if (Number.isInteger(loginUid) && !NO_LOGINS.has(loginUid)) {
    const account = await accountByUid(loginUid);
    if (account !== null) return account;
  }
  for (const name of [process.env.SUDO_USER, process.env.DOAS_USER]) {
    const account = name ? await accountByName(name) : null;
    if (account !== null) return account;
  }
  const outermost = ancestors.findLast(({ uid, pid }) => uid > 0 && pid !== 1);
  const account = outermost ? await accountByUid(outermost.uid) : null;
  return account ?? ownAccount();
}

/** (uid_t)-1: not started by a login (proc_pid_loginuid(5)); the overflow uid: by one that this user namespace does not know. */
const NO_LOGINS: ReadonlySet<number> = new Set([4_294_967_295, 65_534]);

function ownAccount(): { name: string; uid: number } {
  const uid = process.getuid?.() ?? -1;
  try {
    return { name: userInfo().username, uid };
  } catch {
    return { name: String(uid), uid };
  }
}

/** From sshd itself if it tells (ExposeAuthInfo, sshd_config(5)), else from its log. */
async function findKey(
  ancestors: readonly Ancestor[],
  peer: SshPeer | null,
  account: string,
): Promise<string | null> {
  for (const path of await variables(ancestors, 'SSH_USER_AUTH')) {
    const fingerprint = parseAuthInfo((await readText(path)) ?? '');
    if (fingerprint !== null) return fingerprint;
  }
  return peer === null ? null : keyFromLog(peer, account);
}

/** The SHA256 fingerprint in the text of a SSH_USER_AUTH file: lines such as `publickey ssh-ed25519 AAAA…`. */
export function parseAuthInfo(text: string): string | null {
  const blob = /^publickey \S+ ([A-Za-z0-9+/=]+)$/m.exec(text)?.[1];
  if (blob === undefined) return null;
  const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}

/** Values of a variable here and in the ancestors (sudo takes it away), nearest first, each once. */
async function variables(ancestors: readonly Ancestor[], name: string): Promise<string[]> {
  const values = await Promise.all(ancestors.map(({ pid }) => readVariable(pid, name)));
  return [...new Set([process.env[name] ?? null, ...values])].filter((value) => value !== null);
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
