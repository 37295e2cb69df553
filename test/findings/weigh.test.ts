import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrivateAddress, isRemoteAddress, isSinkAddress } from '../../src/findings/addresses.ts';
import { indicatorsWith } from '../../src/findings/indicators.ts';
import { KERNEL_THREAD_NAME } from '../../src/findings/ordinary.ts';
import { hidingPart, placeSignals } from '../../src/findings/place-signals.ts';
import { type Signal, STRONG, weigh } from '../../src/findings/weigh.ts';

const KNOWN = indicatorsWith();

const signal = (topic: string, weight: number): Signal => ({ topic, weight, code: topic, text: topic });

describe('weighing', () => {
  it.each([
    ['nothing', [], 'benign', 0],
    ['a port and a load', [signal('pool-port', 20), signal('cpu', 15)], 'unknown', 35],
    ['one strong sign', [signal('name', 45)], 'suspicious', 45],
    [
      'one strong sign and many weak ones',
      [signal('name', 45), signal('cpu', 15), signal('pool-port', 20), signal('package', 5)],
      'suspicious',
      85,
    ],
    ['two signs of one kind', [signal('name', 45), signal('name', 50)], 'suspicious', 50],
    ['two independent strong signs', [signal('name', 45), signal('hidden', 45)], 'malicious', 90],
    ['one decisive sign', [signal('stratum', 90)], 'malicious', 90],
    [
      'a decisive sign of a package’s own program',
      [signal('association', 90), signal('package', -100)],
      'benign',
      0,
    ],
  ] as const)('%s', (_, signals, verdict, score) => {
    expect(weigh(signals)).toMatchObject({ verdict, score });
  });

  it('never makes anything malicious of weak signs, however many', () => {
    const weak = fc.record({
      topic: fc.string(),
      weight: fc.integer({ min: -100, max: STRONG - 1 }),
      code: fc.constant('x'),
      text: fc.constant('x'),
    });
    fc.assert(
      fc.property(fc.array(weak, { maxLength: 100 }), (signals) => weigh(signals).verdict !== 'malicious'),
    );
  });

  it('keeps every reason once, strongest first, and a score between 0 and 100', () => {
    const any = fc.record({
      topic: fc.constantFrom('a', 'b', 'c'),
      weight: fc.integer({ min: -200, max: 200 }),
      code: fc.string(),
      text: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(any), (signals) => {
        const { reasons, score } = weigh(signals);
        expect(new Set(reasons.map(({ text }) => text)).size).toBe(reasons.length);
        expect(reasons).toHaveLength(new Set(signals.map(({ text }) => text)).size);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        const sizes = reasons.map(({ weight }) => Math.abs(weight));
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe('indicators', () => {
  it('tell kernel threads’ names from ordinary ones', () => {
    for (const name of ['kworker/0:1', '[kthreadd]', 'kswapd0', 'ksoftirqd/1', 'jbd2/sda1-8'])
      expect(name).toMatch(KERNEL_THREAD_NAME);
    for (const name of ['bash', 'cron', 'kubelet', 'watchdog.py', 'irqbalance', 'kworkerds'])
      expect(name).not.toMatch(KERNEL_THREAD_NAME);
    for (const name of ['kdevtmpfsi', 'kworkerds', 'kinsing', 'xmrig', 'sysrv012'])
      expect([...KNOWN.names.keys()]).toContain(name);
  });

  it('know a wallet and a pool by their form', () => {
    expect(`-u 4A${'b'.repeat(93)} -p x`).toMatch(KNOWN.wallet);
    expect(`4A${'b'.repeat(92)}`).not.toMatch(KNOWN.wallet);
    expect(`${'a'.repeat(40)}4A${'b'.repeat(93)}`).not.toMatch(KNOWN.wallet);
    expect('pool.supportxmr.com').toMatch(KNOWN.pool);
    expect('notnanopool.org').not.toMatch(KNOWN.pool);
  });
});

describe('places', () => {
  it.each([
    ['/var/tmp/.xdiag/upd', '.xdiag'],
    ['/tmp/.X25-unix/x', '.X25-unix'],
    ['/dev/shm/.../x', '...'],
    ['/tmp/.X11-unix/program', '.X11-unix'],
    ['/root/.local/bin/tool', null],
    ['/home/ann/.nvm/versions/node/bin/node', null],
    ['/usr/lib/.cache/x', '.cache'],
    ['/root/.configrc5/a/upd', '.configrc5'],
    ['/usr/bin/.sshd', '.sshd'],
    ['/opt/agent/bin/run', null],
  ])('%s hides behind %s', (path, part) => {
    expect(hidingPart(path, KNOWN)).toBe(part);
  });

  it('speak against /opt, /usr/local and /srv in nothing', () => {
    for (const path of [
      '/opt/a/b',
      '/usr/local/bin/x',
      '/srv/jobs/nightly export.sh',
      '/home/ann/.acme.sh/acme.sh',
    ]) {
      expect(placeSignals(path, true, KNOWN)).toEqual([]);
    }
  });
});

describe('addresses', () => {
  it('are remote, private, or lead nowhere', () => {
    for (const address of ['203.0.113.9', '10.0.0.1', '2001:db8::1', '::ffff:203.0.113.9'])
      expect(isRemoteAddress(address), address).toBe(true);
    for (const address of [
      '127.0.0.1',
      '0.0.0.0',
      '::1',
      '::',
      'fe80::1',
      'ff02::1',
      '169.254.1.1',
      '255.255.255.255',
      '::ffff:127.0.0.1',
      'x',
    ]) {
      expect(isRemoteAddress(address), address).toBe(false);
    }
    for (const address of ['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1'])
      expect(isPrivateAddress(address)).toBe(true);
    for (const address of ['172.32.0.1', '203.0.113.9', '2001:db8::1'])
      expect(isPrivateAddress(address)).toBe(false);
    for (const address of ['0.0.0.0', '127.0.0.53', '::', '::1']) expect(isSinkAddress(address)).toBe(true);
  });
});
