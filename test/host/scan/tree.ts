import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import {
  SCAN_SCOPES,
  type ScanOutcome,
  type ScanRequest,
  type ScanScope,
} from '../../../src/findings/scan.ts';
import type { HostFacts } from '../../../src/host/host.ts';
import { readBootId } from '../../../src/host/process-identity.ts';
import { scanHost } from '../../../src/host/scan/scan-host.ts';

export type TreeEntry =
  | string
  | { readonly text: string; readonly mode: number }
  | { readonly bytes: Uint8Array }
  | { readonly link: string };

const PASSWD = [
  'root:x:0:0:root:/root:/bin/bash',
  'www-data:x:33:33::/var/www:/usr/sbin/nologin',
  'news:x:9:9::/var/spool/news:/usr/sbin/nologin',
  'ann:x:1000:1000:Ann:/home/ann:/bin/bash',
].join('\n');

/** Not where a scan of this very machine would look for what was dropped: another test may be doing that. */
const ASIDE = process.getuid?.() === 0 ? '/var/cache' : tmpdir();
const trees: string[] = [];
afterAll(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A little host: an /etc/passwd, an empty /proc, and what is given. */
export function makeTree(entries: Readonly<Record<string, TreeEntry>>): string {
  const root = mkdtempSync(join(ASIDE, 'tourniquet-scan-'));
  trees.push(root);
  mkdirSync(join(root, 'proc'));
  for (const [path, entry] of Object.entries<TreeEntry>({ '/etc/passwd': `${PASSWD}\n`, ...entries })) {
    const real = join(root, path);
    mkdirSync(dirname(real), { recursive: true });
    if (typeof entry === 'object' && 'link' in entry) symlinkSync(entry.link, real);
    else if (typeof entry === 'object' && 'bytes' in entry) writeFileSync(real, entry.bytes);
    else {
      writeFileSync(real, typeof entry === 'string' ? entry : entry.text);
      if (typeof entry === 'object') chmodSync(real, entry.mode);
    }
  }
  return root;
}

export function someFacts(more: Partial<HostFacts> = {}): HostFacts {
  return {
    hostname: 'web-1',
    platform: 'linux',
    distribution: 'Debian GNU/Linux 12 (bookworm)',
    kernel: '6.1.0',
    architecture: 'x64',
    bootId: readBootId(),
    upSeconds: 1000,
    cores: 2,
    loadAverage: 0,
    memoryBytes: 1,
    isRoot: process.getuid?.() === 0,
    user: 'root',
    serviceManager: 'none',
    firewall: 'none',
    packageManager: 'none',
    container: null,
    responder: {
      peerAddress: '198.51.100.4',
      peerPort: 50_000,
      localPort: 22,
      account: 'root',
      uid: 0,
      protectedPids: [process.pid, process.ppid],
      keyFingerprint: null,
    },
    tools: {},
    isDrill: false,
    ...more,
  };
}

export const ENTRY_SCOPES: readonly ScanScope[] = SCAN_SCOPES.filter(
  (scope) => scope !== 'second-opinion' && scope !== 'packages',
);

export async function scanTree(
  root: string,
  facts: Partial<HostFacts> = {},
  scopes = ENTRY_SCOPES,
  more: Partial<ScanRequest> = {},
): Promise<ScanOutcome> {
  return scanHost({ scopes, sampleMs: 0, ...more }, { facts: someFacts(facts), root });
}

/** A public key by its form; there is no private one to it. */
export function publicKey(letter: string): string {
  const type = 'ssh-ed25519';
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from(type),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, letter),
  ]);
  return `${type} ${blob.toString('base64')}`;
}

/** The finding whose title or line holds a text. */
export function findingOf(outcome: ScanOutcome, text: string): Finding | undefined {
  return outcome.findings.find(
    ({ title, subject }) =>
      title.includes(text) || (subject.kind === 'file-line' && subject.line.text.includes(text)),
  );
}

export function verdictOf(outcome: ScanOutcome, text: string): string {
  return findingOf(outcome, text)?.verdict ?? 'not mentioned';
}
