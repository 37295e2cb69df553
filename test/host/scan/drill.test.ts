import { afterAll, describe, expect, it } from 'vitest';
import { openHost } from '../../../src/cli/run/hosts.ts';
import { readManifest } from '../../../src/drill/manifest.ts';
import { type Sandbox, startSandbox } from '../../../src/drill/sandbox.ts';
import type { Manifest } from '../../../src/drill/scene.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { SCAN_SCOPES, type ScanOutcome } from '../../../src/findings/scan.ts';
import { textInside } from '../../drill/inside.ts';

const started: Sandbox[] = [];
afterAll(async () => {
  for (const sandbox of started) await sandbox.end();
});

async function scan(sandbox: Sandbox): Promise<ScanOutcome> {
  const host = await openHost({ kind: 'drill', sandboxId: sandbox.id });
  try {
    return await host.scan({ scopes: SCAN_SCOPES, sampleMs: 300 }, {});
  } finally {
    await host.close();
  }
}

/** The finding that would make a plan act on this trace. */
function covers({ subject }: Finding, trace: Manifest['infection'][number], manifest: Manifest): boolean {
  switch (trace.kind) {
    case 'line':
      if (subject.kind === 'file-line')
        return subject.file.path === trace.path && subject.line.text === trace.text;
      return subject.kind === 'file' && subject.file.path === trace.path;
    case 'file': {
      // The link that enables a unit goes with the unit.
      const path = trace.target ?? trace.path;
      return (subject.kind === 'file' || subject.kind === 'unit') && subject.file.path === path;
    }
    case 'mount':
      return subject.kind === 'disagreement' && subject.about.endsWith(` ${trace.path.slice(6)}`);
    case 'process':
      return subject.kind === 'process' && subject.commandLine.includes(manifest.miner.wallet);
  }
}

describe('a drill', () => {
  it.each([1, 2, 3])('is seen whole, and nothing ordinary in it is blamed (seed %d)', async (seed) => {
    const sandbox = await startSandbox({ scenario: 'noisy', seed });
    started.push(sandbox);
    const manifest = readManifest(sandbox.folder);
    const outcome = await scan(sandbox);
    const bad = outcome.findings.filter(({ verdict }) => verdict === 'malicious');
    for (const trace of manifest.infection) {
      expect(
        bad.some((finding) => covers(finding, trace, manifest)),
        JSON.stringify(trace),
      ).toBe(true);
    }
    const about = (text: string): unknown[] =>
      outcome.findings
        .filter(
          ({ title, subject }) =>
            title.includes(text) || (subject.kind === 'file-line' && subject.line.text.includes(text)),
        )
        .filter(({ verdict }) => verdict === 'malicious' || verdict === 'suspicious')
        .map(({ title, reasons }) => [title, reasons]);
    for (const text of [
      'hostwatch',
      'ledgerdb',
      'meterd',
      'nightly',
      'backup',
      'build',
      '/srv/',
      '198.51.100.4',
      'cleaning',
    ]) {
      expect(about(text), text).toEqual([]);
    }
    // Nothing is blamed that was not planted: each belongs to a trace, lies in the miner's own folder (its lock file),
    // or is an address that one names.
    const strange = bad.filter(
      (finding) =>
        finding.subject.kind !== 'connection' &&
        !finding.title.startsWith(`${manifest.miner.folder}/`) &&
        !manifest.infection.some((trace) => covers(finding, trace, manifest)),
    );
    // The cron daemon inside may be starting the crontab line at this very moment.
    expect(
      strange
        .filter(({ subject }) => subject.kind !== 'process')
        .map(({ title, reasons }) => [title, reasons]),
    ).toEqual([]);
    const addresses = bad.flatMap(({ subject }) =>
      subject.kind === 'connection' ? [subject.remoteAddress] : [],
    );
    expect([...new Set(addresses)].toSorted()).toEqual(['203.0.113.20', '203.0.113.9']);
    expect(outcome.findings.filter(({ subject }) => subject.kind === 'disagreement')).toEqual([]);
    expect(outcome.unknowns.filter(({ reason }) => reason.includes('unexpectedly'))).toEqual([]);
  });

  it('is seen as well after its process has gone: every entry and file speaks for itself', async () => {
    const [sandbox] = started;
    if (sandbox === undefined) throw new Error('the drill before this did not start');
    const manifest = readManifest(sandbox.folder);
    const before = await scan(sandbox);
    for (const { subject, verdict } of before.findings) {
      if (subject.kind === 'process' && verdict === 'malicious') {
        await textInside(sandbox, 'kill -9 "$1" 2> /dev/null || :', String(subject.process.pid));
      }
    }
    const after = await scan(sandbox);
    const bad = after.findings.filter(({ verdict }) => verdict === 'malicious');
    for (const trace of manifest.infection) {
      if (trace.kind === 'process') continue;
      expect(
        bad.some((finding) => covers(finding, trace, manifest)),
        JSON.stringify(trace),
      ).toBe(true);
    }
    const ids = new Set(before.findings.map(({ id }) => id));
    const lost = bad.filter(
      ({ subject, id }) => subject.kind !== 'process' && subject.kind !== 'connection' && !ids.has(id),
    );
    expect(lost.map(({ title }) => title)).toEqual([]);
  });
});
