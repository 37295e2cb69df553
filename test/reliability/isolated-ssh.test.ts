import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HostFacts } from '../../src/host/host.ts';
import type { Receipt } from '../../src/operations/receipt.ts';
import { openDriver } from '../support/driver.ts';
import { FIREWALLS, type FirewallKind, foreignRules } from '../support/firewalls.ts';
import { isolate, lift, RESPONDER } from '../support/isolation-stage.ts';
import { report, runs } from '../support/length.ts';
import type { Namespace } from '../support/namespace.ts';
import { ALLY, HOST, type Network, openNetwork } from '../support/network.ts';

/**
 * An isolated host with a real sshd, from both sides, beside the rules that other firewalls have put there: those of
 * ufw 0.36 and firewalld 1.3 as they were dumped from a host on which they ran, and Docker's.
 */
const RULES = join(import.meta.dirname, 'rules');
const NEIGHBOURS: Readonly<Record<string, string>> = {
  ufw: `iptables-restore -n <'${RULES}/ufw.v4'; ip6tables-restore -n <'${RULES}/ufw.v6'`,
  firewalld: `nft -f '${RULES}/firewalld.nft'`,
  Docker: `iptables-restore -n <'${RULES}/docker.v4'`,
};
const [NFT, IPTABLES, LEGACY] = FIREWALLS as readonly [FirewallKind, FirewallKind, FirewallKind];
const SHORT: readonly [FirewallKind, string][] = [
  [NFT, 'firewalld'],
  [IPTABLES, 'ufw'],
  [LEGACY, 'Docker'],
];
const ALL = FIREWALLS.flatMap((kind) => Object.keys(NEIGHBOURS).map((name) => [kind, name] as const));
const CASES = runs(0, 1) === 1 ? ALL : SHORT;
const FOE_SIDE = { ipv4: '198.51.100.1', ipv6: '2001:db8:b::1' } as const;

const SSHD = `mkdir -m 755 -p /run/sshd && mkdir -m 700 /run/keys
ssh-keygen -q -t ed25519 -N '' -C '' -f /run/keys/host
ssh-keygen -q -t ed25519 -N '' -C '' -f /run/keys/client
cat >/run/keys/config <<END
Port 22
HostKey /run/keys/host
AuthorizedKeysFile /run/keys/client.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
END
`;
const ssh = (address: string): readonly string[] => [
  ...['ssh', '-q', '-T', '-F', 'none', '-i', '/run/keys/client', '-o', 'IdentitiesOnly=yes'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'ConnectTimeout=1'],
  `root@${address}`,
];

/** A login that stands: what is written into it comes back as long as it does. */
class Session {
  readonly #child: ChildProcess;
  #heard = '';
  constructor(namespace: Namespace, net: string, address: string) {
    this.#child = namespace.start([...ssh(address), 'exec cat'], { net });
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString();
    });
  }
  say(word: string): void {
    this.#child.stdin?.write(`${word}\n`);
  }
  hears(word: string): boolean {
    return this.#heard.includes(`${word}\n`);
  }
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}

const heard = (session: Session, word: string) =>
  expect.poll(() => session.hears(word), { timeout: 30_000, interval: 50 }).toBe(true);

/** Every rule that is not ours, of every table and of both families, without counters. */
function dump(namespace: Namespace): string {
  const all = namespace.shell(`for tool in iptables ip6tables; do
    $tool-save | sed 's/ \\[[0-9]*:[0-9]*\\]$//' | grep -v '^#\\|TOURNIQUET' || true
  done`);
  return `${foreignRules(namespace)}\n${all}`;
}

function logsIn(namespace: Namespace, net: string, address: string): boolean {
  try {
    return namespace.run([...ssh(address), 'echo in'], { net }).trim() === 'in';
  } catch {
    return false;
  }
}

describe.each(CASES.map(([kind, name]) => ({ kind, name, title: kind.title })))(
  'a host isolated by $title beside the rules of $name',
  ({ kind, name, title }) => {
    const facts: Partial<HostFacts> = { firewall: kind.backend };
    let network: Network;
    let daemon: ChildProcess;
    let before: string;

    beforeAll(async () => {
      network = await openNetwork(`${kind.setup}\n${NEIGHBOURS[name]}\n${SSHD}`);
      daemon = network.namespace.start(['/usr/sbin/sshd', '-D', '-f', '/run/keys/config']);
      await vi.waitUntil(() => logsIn(network.namespace, 'ally', HOST.ipv4), {
        timeout: 30_000,
        interval: 100,
      });
      before = dump(network.namespace);
      expect(before).toMatch(new RegExp(name === 'Docker' ? 'DOCKER-USER' : name));
    }, 60_000);
    afterAll(async () => {
      daemon.kill('SIGKILL');
      await network.end();
    });

    test('the allowed peer stays in and gets in anew, the others do neither, and no rule but ours changes', async () => {
      const { namespace, host } = network;
      const standing = [HOST.ipv4, HOST.ipv6].map((address) => new Session(namespace, 'ally', address));
      const shut = [FOE_SIDE.ipv4, FOE_SIDE.ipv6].map((address) => new Session(namespace, 'foe', address));
      for (const session of [...standing, ...shut]) {
        session.say('before');
        await heard(session, 'before');
      }
      const receipt = await host.ready(isolate(), facts);
      const done = await host.perform(isolate(), receipt, facts);
      expect(done).toMatchObject({ status: 'done' });
      for (const session of shut) session.say('shut');
      for (const session of standing) {
        session.say('during');
        await heard(session, 'during');
      }
      expect({
        ally: [HOST.ipv4, HOST.ipv6].map((address) => logsIn(namespace, 'ally', address)),
        foe: [FOE_SIDE.ipv4, FOE_SIDE.ipv6].map((address) => logsIn(namespace, 'foe', address)),
        heard: shut.map((session) => session.hears('shut')),
      }).toEqual({ ally: [true, true], foe: [false, false], heard: [false, false] });
      expect(dump(namespace)).toBe(before);

      await host.perform(lift, await host.ready(lift, facts), facts);
      expect(dump(namespace)).toBe(before);
      expect(kind.ours(namespace)).toBe('');
      // What was held up meanwhile arrives: nothing was cut, only kept off.
      for (const session of shut) await heard(session, 'shut');
      await Promise.all([...standing, ...shut].map((session) => session.end()));
      report({
        suite: `isolation, SSH from both sides: ${title}, ${name}`,
        runs: 8,
        faults: 8,
        lost: 0,
        escaped: 0,
      });
    }, 90_000);

    // That each kind of firewall does is in test/host/perform/isolate-host.test.ts.
    if (CASES === SHORT && name !== 'firewalld') return;
    test('it is taken back by itself though runner, shell and connection are dead', async () => {
      const { namespace } = network;
      // The runner is started over SSH, as a responder's is.
      const doomed = openDriver(namespace, 'ally', ssh(HOST.ipv6));
      const operation = isolate({ allowedPeers: ['192.0.2.77'], confirmWithinMs: 2000 });
      const here = { ...facts, responder: { ...RESPONDER, peerAddress: ALLY.ipv6 } };
      const receipt: Receipt = await doomed.ready(operation, here);
      const done = await doomed.perform(operation, receipt, here);
      expect(done).toMatchObject({ status: 'done' });
      expect(kind.ours(namespace)).not.toBe('');
      // sshd, its sessions, the shells in them and all that they started, but for what has left them.
      const children = descendants(daemon.pid ?? 0);
      for (const pid of [daemon.pid ?? 0, ...children]) tryKill(pid);
      await doomed.kill();
      await expect.poll(() => kind.ours(namespace), { timeout: 30_000, interval: 100 }).toBe('');
      expect(dump(namespace)).toBe(before);
      daemon = namespace.start(['/usr/sbin/sshd', '-D', '-f', '/run/keys/config']);
      await expect
        .poll(() => logsIn(namespace, 'foe', FOE_SIDE.ipv4), { timeout: 30_000, interval: 100 })
        .toBe(true);
    }, 90_000);
  },
);

function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    table.flatMap(([child = 0, above = 0]) =>
      above === parent && child > 0 ? [child, ...below(child)] : [],
    );
  return below(pid);
}

function tryKill(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone with its parent.
  }
}
