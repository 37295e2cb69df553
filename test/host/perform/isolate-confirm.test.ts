import { describe, expect, it } from 'vitest';
import { FIREWALLS } from '../../support/firewalls.ts';
import { type Isolate, isolate, lift, stageIsolation } from '../../support/isolation-stage.ts';
import { ALLY, FOE, PORT } from '../../support/network.ts';

describe('the confirmation of isolate-host', () => {
  const [firewall] = FIREWALLS;
  if (firewall === undefined) throw new Error('There is no firewall to test with.');
  const stage = stageIsolation(firewall);

  it('stays once the responder has confirmed it, and its timer ends', async () => {
    const { host, foe, namespace } = stage.network();
    const operation = isolate({ confirmWithinMs: 5000 });
    const [, { receipt }] = await stage.start(operation);
    expect(await host.confirm(operation, receipt, 'responder')).toMatchObject({ status: 'holds' });
    const isTimerThere = () => namespace.shell(`[ -d /proc/${receipt.pid} ] && echo yes || echo no`).trim();
    await expect.poll(isTimerThere, { timeout: 20_000, interval: 100 }).toBe('no');
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
    expect(await foe.open('198.51.100.1', PORT)).toBe(false);
    expect(await host.confirm(operation, receipt, 'responder')).toMatchObject({ status: 'holds' });
  });

  it('never lets the timer of one isolation take back another', async () => {
    const { host } = stage.network();
    const first = isolate({ confirmWithinMs: 1000 });
    const [, { receipt: old }] = await stage.start(first);
    await host.perform(lift, await host.ready(lift, stage.facts), stage.facts);
    const second = isolate();
    const [, { receipt }] = await stage.start(second);
    await expect
      .poll(() => stage.network().namespace.shell(`[ -d /proc/${old.pid} ] && echo yes || echo no`).trim(), {
        timeout: 20_000,
      })
      .toBe('no');
    expect(await host.verify(second, receipt)).toMatchObject({ status: 'holds' });
  });

  it('is confirmed unattended only if an allowed peer answers and a forbidden one does not', async () => {
    const { host } = stage.network();
    const good = `${ALLY.ipv4}:${PORT}`;
    const bad = `[${FOE.ipv6}]:${PORT}`;
    const cases: readonly [Partial<Isolate>, string, RegExp][] = [
      [{ mustReach: good, mustNotReach: bad }, 'holds', /Isolated/],
      [{ mustReach: good, mustNotReach: null }, 'does-not-hold', /must-not-reach is not given/],
      [{ mustReach: null, mustNotReach: bad }, 'does-not-hold', /must-reach is not given/],
      [{ mustReach: good, mustNotReach: `127.0.0.1:${PORT}` }, 'does-not-hold', /still does/],
      [{ mustReach: `${ALLY.ipv4}:9`, mustNotReach: bad }, 'does-not-hold', /must still answer/],
      [{ mustReach: good, mustNotReach: `${FOE.ipv4}:9` }, 'does-not-hold', /proves nothing/],
    ];
    for (const [changes, status, detail] of cases) {
      const operation = isolate(changes);
      const [, { receipt }] = await stage.start(operation);
      const verification = await host.confirm(operation, receipt, 'two-sided-test');
      expect(verification).toMatchObject({ status });
      expect(verification.detail).toMatch(detail);
      await host.undo(operation, receipt, stage.facts);
    }
  });

  it('lets name look-ups through to the known resolvers only if asked to', async () => {
    const { host } = stage.network();
    await stage.start(isolate({ allowDns: true }));
    const [dns, other, dns6] = await Promise.all([
      host.open(FOE.ipv4, 53),
      host.open(FOE.ipv4, PORT),
      host.open(FOE.ipv6, 53),
    ]);
    expect({ dns, other, dns6 }).toEqual({ dns: true, other: false, dns6: false });
  });

  it('refuses a second isolation, wrong peers, and a host without a firewall', async () => {
    const { host } = stage.network();
    await stage.start(isolate());
    expect(await host.prepare(isolate(), stage.facts)).toMatchObject({ refusal: { code: 'stale' } });
    expect(await host.prepare(isolate({ allowedPeers: ['10.0.0.0/33'] }), stage.facts)).toMatchObject({
      refusal: { code: 'invalid' },
    });
    expect(await host.prepare(isolate(), { firewall: 'none' })).toMatchObject({
      refusal: { code: 'unavailable' },
    });
  });
});
