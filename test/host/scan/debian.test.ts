import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/findings/finding.ts';
import type { ScanOutcome } from '../../../src/findings/scan.ts';
import { busyDebian, LOCAL_PACKAGE } from '../../support/busy-debian.ts';
import { debianTree } from '../../support/debian.ts';
import { BUSY_BY_HAND, BUSY_PACKAGES } from './busy-server.ts';
import { JUSTIFIED } from './busy-server-suspicious.ts';
import { ENTRY_SCOPES, scanTree } from './tree.ts';

const FACTS = { packageManager: 'apt', serviceManager: 'systemd' } as const;
/** Packages are fetched and set up: minutes, on a machine with much else to do. */
const LONGEST_MS = 1_500_000;

describe('a stock Debian 12', () => {
  let root = '';
  beforeAll(() => {
    root = debianTree();
  }, LONGEST_MS);

  it('has nothing that is malicious or suspicious, and all of it could be looked at', async () => {
    const outcome = await scanTree(root, FACTS, ENTRY_SCOPES);
    expect(worse(outcome).map(told)).toEqual([]);
    // The walk for set-id programs is bounded in time, which a machine under load may exceed; it says so.
    expect(outcome.unknowns.filter(({ reason }) => !/^the walk was ended after/.test(reason))).toEqual([]);
  });
});

describe('a busy server', () => {
  let root = '';
  beforeAll(() => {
    root = busyDebian(BUSY_PACKAGES);
    for (const [path, entry] of Object.entries(BUSY_BY_HAND)) plant(join(root, path), entry);
  }, LONGEST_MS);

  it('has nothing malicious, and of the suspicious only what was looked at and justified', async () => {
    const found = worse(await scanTree(root, FACTS, ENTRY_SCOPES));
    expect(found.filter(({ verdict }) => verdict === 'malicious').map(told)).toEqual([]);
    expect(found.map(({ title }) => title).toSorted()).toEqual(
      JUSTIFIED.map(({ title }) => title).toSorted(),
    );
    for (const { why } of JUSTIFIED) expect(why.length).toBeGreaterThan(20);
  });

  it('has every package from a source, by apt’s own lists, but the one that came from a file', async () => {
    const outcome = await scanTree(root, FACTS, ['packages']);
    expect(outcome.findings).toHaveLength(1);
    expect(outcome.findings[0]).toMatchObject({
      title: `package ${LOCAL_PACKAGE.name}`,
      verdict: 'unknown',
      package: LOCAL_PACKAGE.name,
      subject: { kind: 'setting', value: LOCAL_PACKAGE.version },
    });
    // For --since: when it was unpacked, not when dpkg last wrote anything.
    const { mtimeMs } = statSync(join(root, `var/lib/dpkg/info/${LOCAL_PACKAGE.name}.list`));
    expect(Number(outcome.findings[0]?.times?.mtimeNs) / 1e6).toBeCloseTo(mtimeMs, 0);
    expect(outcome.unknowns).toEqual([]);
    expect(outcome.counts.packages).toBeGreaterThan(200);
  });
});

function plant(path: string, entry: (typeof BUSY_BY_HAND)[string]): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  if (typeof entry === 'object' && 'link' in entry) symlinkSync(entry.link, path);
  else writeFileSync(path, typeof entry === 'string' ? entry : 'text' in entry ? entry.text : entry.bytes);
  if (typeof entry === 'object' && 'mode' in entry) chmodSync(path, entry.mode);
}

function worse({ findings }: ScanOutcome): readonly Finding[] {
  return findings.filter(({ verdict }) => verdict === 'malicious' || verdict === 'suspicious');
}

function told({ title, verdict, reasons }: Finding): string {
  return `${title}: ${verdict}, ${reasons.map(({ code }) => code).join(' ')}`;
}
