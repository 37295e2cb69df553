import { afterEach, describe, expect, it } from 'vitest';
import { triage } from '../../../src/actions/triage.ts';
import type { ScanOutcome } from '../../../src/findings/scan.ts';
import { ANSWERS, BOOT, HOSTS, MINER, POOL, processRow } from './infected.ts';
import { type StandInHost, standInHost } from './stand-in-host.ts';

let open: StandInHost[] = [];
afterEach(async () => {
  for (const one of open) await one.end();
  open = [];
});

async function look(answers: Readonly<Record<string, unknown>>): Promise<ScanOutcome> {
  const one = standInHost(answers);
  open.push(one);
  return one.host.scan({ scopes: triage.scopes, sampleMs: 500 }, {});
}

function verdicts({ findings }: ScanOutcome): Record<string, string> {
  return Object.fromEntries(findings.map(({ title, verdict }) => [title, verdict]));
}

describe('a look at a Windows host that mines', () => {
  it('knows the host and where the responder sits', async () => {
    const one = standInHost(ANSWERS);
    open.push(one);
    expect(await one.host.facts()).toMatchObject({
      hostname: 'WEB-07',
      platform: 'win32',
      bootId: BOOT,
      isRoot: true,
      responder: { peerAddress: '198.51.100.7', account: 'Administrator', protectedPids: [4000, 3900] },
    });
  });

  it('finds the miner, and all that starts, shields and serves it', async () => {
    const outcome = await look(ANSWERS);
    expect(outcome.unknowns).toEqual([]);
    expect(verdicts(outcome)).toMatchObject({
      'svchost.exe (5120)': 'malicious',
      [`${POOL}:3333 ← svchost.exe (5120)`]: 'malicious',
      'scheduled task \\WindowsWatchdog': 'malicious',
      'scheduled task \\WinUpdateSvc': 'malicious',
      'HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run “Updater”': 'malicious',
      'WMI subscription cnsmr (fltr)': 'malicious',
      'service WinRing0': 'malicious',
      [MINER]: 'malicious',
      [`${HOSTS} line 3`]: 'malicious',
      'Defender passes over C:\\Users\\Administrator\\AppData\\Roaming': 'malicious',
      'Defender: DisableRealtimeMonitoring': 'suspicious',
      'firewall profile Public': 'suspicious',
      support$: 'suspicious',
      'WEB-07\\support$ is logged on over Remote Desktop (session 3)': 'unknown',
    });
  });

  it('blames nothing that is as Windows has it, nor what only works hard', async () => {
    const seen = verdicts(await look(ANSWERS));
    const blamed = Object.entries(seen).filter(([, verdict]) => verdict === 'malicious');
    expect(
      blamed
        .map(([title]) => title)
        .filter((title) => /Defrag|SecurityHealth|SCM|Dnscache|Shell”|shop/.test(title)),
    ).toEqual([]);
    expect(seen['shop.exe (2200)']).not.toBe('suspicious');
  });

  it('tells the programs of Windows from those that have their names', async () => {
    const answers = {
      ...ANSWERS,
      'scan/processes': [
        processRow(1, 'C:\\Windows\\System32\\lsass.exe', { pid: 600 }),
        processRow(601, 'C:\\PerfLogs\\lsass.exe'),
      ],
    };
    const seen = verdicts(await look(answers));
    expect(seen['lsass.exe (600)']).toBeUndefined();
    expect(seen['lsass.exe (601)']).toBe('suspicious');
  });

  it('tells of Remote Desktop how it lets in, and of sessions all but the responder’s', async () => {
    const one = standInHost(ANSWERS);
    open.push(one);
    const { findings } = await one.host.scan({ scopes: ['accounts', 'entry-points'], sampleMs: 0 }, {});
    const titles = findings.map(({ title }) => title);
    expect(titles).toContain('Remote Desktop on port 3389');
    expect(titles.filter((title) => title.includes('logged on'))).toEqual([
      'WEB-07\\support$ is logged on over Remote Desktop (session 3)',
    ]);
  });

  it.each([
    ['as XAMPP has it set up', {}, 'suspicious'],
    ['mended', { version: '8.2.20' }, undefined],
    ['with a code page of which no way in is known', { codePage: '1252' }, 'unknown'],
    ['as FastCGI, or not at all, started by the web server', { settings: [] }, 'unknown'],
    ['while no web server runs', { isServerRunning: false }, 'unknown'],
    ['of a version that is none', { version: 'dev build' }, undefined],
  ])('PHP’s CGI program %s', async (_what, more, verdict) => {
    const [php] = ANSWERS['scan/php-cgi'] as readonly object[];
    const one = standInHost({ ...ANSWERS, 'scan/php-cgi': [{ ...php, ...more }] });
    open.push(one);
    const { findings, unknowns } = await one.host.scan({ scopes: ['entry-points'], sampleMs: 0 }, {});
    expect(unknowns).toEqual([]);
    expect(findings.find(({ title }) => title.startsWith('PHP'))?.verdict).toBe(verdict);
  });

  it('never blames the responder’s own', async () => {
    const own = processRow(4000, 'C:\\Users\\Public\\xmrig.exe', {
      commandLine: 'xmrig -o stratum+tcp://x:3333',
    });
    const { findings } = await look({ ...ANSWERS, 'scan/processes': [own] });
    expect(findings.find(({ title }) => title === 'xmrig.exe (4000)')).toMatchObject({
      verdict: 'benign',
      reasons: [
        { code: 'responder' },
        expect.anything(),
        expect.anything(),
        expect.anything(),
        expect.anything(),
      ],
    });
  });

  it('says what could not be asked, and what was answered in a form that cannot be read', async () => {
    const { 'scan/defender': _gone, ...rest } = ANSWERS;
    const answers = { ...rest, 'scan/connections': [{ pid: 'seven' }] };
    const { unknowns } = await look(answers);
    expect(unknowns).toContainEqual({
      scope: 'impairment',
      what: 'defender',
      reason: 'no answer for scan/defender',
    });
    expect(unknowns).toContainEqual({
      scope: 'connections',
      what: 'connections',
      reason: '1 of its entries were answered in a form that cannot be read',
    });
  });

  it('reads what belongs together, and tells only what was asked for', async () => {
    const one = standInHost(ANSWERS);
    open.push(one);
    const { findings, counts } = await one.host.scan({ scopes: ['cron'], sampleMs: 0 }, {});
    expect(findings.map(({ title }) => title).sort()).toEqual([
      'scheduled task \\WinUpdateSvc',
      'scheduled task \\WindowsWatchdog',
    ]);
    expect(counts).toEqual({ cron: 3 });
  });
});
