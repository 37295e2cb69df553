import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { FIREWALLS, foreignRules } from '../../support/firewalls.ts';
import { ALLY, FOE, HOST, type Network, openNetwork, PORT } from '../../support/network.ts';

const block = (address: string): OperationTarget => ({ kind: 'block-address', address });

describe.each(FIREWALLS)('block-address with $title', (firewall) => {
  let network: Network;
  const facts = { firewall: firewall.backend };
  const foreign = () => foreignRules(network.namespace);
  let before: string;

  beforeAll(async () => {
    network = await openNetwork(firewall.setup);
    before = foreign();
  });
  afterAll(() => network?.end());

  it.each([
    ['IPv4', FOE.ipv4, ALLY.ipv4],
    ['IPv6', FOE.ipv6, ALLY.ipv6],
  ])(
    'cuts %s both ways, connections that stand as well, and nothing else',
    async (_family, address, other) => {
      const { host, ally, foe } = network;
      const mine = address === FOE.ipv4 ? '198.51.100.1' : '2001:db8:b::1';
      expect(await host.open(address, PORT)).toBe(true);
      expect(await foe.open(mine, PORT)).toBe(true);
      expect(await ally.open(address, PORT)).toBe(true);
      expect(await ally.echo(address, PORT)).toBe(true);

      const receipt = await host.ready(block(address), facts);
      expect(await host.verify(block(address), receipt)).toMatchObject({ status: 'does-not-hold' });
      const outcome = await host.perform(block(address), receipt, facts);
      expect(outcome).toMatchObject({ status: 'done', confirmBefore: null });

      const [outward, inward, routed, anew, kept] = await Promise.all([
        host.echo(address, PORT),
        foe.echo(mine, PORT),
        ally.echo(address, PORT),
        ally.open(address, PORT + 0),
        host.open(other, PORT),
      ]);
      expect({ outward, inward, routed, anew, kept }).toEqual({
        outward: false,
        inward: false,
        routed: false,
        anew: false,
        kept: true,
      });
      const held = await host.verify(block(address), receipt);
      expect(held).toMatchObject({ status: 'holds' });
      expect(held.detail).toMatch(/[1-9]\d* packets stopped/);
      expect(await host.verify(block(address), outcome.receipt)).toMatchObject({ status: 'holds' });

      expect(await host.undo(block(address), outcome.receipt, facts)).toMatchObject({ status: 'done' });
      expect(await host.verify(block(address), receipt)).toMatchObject({ status: 'does-not-hold' });
      expect(await host.open(address, PORT)).toBe(true);
      expect(foreign()).toBe(before);
    },
  );

  it('keeps the rules of each operation apart, and leaves nothing behind after the last', async () => {
    const { host } = network;
    const first = await host.ready(block(FOE.ipv4), facts);
    await host.perform(block(FOE.ipv4), first, facts);
    const again = await host.ready(block(FOE.ipv4), facts);
    await host.perform(block(FOE.ipv4), again, facts);
    const second = await host.ready(block('203.0.113.77'), facts);
    await host.perform(block('203.0.113.77'), second, facts);
    expect(foreign()).toBe(before);

    const undone = await host.undo(block(FOE.ipv4), first, facts);
    expect(undone.message).toContain('stays blocked');
    expect(await host.verify(block(FOE.ipv4), first)).toMatchObject({ status: 'does-not-hold' });
    expect(await host.verify(block(FOE.ipv4), again)).toMatchObject({ status: 'holds' });
    await host.undo(block(FOE.ipv4), again, facts);
    expect(await host.verify(block('203.0.113.77'), second)).toMatchObject({ status: 'holds' });
    await host.undo(block('203.0.113.77'), second, facts);
    expect(firewall.ours(network.namespace)).toBe('');
    expect(foreign()).toBe(before);
  });

  it('can be done twice and undone twice without harm', async () => {
    const { host } = network;
    const receipt = await host.ready(block(FOE.ipv6), facts);
    await host.perform(block(FOE.ipv6), receipt, facts);
    const again = await host.perform(block(FOE.ipv6), receipt, facts);
    expect(again.status).toBe('done');
    expect(await host.undo(block(FOE.ipv6), receipt, facts)).toMatchObject({ status: 'done' });
    expect(await host.undo(block(FOE.ipv6), receipt, facts)).toMatchObject({ status: 'done' });
    expect(firewall.ours(network.namespace)).toBe('');
  });

  it('sees that somebody has taken a rule away', async () => {
    const { host, namespace } = network;
    const receipt = await host.ready(block(FOE.ipv4), facts);
    await host.perform(block(FOE.ipv4), receipt, facts);
    firewall.sabotageBlock(namespace);
    expect(await host.verify(block(FOE.ipv4), receipt)).toMatchObject({ status: 'does-not-hold' });
    await host.undo(block(FOE.ipv4), receipt, facts);
    expect(foreign()).toBe(before);
  });

  it('refuses what would cut off the responder or this host', async () => {
    const { host } = network;
    const responder = {
      ...{ peerPort: 50000, localPort: 22, account: 'root', uid: 0, protectedPids: [], keyFingerprint: null },
      peerAddress: `::ffff:${ALLY.ipv4}`,
    };
    expect(await host.prepare(block(ALLY.ipv4), { ...facts, responder })).toMatchObject({
      refusal: { code: 'responder' },
    });
    expect(await host.prepare(block(HOST.ipv4), facts)).toMatchObject({ refusal: { code: 'responder' } });
    for (const odd of [
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '224.0.0.1',
      'ff02::1',
      '2001:DB8::1',
      'pool.example',
      '1.2.3.4/8',
    ])
      expect(await host.prepare(block(odd), facts)).toMatchObject({ refusal: { code: 'invalid' } });
    expect(await host.prepare(block(FOE.ipv4), { firewall: 'none' })).toMatchObject({
      refusal: { code: 'unavailable' },
    });
  });
});
