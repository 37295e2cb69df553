import { afterAll, describe, expect, it } from 'vitest';
import { openHost } from '../../../src/cli/run/hosts.ts';
import { type Sandbox, startSandbox } from '../../../src/drill/sandbox.ts';
import { VERDICTS } from '../../../src/findings/finding.ts';
import { SCAN_SCOPES, type ScanScope } from '../../../src/findings/scan.ts';
import { scopesToRead } from '../../../src/host/scan/registry.ts';
import { findingOf, makeTree, scanTree } from './tree.ts';

const started: Sandbox[] = [];
afterAll(async () => {
  for (const sandbox of started) await sandbox.end();
});

const ALONE: readonly ScanScope[] = [
  'processes',
  'connections',
  'cron',
  'units',
  'shell-start',
  'preload',
  'authorized-keys',
  'dropped-files',
  'accounts',
  'tool-hooks',
];

describe('a look at one part of the host', () => {
  it('reads that part and what it cannot be told without', () => {
    expect(scopesToRead(['processes'])).toEqual(['processes']);
    expect(scopesToRead(['connections'])).toEqual(['processes', 'connections']);
    expect(scopesToRead(['cron'])).toEqual(['cron']);
    expect(scopesToRead([...SCAN_SCOPES])).toHaveLength(SCAN_SCOPES.length);
  });

  it('judges nothing worse than a whole scan does', async () => {
    const sandbox = await startSandbox({ scenario: 'noisy', seed: 4 });
    started.push(sandbox);
    const host = await openHost({ kind: 'drill', sandboxId: sandbox.id });
    try {
      const whole = await host.scan({ scopes: SCAN_SCOPES, sampleMs: 0 }, {});
      const rank = new Map(whole.findings.map(({ id, verdict }) => [id, VERDICTS.indexOf(verdict)]));
      let malicious = 0;
      for (const scope of ALONE) {
        const { findings } = await host.scan({ scopes: [scope], sampleMs: 0 }, {});
        const worse = findings.filter(({ id, verdict }) => VERDICTS.indexOf(verdict) < (rank.get(id) ?? 0));
        expect(
          worse.map(({ title, verdict, reasons }) => [scope, title, verdict, reasons]),
          scope,
        ).toEqual([]);
        malicious += findings.filter(({ verdict }) => verdict === 'malicious').length;
      }
      // Most of it condemns itself, so this compares something.
      expect(malicious).toBeGreaterThan(5);
    } finally {
      await host.close();
    }
  }, 240_000);

  it('does not condemn a file by what names it where it did not look who else uses it', async () => {
    const evil = 'stratum+tcp://pool.supportxmr.com:3333 --donate-level 1';
    const root = makeTree({
      '/tmp/.x/run.sh': { text: `#!/bin/sh\n/opt/app/report\n/tmp/.x/xmrig -o ${evil}\n`, mode: 0o755 },
      '/opt/app/report': { text: '#!/bin/sh\ntrue\n', mode: 0o755 },
      '/etc/cron.d/report': '0 4 * * * root /opt/app/report\n',
    });
    const alone = await scanTree(root, {}, ['dropped-files']);
    expect(findingOf(alone, '/tmp/.x/run.sh')?.verdict).toBe('malicious');
    expect(['malicious', 'suspicious']).not.toContain(findingOf(alone, '/opt/app/report')?.verdict);
  });

  it('keeps what is the responder’s own out of it, whether or not processes were read', async () => {
    const root = makeTree({
      '/tmp/.x/own': { text: '\x7fELF xmrig donate-level stratum+tcp://', mode: 0o755 },
    });
    const stat = `${process.pid} (own) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n`;
    const { mkdirSync, symlinkSync, writeFileSync } = await import('node:fs');
    mkdirSync(`${root}/proc/${process.pid}`);
    writeFileSync(`${root}/proc/${process.pid}/stat`, stat);
    const judged = async () => findingOf(await scanTree(root, {}, ['dropped-files']), '/tmp/.x/own')?.verdict;
    expect(await judged()).toBe('malicious');
    symlinkSync('/tmp/.x/own', `${root}/proc/${process.pid}/exe`);
    expect(await judged()).not.toBe('malicious');
  });
});
