import { describe, expect, it } from 'vitest';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { openDriver } from '../../support/driver.ts';
import { FIREWALLS } from '../../support/firewalls.ts';
import { ALL, ALLIES_ONLY, isolate, lift, RESPONDER, stageIsolation } from '../../support/isolation-stage.ts';
import { ALLY, FOE, PORT } from '../../support/network.ts';

describe.each(FIREWALLS)('isolate-host with $title', (firewall) => {
  const stage = stageIsolation(firewall);

  it('lets only the allowed peers and this host itself through, until it is undone', async () => {
    const { host, foe, namespace } = stage.network();
    expect(await stage.reach()).toEqual(ALL);
    const operation = isolate();
    const receipt = await host.ready(operation, stage.facts);
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    const startedAt = Date.now();
    const outcome = await host.perform(operation, receipt, stage.facts);
    expect(outcome).toMatchObject({ status: 'done' });
    expect(outcome.confirmBefore).toBeGreaterThanOrEqual(startedAt + 60_000);

    namespace.shell('ip neigh flush all; ip -6 neigh flush all');
    const [reached, standing, routed] = await Promise.all([
      stage.reach(),
      foe.echo('198.51.100.1', PORT),
      foe.open('203.0.113.50', PORT),
    ]);
    expect(reached).toEqual(ALLIES_ONLY);
    expect({ standing, routed }).toEqual({ standing: false, routed: false });
    for (const known of [receipt, outcome.receipt]) {
      const verification = await host.verify(operation, known);
      expect(verification.status, verification.detail).toBe('holds');
    }
    expect(stage.foreign()).toBe(stage.before());

    expect(await host.undo(operation, outcome.receipt, stage.facts)).toMatchObject({ status: 'done' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(await stage.reach()).toEqual(ALL);
  });

  it('takes itself back in time though all that started it was killed', async () => {
    const { namespace, foe, host } = stage.network();
    const doomed = openDriver(namespace);
    const operation = isolate({ confirmWithinMs: 2000 });
    const receipt = await doomed.ready(operation, stage.facts);
    expect(await doomed.perform(operation, receipt, stage.facts)).toMatchObject({ status: 'done' });
    expect(stage.ours()).not.toBe('');
    await doomed.kill();
    await expect.poll(() => stage.ours(), { timeout: 20_000, interval: 100 }).toBe('');
    expect(await foe.open('198.51.100.1', PORT)).toBe(true);
    const late = await host.verify(operation, receipt);
    expect(late).toMatchObject({ status: 'does-not-hold' });
    expect(late.detail).toContain('took itself back');
    expect(await host.confirm(operation, receipt, 'responder')).toMatchObject({ status: 'does-not-hold' });
  });

  it('lets the responder through without being told, but never a blocked address', async () => {
    const { host, foe } = stage.network();
    const responder = { ...RESPONDER, peerAddress: FOE.ipv6 };
    const [, { receipt }] = await stage.start(isolate(), { responder });
    const [own, other] = await Promise.all([foe.open('2001:db8:b::1', PORT), foe.open('198.51.100.1', PORT)]);
    expect({ own, other }).toEqual({ own: true, other: false });
    await host.undo(isolate(), receipt, stage.facts);

    const block: OperationTarget = { kind: 'block-address', address: ALLY.ipv4 };
    const blocked = await host.ready(block, stage.facts);
    await host.perform(block, blocked, stage.facts);
    const cutOff = await host.prepare(isolate(), {
      ...stage.facts,
      responder: { ...RESPONDER, peerAddress: ALLY.ipv4 },
    });
    expect(cutOff).toMatchObject({ refusal: { code: 'responder' } });
    await stage.start(isolate());
    expect(await stage.reach()).toEqual({ ...ALLIES_ONLY, toAlly: false, fromAlly: false });
    await host.perform(lift, await host.ready(lift, stage.facts), stage.facts);
    await host.undo(block, blocked, stage.facts);
  });

  it('can be lifted, and put back with the same rules', async () => {
    const { host } = stage.network();
    const operation = isolate({ allowDns: true });
    const [, { receipt }] = await stage.start(operation);
    await host.confirm(operation, receipt, 'responder');
    const lifting = await host.ready(lift, stage.facts);
    expect(await host.verify(lift, lifting)).toMatchObject({ status: 'does-not-hold' });
    expect(await host.perform(lift, lifting, stage.facts)).toMatchObject({ status: 'done' });
    expect(await host.verify(lift, lifting)).toMatchObject({ status: 'holds' });
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    expect(await host.undo(lift, lifting, stage.facts)).toMatchObject({ status: 'done' });
    const restored = await host.verify(operation, receipt);
    expect(restored.status, restored.detail).toBe('holds');
    expect(await host.undo(lift, lifting, stage.facts)).toMatchObject({ status: 'done' });
    expect(await host.verify(lift, lifting)).toMatchObject({ status: 'does-not-hold' });
  });

  it('sees a hole that somebody has made', async () => {
    const { host, namespace } = stage.network();
    const [, { receipt }] = await stage.start(isolate());
    firewall.sabotageIsolation(namespace);
    const verification = await host.verify(isolate(), receipt);
    expect(verification.status).toBe('does-not-hold');
    firewall.undoSabotage(namespace);
  });
});
