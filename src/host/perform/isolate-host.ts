import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import type { Receipt, Refusal, Verification } from '../../operations/receipt.ts';
import { canonicalAddress, canonicalPeer, isAmong, isSpecial } from '../firewall/addresses.ts';
import { firewallOf } from '../firewall/choose.ts';
import { canReach } from '../firewall/reach.ts';
import { readResolvers } from '../firewall/resolvers.ts';
import { armRevertTimer, claimOf, disarmRevertTimer, hasReverted } from '../firewall/revert-timer.ts';
import type { HostFacts } from '../host.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({
  backend: z.enum(['nft', 'iptables']),
  token: z.string(),
  peers: z.array(z.string()),
  resolvers: z.array(z.string()),
  /** Folder that whoever confirms or reverts makes first. */
  claim: z.string(),
  /** Milliseconds since the epoch. */
  confirmBefore: z.number(),
  armedBy: z.enum(['systemd-run', 'setsid']).nullable(),
  /** Of the rules as loaded; null before that. */
  rulesSha256: z.string().nullable(),
  didForbiddenAnswer: z.boolean().nullable(),
  /** Milliseconds that the answer took; null if there was none. */
  forbiddenTookMs: z.number().nullable().default(null),
});

const REACH_MS = 3_000;
/** A packet that is lost by chance is sent again after a second (RFC 6298, 2.1), and that one must have its time too. */
const SILENT_MS = 1_500;

/** Lets only loopback, the allowed peers and the responder through, and takes itself back unless confirmed. */
export const isolateHost: OperationPerformer<'isolate-host'> = {
  async prepare(operation, { facts, hostFolder }) {
    const peers = operation.allowedPeers.map(canonicalPeer);
    const wrong = operation.allowedPeers.find((_, at) => peers[at] === null);
    if (wrong !== undefined)
      return refused('invalid', `“${wrong}” is neither an address nor a network such as 198.51.100.0/24.`);
    if (facts.firewall === 'none' || facts.firewall === 'windows')
      return refused(
        'unavailable',
        'Neither nft nor iptables works here. Install the package nftables, or isolate the host at the provider.',
      );
    const firewall = firewallOf(facts.firewall);
    const missing = await firewall.whyNot(['ipv4', 'ipv6']);
    if (missing !== null) return refused('unavailable', missing);
    const blocked = await firewall.blockedAddresses();
    const own = ownPeer(facts, blocked);
    if ('code' in own) return refused(own.code, own.message);
    const present = await firewall.isolation();
    if (present !== null)
      return refused(
        'stale',
        'The host is isolated already. Undo or lift that isolation first, then isolate it anew.',
      );
    const allowed = peers.filter((peer) => peer !== null);
    const token = randomBytes(6).toString('hex');
    const askedMs = performance.now();
    const didForbiddenAnswer =
      operation.mustNotReach === null ? null : await canReach(operation.mustNotReach, REACH_MS);
    return ready({
      kind: 'isolate-host',
      backend: facts.firewall,
      token,
      peers: [...new Set([...allowed, ...own.peers.filter((peer) => !isAmong(peer, allowed))])],
      resolvers: operation.allowDns ? readResolvers() : [],
      claim: claimOf(hostFolder, token),
      confirmBefore: Date.now() + operation.confirmWithinMs,
      armedBy: null,
      rulesSha256: null,
      didForbiddenAnswer,
      forbiddenTookMs: didForbiddenAnswer === true ? Math.ceil(performance.now() - askedMs) : null,
    });
  },

  async perform(operation, receipt, { facts, hostFolder }) {
    const { backend, token, peers, resolvers, claim } = readReceipt('isolate-host', fields, receipt);
    const firewall = firewallOf(backend);
    const confirmBefore = Date.now() + operation.confirmWithinMs;
    // The timer must run before the first packet is dropped: a runner that dies in between must not lock anybody out.
    const timer = {
      folder: hostFolder,
      claim,
      token,
      afterMs: operation.confirmWithinMs,
      tools: await firewall.revertArguments(),
    };
    const armed = await armRevertTimer(timer, facts.serviceManager === 'systemd');
    if ('failure' in armed)
      return failed(
        receipt,
        `Not isolated: the timer that would take isolation back could not be started (${armed.failure}).`,
      );
    const change = await firewall.isolate(token, { peers, resolvers, allowDns: operation.allowDns });
    // A tool that was ended may have done it before: then only the timer takes it back.
    const loaded = await firewall.isolation().catch((error: unknown) => errorCode(error));
    const finished = {
      ...{ ...receipt, ...armed, confirmBefore },
      rulesSha256: typeof loaded === 'string' ? null : (loaded?.sha256 ?? null),
    };
    if (!change.ok && loaded === null) {
      await disarmRevertTimer(claim, token, armed.armedBy);
      return failed(receipt, `Not isolated, nothing was changed: ${change.message}.`);
    }
    if (!change.ok || typeof loaded === 'string') {
      const why = change.ok ? String(loaded).replace(/\.$/, '') : change.message;
      return failed(
        finished,
        `Whether the host is isolated is not known: ${why}. If it is, it takes that back itself in ${Math.round(operation.confirmWithinMs / 1000)} s.`,
      );
    }
    const who = peers.length === 0 ? 'nobody' : peers.join(', ');
    const how = armed.armedBy === 'systemd-run' ? 'a timer of systemd' : `process ${armed.pid}`;
    const within = Math.round(operation.confirmWithinMs / 1000);
    return {
      ...done(
        finished,
        `Isolated: only ${who} and this host itself get through. In ${within} s ${how} takes it back unless it is confirmed.`,
      ),
      confirmBefore,
    };
  },

  verify: (_operation, receipt) => judge(receipt),

  async confirm(operation, receipt, how) {
    const before = await judge(receipt);
    if (before.status !== 'holds') return before;
    if (how === 'two-sided-test') {
      const flaw = await twoSidedTest(operation, receipt);
      if (flaw !== null) return verified('does-not-hold', flaw);
    }
    const { claim, token, armedBy } = readReceipt('isolate-host', fields, receipt);
    const disarmed = await disarmRevertTimer(claim, token, armedBy);
    if (!disarmed.ok)
      return verified('does-not-hold', `Not confirmed: ${disarmed.message}. Isolation takes itself back.`);
    return judge(receipt);
  },

  async undo(_operation, receipt) {
    const { backend, token, claim, armedBy } = readReceipt('isolate-host', fields, receipt);
    const change = await firewallOf(backend).removeIsolation(token);
    if (!change.ok) return failed(receipt, `The host is still isolated: ${change.message}.`);
    await disarmRevertTimer(claim, token, armedBy);
    return done(receipt, 'The host is no longer isolated. Blocked addresses stay blocked.');
  },
};

/** What must stay open for the responder; none on a console or where they come in over loopback. */
function ownPeer(
  { responder }: HostFacts,
  blocked: readonly string[],
): { readonly peers: readonly string[] } | Refusal {
  if (responder.peerAddress === null) return { peers: [] };
  const peer = canonicalAddress(responder.peerAddress);
  if (peer === null)
    return {
      code: 'responder',
      message: `Your own connection seems to come from “${responder.peerAddress}”, which is no address that could be let through. Isolate from a console, or at the provider.`,
    };
  if (blocked.includes(peer))
    return {
      code: 'responder',
      message: `You are connected from ${peer}, which is blocked: isolation would not let you back in. Undo that block first.`,
    };
  return { peers: isSpecial(peer) ? [] : [peer] };
}

async function judge(receipt: Receipt): Promise<Verification> {
  const { backend, token, claim, rulesSha256 } = readReceipt('isolate-host', fields, receipt);
  let present: Awaited<ReturnType<ReturnType<typeof firewallOf>['isolation']>>;
  try {
    present = await firewallOf(backend).isolation();
  } catch (error) {
    return verified('unknown', `The firewall's rules could not be read: ${(error as Error).message}`);
  }
  if (present === null)
    return verified(
      'does-not-hold',
      hasReverted(claim)
        ? 'Isolation took itself back: nobody confirmed it in time.'
        : 'The host is not isolated: our table is not there.',
    );
  if (present.token !== token)
    return verified('does-not-hold', 'The host is isolated, but by another operation than this one.');
  if (present.flaw !== null) return verified('does-not-hold', `The isolation has a hole: ${present.flaw}.`);
  if (rulesSha256 !== null && present.sha256 !== rulesSha256)
    return verified('does-not-hold', 'Somebody has changed the rules of the isolation since it was made.');
  return verified(
    'holds',
    `Isolated; ${present.dropped === 1 ? '1 packet' : `${present.dropped} packets`} stopped so far.`,
  );
}

/** null if an allowed peer answers and a forbidden one does not; else which side failed. */
async function twoSidedTest(
  operation: OperationOf<'isolate-host'>,
  receipt: Receipt,
): Promise<string | null> {
  const { mustReach, mustNotReach } = operation;
  if (mustReach === null || mustNotReach === null)
    return `Not confirmed: a two-sided test needs an address that must answer and one that must not, and ${mustReach === null ? 'must-reach' : 'must-not-reach'} is not given. Isolation takes itself back.`;
  const { didForbiddenAnswer, forbiddenTookMs } = readReceipt('isolate-host', fields, receipt);
  // As long as it takes to tell silence from a slow answer, going by how quick the answer was before.
  const silentMs = Math.min(REACH_MS, SILENT_MS + 10 * (forbiddenTookMs ?? REACH_MS));
  const [isAllowedThrough, isForbiddenThrough] = await Promise.all([
    canReach(mustReach, REACH_MS),
    canReach(mustNotReach, silentMs),
  ]);
  if (!isAllowedThrough)
    return `Not confirmed: ${mustReach}, which must still answer, did not within ${REACH_MS / 1000} s. Isolation takes itself back.`;
  if (isForbiddenThrough)
    return `Not confirmed: ${mustNotReach}, which must no longer answer, still does. Isolation takes itself back.`;
  return didForbiddenAnswer === false
    ? `Not confirmed: ${mustNotReach} did not answer before the isolation either, so its silence proves nothing. Give a must-not-reach that answers. Isolation takes itself back.`
    : null;
}
