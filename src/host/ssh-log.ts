import { open } from 'node:fs/promises';
import { runTool } from './run-tool.ts';
import type { SshPeer } from './ssh-peer.ts';

const LOGS = ['/var/log/auth.log', '/var/log/secure'];
const TAIL_BYTES = 1024 * 1024;

/**
 * SHA256 fingerprint of the key that this very connection (address, port, account) was let in with, as sshd
 * logged it; null if no log says so. Asked once for each connection: it was logged before we were started.
 */
export function keyFromLog(peer: SshPeer, account: string): Promise<string | null> {
  const connection = `${peer.address} ${peer.port} ${account}`;
  const known = keys.get(connection) ?? lookForKey(peer, account);
  keys.set(connection, known);
  return known;
}

const keys = new Map<string, Promise<string | null>>();

async function lookForKey(peer: SshPeer, account: string): Promise<string | null> {
  if (peer.port === null) return null;
  for (const path of LOGS) {
    const fingerprint = findAccepted(await readTail(path), peer, account);
    if (fingerprint !== null) return fingerprint;
  }
  const filter = ['_COMM=sshd', '+', '_COMM=sshd-session'];
  const journal = await runTool(
    ['journalctl', '--no-pager', '-q', '-b', '-o', 'cat', '-n', '20000', ...filter],
    { timeoutMs: 5_000 },
  );
  return findAccepted(journal.stdout.toString('utf8'), peer, account);
}

/** The newest `Accepted publickey for ACCOUNT from ADDRESS port PORT ssh2: TYPE SHA256:…` that fits. */
export function findAccepted(log: string, peer: SshPeer, account: string): string | null {
  let found: string | null = null;
  for (const [, name, address, port, fingerprint] of log.matchAll(ACCEPTED)) {
    if (name === account && address === peer.address && Number(port) === peer.port)
      found = fingerprint ?? null;
  }
  return found;
}

const ACCEPTED =
  /(?:^|: )Accepted publickey for (\S+) from (\S+) port (\d+) ssh2: \S+ (SHA256:[A-Za-z0-9+/]{43})$/gm;

async function readTail(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}
