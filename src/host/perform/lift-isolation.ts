import { z } from 'zod';
import { firewallOf } from '../firewall/choose.ts';
import { claimOf, disarmRevertTimer } from '../firewall/revert-timer.ts';
import { done, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({
  backend: z.enum(['nft', 'iptables']),
  /** null if the host was not isolated. */
  token: z.string().nullable(),
  dump: z.string(),
});

/** Takes isolation away and keeps its rules in the receipt. Blocked addresses stay blocked: they have a table of their own. */
export const liftIsolation: OperationPerformer<'lift-isolation'> = {
  async prepare(_operation, { facts }) {
    if (facts.firewall === 'none' || facts.firewall === 'windows')
      return refused(
        'unavailable',
        'Neither nft nor iptables works here, so there is no isolation of ours that could be lifted.',
      );
    const firewall = firewallOf(facts.firewall);
    const missing = await firewall.whyNot(['ipv4', 'ipv6']);
    if (missing !== null) return refused('unavailable', missing);
    const present = await firewall.isolation();
    return ready({
      kind: 'lift-isolation',
      backend: facts.firewall,
      token: present?.token ?? null,
      dump: present?.dump ?? '',
    });
  },

  async perform(_operation, receipt, { facts, hostFolder }) {
    const { backend, token } = readReceipt('lift-isolation', fields, receipt);
    if (token === null) return done(receipt, 'The host was not isolated: there was nothing to lift.');
    const change = await firewallOf(backend).removeIsolation(token);
    if (!change.ok) return failed(receipt, `The host is still isolated: ${change.message}.`);
    // One that was never confirmed has a timer; it would find nothing of its own, this only ends it.
    const armedBy = facts.serviceManager === 'systemd' ? 'systemd-run' : null;
    await disarmRevertTimer(claimOf(hostFolder, token), token, armedBy);
    return done(receipt, 'Isolation is lifted. Blocked addresses stay blocked.');
  },

  async verify(_operation, receipt) {
    const { backend } = readReceipt('lift-isolation', fields, receipt);
    try {
      const present = await firewallOf(backend).isolation();
      return present === null
        ? verified('holds', 'The host is not isolated.')
        : verified('does-not-hold', 'The host is isolated.');
    } catch (error) {
      return verified('unknown', `The firewall's rules could not be read: ${(error as Error).message}`);
    }
  },

  async undo(_operation, receipt) {
    const { backend, token, dump } = readReceipt('lift-isolation', fields, receipt);
    if (token === null) return done(receipt, 'The host was not isolated before either.');
    const firewall = firewallOf(backend);
    const present = await firewall.isolation();
    if (present !== null)
      return present.token === token
        ? done(receipt, 'The host is isolated with these rules already.')
        : failed(receipt, 'The host has been isolated anew meanwhile; those rules stay in force.');
    const change = await firewall.restoreIsolation(dump);
    return change.ok
      ? done(
          receipt,
          'The host is isolated again with the same rules. It does not take itself back this time.',
        )
      : failed(receipt, `The isolation could not be restored: ${change.message}.`);
  },
};
