import { z } from 'zod';
import type { Verification } from '../../../operations/receipt.ts';
import { canReach } from '../../firewall/reach.ts';
import { done, failed, ready, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { removeRules } from './block-address.ts';
import { blockedRanges } from './blocked-ranges.ts';
import { firewallState, whyNoEffect } from './firewall.ts';

const ISOLATION_GROUP = 'tourniquet-isolation';
const RULES = ['Inbound', 'Outbound'].map((direction) => `${ISOLATION_GROUP}-${direction}`);
const servers = z.object({ dhcp: z.string(), names: z.array(z.string()) });
const named = z.object({ name: z.string() });

/** Blocks all addresses but those allowed; a task of the scheduler's takes it back unless it is confirmed. */
export const isolateHost: WindowsPerformer<'isolate-host'> = {
  async prepare({ allowedPeers, allowDns }, { session, facts }) {
    const refusal = whyNoEffect(await firewallState(session, ISOLATION_GROUP));
    if (refusal !== null) return refusal;
    const adapters = await call(session, 'dhcp-servers', {}, servers);
    const { peerAddress } = facts.responder;
    const allowed = [
      ...allowedPeers,
      ...(peerAddress === null ? [] : [peerAddress]),
      ...adapters.map(({ dhcp }) => dhcp),
      ...(allowDns ? adapters.flatMap(({ names }) => names) : []),
    ].filter((address) => address !== '' && address !== '255.255.255.255');
    return ready({ kind: 'isolate-host', allowed: [...new Set(allowed)] });
  },
  async perform({ confirmWithinMs }, receipt, { session }) {
    await isolate(session, allowedOf(receipt.allowed), Math.ceil(confirmWithinMs / 1000));
    const outcome = done(receipt, 'The host is cut off; it takes itself back unless you confirm');
    return { ...outcome, confirmBefore: Date.now() + confirmWithinMs };
  },
  async verify(_operation, _receipt, session) {
    return isolation(session);
  },
  async confirm({ mustReach, mustNotReach }, _receipt, session, how) {
    const before = await isolation(session);
    if (before.status !== 'holds') return before;
    if (how === 'two-sided-test') {
      const flaw = await flawOf(mustReach, mustNotReach);
      if (flaw !== null)
        return verified('does-not-hold', `${flaw}: it is not confirmed, and takes itself back`);
    }
    await call(session, 'isolation-stays', {}, named);
    return isolation(session);
  },
  async undo(_operation, receipt, { session }) {
    await lift(session);
    return done(receipt, 'The host is no longer cut off');
  },
};

/** Takes the isolation away; what is blocked by address stays blocked. */
export const liftIsolation: WindowsPerformer<'lift-isolation'> = {
  async prepare(_operation, { session }) {
    const { rules } = await firewallState(session, ISOLATION_GROUP);
    return ready({ kind: 'lift-isolation', ranges: rules[0]?.addresses ?? [] });
  },
  async perform(_operation, receipt, { session }) {
    await lift(session);
    return done(receipt, 'The host is no longer cut off');
  },
  async verify(_operation, _receipt, session) {
    const { rules } = await firewallState(session, ISOLATION_GROUP);
    return rules.length === 0
      ? verified('holds', 'no rule of the isolation is left')
      : verified('does-not-hold', `${rules.map(({ name }) => name).join(', ')} are still there`);
  },
  async undo(_operation, receipt, { session }) {
    const ranges = allowedOf(receipt.ranges);
    if (ranges.length === 0) return failed(receipt, 'There was no isolation to go back to.');
    await call(session, 'isolate', { Range: ranges, Seconds: 0 }, named);
    return done(receipt, 'The host is cut off again, with the same rules');
  },
};

const REACH_MS = 3000;

/** Why the test with nobody there does not confirm it; null if it does. */
async function flawOf(mustReach: string | null, mustNotReach: string | null): Promise<string | null> {
  if (mustReach === null || mustNotReach === null)
    return 'No address was named that must still answer, and one that must not';
  if (!(await canReach(mustReach, REACH_MS))) return `${mustReach} does not answer`;
  return (await canReach(mustNotReach, REACH_MS)) ? `${mustNotReach} still answers` : null;
}

async function isolate(
  session: PowerShellSession,
  allowed: readonly string[],
  seconds: number,
): Promise<void> {
  await call(session, 'isolate', { Range: blockedRanges(allowed), Seconds: seconds }, named);
}

async function lift(session: PowerShellSession): Promise<void> {
  await removeRules(session, RULES);
  await call(session, 'isolation-stays', {}, named);
}

async function isolation(session: PowerShellSession): Promise<Verification> {
  const state = await firewallState(session, ISOLATION_GROUP);
  const inForce = state.rules.filter(({ action, enabled }) => action === 'Block' && enabled === 'True');
  const missing = RULES.filter((name) => !inForce.some((rule) => rule.name === name));
  if (missing.length > 0) return verified('does-not-hold', `${missing.join(', ')} is not in force`);
  return whyNoEffect(state) === null
    ? verified('holds', 'both rules are in force, in and out')
    : verified('does-not-hold', 'The rules are there, and the firewall does not heed them');
}

function allowedOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
