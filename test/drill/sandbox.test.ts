import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { probeSandbox } from '../../src/drill/probe.ts';
import { listSandboxes, openSandbox, type Sandbox, startSandbox } from '../../src/drill/sandbox.ts';
import { isSameProcess } from '../../src/drill/sandbox-record.ts';
import { runTool } from '../../src/host/run-tool.ts';
import { inside, textInside, until } from './inside.ts';

const started: Sandbox[] = [];

async function start(options: Partial<Parameters<typeof startSandbox>[0]> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ scenario: 'none', ...options });
  started.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.end();
});

/** What a sandbox could leave behind on this machine. */
async function traces(id: string): Promise<Record<string, unknown>> {
  const commandLines = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => {
      try {
        return readFileSync(`/proc/${entry}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    });
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    links: (await runTool(['ip', '-o', 'link'])).stdout.toString().replaceAll(/ state \w+/g, ''),
    addresses: (await runTool(['ip', '-o', 'addr'])).stdout.toString(),
    ofIt: commandLines.filter((line) => line.includes(id)),
    hostname: readFileSync('/proc/sys/kernel/hostname', 'utf8'),
    run: readdirSync('/run').filter((name) => /drill/.test(name) && name !== 'tourniquet-drill'),
  };
}

describe('a sandbox', () => {
  beforeAll(async () => {
    expect(await probeSandbox()).toMatchObject({ ok: true });
  });

  test('leaves no mount, process, network or file when it ends', async () => {
    const before = await traces('the id of a sandbox that never was');
    const sandbox = await start();
    await inside(
      sandbox,
      'echo x > /etc/drill-was-here; mkdir -p /srv/drill; mount -t tmpfs x /srv/drill; (sleep 1000 &)',
    );
    await sandbox.end();
    expect(await traces(sandbox.id)).toEqual(before);
    expect(existsSync(sandbox.folder)).toBe(false);
    expect(isSameProcess(sandbox.record.initPid, sandbox.record.initStart)).toBe(false);
    expect(isSameProcess(sandbox.record.holderPid, sandbox.record.holderStart)).toBe(false);
  });

  test('shows the machine inside, and keeps what is written there from it', async () => {
    const sandbox = await start();
    const passwd = await textInside(sandbox, 'cut -d: -f1 /etc/passwd | head -1');
    expect(passwd).toBe('root');
    expect(await textInside(sandbox, 'echo drilled > /etc/drilled; rm /etc/passwd; cat /etc/drilled')).toBe(
      'drilled',
    );
    expect(existsSync('/etc/drilled')).toBe(false);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  test('starts a command in its root folder, with a clean environment, as its root', async () => {
    const sandbox = await start({ hostname: 'web-07' });
    const said = await textInside(
      sandbox,
      'pwd; id -u; cat /proc/sys/kernel/hostname; echo "$HOME $SSH_CONNECTION <$VITEST>"',
    );
    expect(said.split('\n')).toEqual(['/', '0', 'web-07', '/root 198.51.100.4 50022 203.0.113.10 22 <>']);
  });

  test('runs the same Node inside', async () => {
    const sandbox = await start();
    const run = await runTool(sandbox.agentCommand([process.execPath, '-p', 'process.version']));
    expect(run.stdout.toString().trim()).toBe(process.version);
  });

  test('shows no process of the machine', async () => {
    const sandbox = await start();
    const seen = await textInside(sandbox, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "');
    expect(seen).not.toContain('holder.mjs');
    expect(seen).not.toContain('vitest');
    expect(await textInside(sandbox, 'tr "\\0" " " < /proc/1/cmdline')).toBe(
      '/bin/sh /run/tourniquet-drill/init',
    );
  });

  test('reaches its pretend peers and nothing else', async () => {
    const sandbox = await start();
    expect(
      await textInside(sandbox, 'exec 3<> /dev/tcp/198.51.100.4/22; read -r -u 3 line; echo "$line"'),
    ).toContain('SSH-2.0');
    for (const peer of ['203.0.113.9/3333', '203.0.113.20/80', '203.0.113.77/443', '198.51.100.4/6514']) {
      expect((await inside(sandbox, `exec 3<> /dev/tcp/${peer}`)).exitCode, peer).toBe(0);
    }
    // Refused by the kernel at once: there is no route.
    const nowhere = await inside(sandbox, 'exec 3<> /dev/tcp/192.0.2.1/80');
    expect(nowhere.stderr.toString()).toContain('Network is unreachable');
    expect(await textInside(sandbox, 'ip -o link | wc -l; ip route show default')).toMatch(/^\d+$/);
  });

  test('talks to the pool in lines of stratum, over IPv6 too', async () => {
    const sandbox = await start();
    for (const pool of ['203.0.113.9', '2001:db8::9']) {
      const answer = await textInside(
        sandbox,
        `exec 3<> /dev/tcp/${pool}/3333; echo '{"id":1,"method":"login","params":{}}' >&3; read -r -u 3 line; echo "$line"`,
      );
      expect(JSON.parse(answer)).toMatchObject({ id: 1, result: { status: 'OK', job: { algo: 'rx/0' } } });
    }
    expect(readFileSync(join(sandbox.folder, 'contacts.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('cannot load a module, set a clock or change a setting of the machine', async () => {
    const sandbox = await start();
    expect((await inside(sandbox, 'echo 1 > /proc/sys/vm/nr_hugepages')).exitCode).not.toBe(0);
    expect((await inside(sandbox, 'echo h > /proc/sysrq-trigger')).exitCode).not.toBe(0);
    const bounding = BigInt(`0x${await textInside(sandbox, "sed -n 's/^CapBnd:\\t//p' /proc/self/status")}`);
    const initBounding = BigInt(`0x${await textInside(sandbox, "sed -n 's/^CapBnd:\\t//p' /proc/1/status")}`);
    // capability.h: SYS_MODULE 16, SYS_RAWIO 17, SYS_BOOT 22, SYS_TIME 25, MKNOD 27, MAC_ADMIN 33, SYSLOG 34.
    for (const number of [16n, 17n, 22n, 25n, 27n, 33n, 34n]) {
      expect((bounding >> number) & 1n, String(number)).toBe(0n);
      expect((initBounding >> number) & 1n, String(number)).toBe(0n);
    }
  });

  test('has a firewall of its own', async () => {
    const sandbox = await start();
    const rules =
      'add table inet t; add chain inet t o { type filter hook output priority 0; }; add rule inet t o ip daddr 203.0.113.9 drop';
    await textInside(sandbox, 'nft -f - <<< "$1"', rules);
    // With no answer to come, the connection stays in its first state.
    const state = await textInside(
      sandbox,
      '(timeout 5 bash -c "exec 3<> /dev/tcp/203.0.113.9/3333" &) ; until grep -q " 097100CB:0D05 02 " /proc/net/tcp; do :; done; echo blocked',
    );
    expect(state).toBe('blocked');
    expect((await inside(sandbox, 'exec 3<> /dev/tcp/203.0.113.20/80')).exitCode).toBe(0);
    expect((await runTool(['nft', 'list', 'tables'])).stdout.toString()).not.toContain('inet t\n');
  });

  test('has its peers on the loopback device where there can be no pair of network cards, and says so', async () => {
    const sandbox = await start({ network: 'loopback' });
    expect(sandbox.record.network).toBe('loopback');
    expect(sandbox.record.notes.join()).toContain('loopback');
    for (const peer of ['203.0.113.9/3333', '203.0.113.20/80', '198.51.100.4/22']) {
      expect((await inside(sandbox, `exec 3<> /dev/tcp/${peer}`)).exitCode, peer).toBe(0);
    }
    // They can be talked to, but not be seen as processes.
    expect(await textInside(sandbox, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')).not.toContain('peers.mjs');
    await sandbox.end();
    expect((await traces(sandbox.id)).ofIt).toEqual([]);
  });

  test("shows nothing of the machine's own incidents", async () => {
    const sandbox = await start();
    expect(await textInside(sandbox, 'ls -A /var/lib/tourniquet 2> /dev/null | wc -l')).toBe('0');
    expect(await textInside(sandbox, 'mkdir -p /var/lib/tourniquet/host && echo made')).toBe('made');
  });

  test('shows what is needed inside, read-only, even from a folder that is fresh there', async () => {
    const folder = mkdtempSync('/tmp/drill needed ');
    writeFileSync(join(folder, 'program'), 'here');
    try {
      const sandbox = await start({ needed: [folder] });
      expect(await textInside(sandbox, 'cat "$1/program"', folder)).toBe('here');
      expect((await inside(sandbox, 'echo x > "$1/program"', folder)).exitCode).not.toBe(0);
      await sandbox.end();
      expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('here');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('holding a sandbox', () => {
  test('outlives a starter that is killed, and is found again', async () => {
    const module = join(dirname(fileURLToPath(import.meta.url)), '../../src/drill/sandbox.ts');
    const text = `const { startSandbox } = await import(${JSON.stringify(module)}); const s = await startSandbox({ scenario: 'none' }); console.log(s.id); setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const id = await new Promise<string>((resolve) =>
      starter.stdout.once('data', (bytes) => resolve(String(bytes).trim())),
    );
    const gone = new Promise((resolve) => starter.once('exit', resolve));
    starter.kill('SIGKILL');
    await gone;
    const sandbox = openSandbox(id);
    started.push(sandbox);
    expect(await textInside(sandbox, 'echo still here')).toBe('still here');
    expect(listSandboxes().map((record) => record.id)).toContain(id);
  });

  test('ends the sandbox when the holder is killed, and clears up after it', async () => {
    const sandbox = await start();
    process.kill(sandbox.record.holderPid, 'SIGKILL');
    await until(
      () => isSameProcess(sandbox.record.initPid, sandbox.record.initStart),
      (isThere) => !isThere,
    );
    expect(listSandboxes().map((record) => record.id)).not.toContain(sandbox.id);
    expect(existsSync(sandbox.folder)).toBe(false);
    expect(() => openSandbox(sandbox.id)).toThrow('not there any more');
  });

  test('ends one that nobody touched for a day, but not while somebody is inside', async () => {
    const sandbox = await start();
    const { holderPid, holderStart, initPid, initStart } = sandbox.record;
    const within = (name: string) => `/proc/${initPid}/root/run/${name}`;
    const visitor = inside(
      sandbox,
      'echo > /run/visited; until [ -e /run/go ]; do sleep 0.01; done; ' +
        `exec 3<> /dev/tcp/203.0.113.9/3333; echo '{"method":"login"}' >&3; read -r -u 3 line; echo > /run/answered; ` +
        'until [ -e /run/leave ]; do sleep 0.01; done',
    );
    await until(
      () => existsSync(within('visited')),
      (isThere) => isThere,
    );
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
    utimesSync(join(sandbox.folder, 'touched'), twoDaysAgo, twoDaysAgo);
    process.kill(holderPid, 'SIGHUP');
    // The holder answers for the pool: once it did, it has looked at the time as well.
    writeFileSync(within('go'), '');
    await until(
      () => existsSync(within('answered')),
      (isThere) => isThere,
    );
    expect(isSameProcess(initPid, initStart)).toBe(true);
    writeFileSync(within('leave'), '');
    await visitor;
    utimesSync(join(sandbox.folder, 'touched'), twoDaysAgo, twoDaysAgo);
    process.kill(holderPid, 'SIGHUP');
    await until(
      () => isSameProcess(initPid, initStart) || isSameProcess(holderPid, holderStart),
      (isThere) => !isThere,
    );
    expect(existsSync(sandbox.folder)).toBe(false);
  });

  test('one that cannot be had says why and what to do, and leaves nothing', async () => {
    const module = join(dirname(fileURLToPath(import.meta.url)), '../../src/drill/sandbox.ts');
    const seed = 424242424;
    const text = `const { startSandbox } = await import(${JSON.stringify(module)}); await startSandbox({ scenario: 'noisy', seed: ${seed} }).catch((e) => console.log(JSON.stringify({ code: e.code, message: e.message, hint: e.hint })));`;
    // Root without the right to make namespaces, as in most containers.
    const argv = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin', '--'];
    const asRoot = process.getuid?.() === 0 ? argv : ['unshare', '--user', '--map-root-user', ...argv];
    const run = await runTool([...asRoot, process.execPath, '--input-type=module', '--eval', text]);
    const said = JSON.parse(run.stdout.toString());
    expect(said).toMatchObject({ code: 'no-sandbox', hint: expect.stringContaining('--privileged') });
    expect(said.message).toContain('most containers take that right away');
    const left = await runTool([
      'sh',
      '-c',
      `grep -l '"seed":${seed}' /run/tourniquet-drill/*/sandbox.json /tmp/tourniquet-drill-*/*/sandbox.json`,
    ]);
    expect(left.stdout.toString()).toBe('');
  });

  test('says what is there no more', () => {
    expect(() => openSandbox('../../etc')).toThrow('not there any more');
    expect(() => openSandbox('ffffff')).toThrow('not there any more');
  });
});
