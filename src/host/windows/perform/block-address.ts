import { z } from 'zod';
import { done, ready, refused, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { BLOCK_GROUP, firewallState, whyNoEffect } from './firewall.ts';

const named = z.object({ name: z.string() });

/** Two rules of ours that block an address, in and out. */
export const blockAddress: WindowsPerformer<'block-address'> = {
  async prepare({ address }, { session, facts }) {
    if (address === facts.responder.peerAddress)
      return refused('responder', `${address} is where you are connected from.`);
    const state = await firewallState(session, BLOCK_GROUP);
    const refusal = whyNoEffect(state);
    if (refusal !== null) return refusal;
    const before = state.rules.map(({ name }) => name);
    return ready({ kind: 'block-address', made: rulesOf(address).filter((name) => !before.includes(name)) });
  },
  async perform({ address }, receipt, { session }) {
    await call(
      session,
      'block-address',
      { Name: stem(address), Group: BLOCK_GROUP, Address: [address] },
      named,
    );
    return done(receipt, `${address} is blocked, both ways`);
  },
  async verify({ address }, _receipt, session) {
    const state = await firewallState(session, BLOCK_GROUP);
    const missing = rulesOf(address).filter(
      (name) =>
        !state.rules.some(
          (rule) =>
            rule.name === name &&
            rule.action === 'Block' &&
            rule.enabled === 'True' &&
            rule.addresses.some((one) => sameAddress(one, address)),
        ),
    );
    if (missing.length > 0)
      return verified('does-not-hold', `There is no rule ${missing.join(', ')} in force`);
    return whyNoEffect(state) === null
      ? verified('holds', `${address} has its rule, both ways`)
      : verified('does-not-hold', 'The rules are there, and the firewall does not heed them');
  },
  async undo({ address }, receipt, { session }) {
    const made = Array.isArray(receipt.made) ? receipt.made.map(String) : [];
    const own = rulesOf(address).filter((name) => made.includes(name));
    if (own.length > 0) await removeRules(session, own);
    return done(receipt, `${address} is no longer blocked by these rules`);
  },
};

export async function removeRules(session: PowerShellSession, names: readonly string[]): Promise<void> {
  await call(session, 'remove-rules', { Name: names }, named);
}

function stem(address: string): string {
  return `tourniquet-block-${address}`;
}

function rulesOf(address: string): readonly string[] {
  return ['Inbound', 'Outbound'].map((direction) => `${stem(address)}-${direction}`);
}

/** The firewall may add the mask of a single address. */
function sameAddress(shown: string, address: string): boolean {
  return shown.replace(/\/(?:32|128|255\.255\.255\.255)$/, '').toLowerCase() === address.toLowerCase();
}
