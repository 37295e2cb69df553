import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { isIpv6 } from '../../operations/firewall-rules.ts';
import { canonicalAddress, isSpecial } from '../firewall/addresses.ts';
import { firewallOf } from '../firewall/choose.ts';
import { done, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({ backend: z.enum(['nft', 'iptables']), token: z.string() });

/** Drops everything to and from an address in our own table. Each operation has rules of its own, marked with its token. */
export const blockAddress: OperationPerformer<'block-address'> = {
  async prepare({ address }, { facts }) {
    if (canonicalAddress(address) !== address)
      return refused(
        'invalid',
        `${address} is not an address in its canonical form, such as 203.0.113.9 or 2001:db8::9.`,
      );
    if (isSpecial(address))
      return refused(
        'invalid',
        `${address} is no other host's address: blocking it would break this host and stop nobody.`,
      );
    const peer = facts.responder.peerAddress;
    if (peer !== null && canonicalAddress(peer) === address)
      return refused(
        'responder',
        `You are connected from ${address}: blocking it would cut you off. Connect from elsewhere first.`,
      );
    if (isOwnAddress(address))
      return refused(
        'responder',
        `${address} is this host's own address: blocking it would cut off everybody, you too.`,
      );
    if (facts.firewall === 'none' || facts.firewall === 'windows')
      return refused(
        'unavailable',
        'Neither nft nor iptables works here. Install the package nftables, or block the address at the provider.',
      );
    const missing = await firewallOf(facts.firewall).whyNot([isIpv6(address) ? 'ipv6' : 'ipv4']);
    if (missing !== null) return refused('unavailable', missing);
    return ready({ kind: 'block-address', backend: facts.firewall, token: randomBytes(6).toString('hex') });
  },

  async perform(operation, receipt) {
    const { backend, token } = readReceipt('block-address', fields, receipt);
    const { address } = operation;
    const before = await firewallOf(backend).verifyBlock(token, address);
    if (before.status === 'holds') return done(receipt, before.detail);
    const change = await firewallOf(backend).block(token, address);
    if (!change.ok) return failed(receipt, `${address} is not blocked: ${change.message}.`);
    const after = await firewallOf(backend).verifyBlock(token, address);
    return after.status === 'holds'
      ? done(receipt, `${address} is blocked both ways, for connections that stand as well.`)
      : failed(receipt, after.detail);
  },

  async verify({ address }, receipt) {
    const { backend, token } = readReceipt('block-address', fields, receipt);
    try {
      return await firewallOf(backend).verifyBlock(token, address);
    } catch (error) {
      return verified('unknown', `The firewall's rules could not be read: ${(error as Error).message}`);
    }
  },

  async undo({ address }, receipt) {
    const { backend, token } = readReceipt('block-address', fields, receipt);
    const change = await firewallOf(backend).unblock(token, address);
    if (!change.ok) return failed(receipt, `The block of ${address} was not taken away: ${change.message}.`);
    const others = await firewallOf(backend).blockedAddresses();
    return done(
      receipt,
      others.includes(address)
        ? `These rules for ${address} are deleted; it stays blocked by another operation.`
        : `${address} is no longer blocked.`,
    );
  },
};

/** On any interface but `lo`, where addresses are put to be seen by this host alone. */
function isOwnAddress(address: string): boolean {
  return Object.entries(networkInterfaces()).some(
    ([name, own]) => name !== 'lo' && own?.some((one) => canonicalAddress(one.address) === address),
  );
}
