import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { openHost } from '../../../src/cli/run/hosts.ts';
import { scanText } from '../../../src/cli/scan/scan-text.ts';
import { type Sandbox, startSandbox } from '../../../src/drill/sandbox.ts';
import { SCAN_SCOPES, type ScanOutcome } from '../../../src/findings/scan.ts';
import { scanHost } from '../../../src/host/scan/scan-host.ts';
import { decodeHostBytes, encodeHostBytes } from '../../../src/text/host-bytes.ts';
import { textInside } from '../../drill/inside.ts';
import { makeTree, scanTree, someFacts } from './tree.ts';

const started: Sandbox[] = [];
afterAll(async () => {
  for (const sandbox of started) await sandbox.end();
});

async function scan(sandbox: Sandbox): Promise<ScanOutcome> {
  const host = await openHost({ kind: 'drill', sandboxId: sandbox.id });
  try {
    return await host.scan({ scopes: SCAN_SCOPES, sampleMs: 0 }, {});
  } finally {
    await host.close();
  }
}

describe('a host that is hostile to its reader', () => {
  it('neither breaks a scan nor holds it up, and runs nothing by it', async () => {
    const sandbox = await startSandbox({ scenario: 'none' });
    started.push(sandbox);
    const [file = '', ...args] = sandbox.agentCommand([
      process.execPath,
      join(import.meta.dirname, 'fixtures/plant-hostile.ts'),
      '120000',
    ]);
    const planting = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await new Promise((resolve) => createInterface(planting.stdout).once('line', resolve));
      const outcome = await scan(sandbox);
      const failed = outcome.unknowns.filter(({ reason }) => /unexpectedly/.test(reason));
      expect(failed).toEqual([]);
      expect(outcome.findings.length).toBeGreaterThan(10);
      expect(await textInside(sandbox, 'ls /run/was-run 2> /dev/null || echo nothing')).toBe('nothing');
      // Sparse files of 8 GiB in thirty places: whoever read them whole would still be at it.
      const text = scanText(outcome, {
        ...{ showAll: false, columns: 80, isAscii: false, window: null, unread: [] },
        paint: (_, piece) => piece,
      });
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]/u);
    } finally {
      planting.kill('SIGKILL');
    }
  }, 240_000);

  it('ends a part that takes too long, shows what was read until then, and says so', async () => {
    const entries = Array.from({ length: 3000 }, (_, at) => [
      `/etc/cron.d/job-${at}`,
      '* * * * * root /bin/true\n',
    ]);
    const root = makeTree(Object.fromEntries(entries));
    const whole = await scanTree(root, {}, ['cron']);
    expect(whole.unknowns).toEqual([]);
    const cut = await scanHost(
      { scopes: ['cron'], sampleMs: 0 },
      { facts: someFacts(), root, longestScopeMs: 1 },
    );
    expect(cut.unknowns).toContainEqual(
      expect.objectContaining({ scope: 'cron', reason: expect.stringContaining('more to read') }),
    );
    expect(cut.findings.length).toBeLessThan(whole.findings.length);
  });
});

describe('bytes that are no UTF-8', () => {
  it('are taken in one pass, however many there are', () => {
    const bytes = Buffer.alloc(2_000_000, 0xff);
    const text = decodeHostBytes(bytes);
    expect(text).toHaveLength(bytes.length);
    expect(Buffer.from(encodeHostBytes(text)).equals(bytes)).toBe(true);
  });
});
