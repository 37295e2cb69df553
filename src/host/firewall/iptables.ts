import { createHash } from 'node:crypto';
import { blockRules, HOOKS, isolationRules } from '../../operations/firewall-rules.ts';
import { HostError } from '../host-error.ts';
import { verified } from '../perform/outcome.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import type { Change, Family, Firewall } from './firewall.ts';
import {
  BLOCK,
  BUILT_IN,
  blockChain,
  blockLines,
  dumpLines,
  FAMILIES,
  familyOf,
  ISOLATION,
  isFirst,
  isInKernel,
  isMarked,
  isolationFlaws,
  isolationLines,
  isolationRemoval,
  list,
  removal,
  restore,
  TOOLS,
  toTop,
  untold,
} from './iptables-chains.ts';
import { type FilterListing, whyNotReached } from './iptables-listing.ts';
import { sumBy } from './sum-by.ts';
import { stopped, toolFailure } from './tool-failure.ts';

/**
 * iptables and ip6tables, either implementation. Blocked addresses lie in TOURNIQUET-BLOCK-IN, -OUT and -FWD;
 * isolation in TOURNIQUET-IN-, -OUT- and -FWD- with its token, so that nothing can delete another's.
 */
export const iptables: Firewall = {
  name: 'iptables',

  async whyNot(families) {
    for (const family of families.filter(isInKernel)) {
      for (const tool of [TOOLS[family], `${TOOLS[family]}-restore`]) {
        if ((await findTool(tool)) === null)
          return `${tool} is not installed. Install the package nftables, or iptables, then try again.`;
      }
      const listed = await runTool([TOOLS[family], '-w', '5', '-S']);
      if (listed.exitCode !== 0)
        return `${toolFailure(TOOLS[family], listed)}. Changing the firewall needs root (CAP_NET_ADMIN) and the filter table in the kernel.`;
    }
    return null;
  },

  async block(token, address) {
    const family = familyOf(address);
    const listing = await list(family);
    if (listing === null) return untold(family);
    const lines = HOOKS.flatMap((hook) => {
      const chain = blockChain(hook);
      const isNew = !listing.chains.includes(chain);
      return [
        ...(isNew ? [`:${chain} - [0:0]`] : []),
        ...(isFirst(listing, hook, chain) ? [] : toTop(listing, hook, chain)),
      ];
    });
    const rules = blockRules(address).flatMap((rule) => blockLines(token, rule, family));
    return restore(family, [...lines, ...rules]);
  },

  async verifyBlock(token, address) {
    const family = familyOf(address);
    const listing = await list(family);
    if (listing === null) return verified('unknown', `${TOOLS[family]} does not tell what rules there are.`);
    const ours = listing.rules.filter(({ chain, spec }) => chain.startsWith(BLOCK) && isMarked(spec, token));
    if (ours.length === 0)
      return verified(
        'does-not-hold',
        `No rule of this operation for ${address} is in the chains ${BLOCK}*.`,
      );
    for (const rule of blockRules(address)) {
      const [side] = rule.matches;
      const flag = side?.kind === 'address' && side.side === 'source' ? '-s' : '-d';
      const isThere = ours.some(
        ({ chain, spec, target }) =>
          chain === blockChain(rule.hook) && spec.startsWith(`${flag} ${address}/`) && target === 'DROP',
      );
      if (!isThere)
        return verified(
          'does-not-hold',
          `A rule for ${address} in ${blockChain(rule.hook)} is missing or changed.`,
        );
    }
    const flaw = HOOKS.map((hook) => whyNotReached(listing, BUILT_IN[hook], blockChain(hook))).find(Boolean);
    if (flaw) return verified('does-not-hold', `The rules for ${address} are there, but ${flaw}.`);
    const packets = ours.reduce((sum, rule) => sum + rule.packets, 0);
    return verified('holds', `${address} is blocked both ways; ${stopped(packets)} so far.`);
  },

  async unblock(token, address) {
    const family = familyOf(address);
    const listing = await list(family);
    if (listing === null) return untold(family);
    const lines: string[] = [];
    for (const hook of HOOKS) {
      const chain = blockChain(hook);
      if (!listing.chains.includes(chain)) continue;
      const rules = listing.rules.filter((rule) => rule.chain === chain);
      const ours = rules.filter(({ spec }) => isMarked(spec, token));
      lines.push(...ours.map(({ spec }) => `-D ${chain} ${spec}`));
      if (ours.length === rules.length) lines.push(...removal(listing, hook, chain));
    }
    return restore(family, lines);
  },

  async blockedAddresses() {
    const listings = await Promise.all(FAMILIES.filter(isInKernel).map(list));
    const rules = listings.flatMap((listing) => listing?.rules ?? []);
    return [
      ...new Set(
        rules.flatMap(({ chain, spec, target }) =>
          chain.startsWith(BLOCK) && target === 'DROP' ? (/^-[sd] ([^/ ]+)/.exec(spec)?.[1] ?? []) : [],
        ),
      ),
    ];
  },

  async droppedTo() {
    const listings = await Promise.all(FAMILIES.filter(isInKernel).map(list));
    const rules = listings.flatMap((listing) => listing?.rules ?? []);
    const outgoing = rules.filter(
      ({ chain, spec, target }) => chain.startsWith(BLOCK) && target === 'DROP' && spec.startsWith('-d '),
    );
    return sumBy(outgoing, ({ spec, packets }) => [/^-d ([^/ ]+)/.exec(spec)?.[1] ?? '', packets]);
  },

  async isolate(token, policy) {
    const rules = isolationRules(policy);
    for (const family of FAMILIES.filter(isInKernel)) {
      const change = await restore(family, isolationLines(token, rules, family));
      if (change.ok) continue;
      await this.removeIsolation(token);
      return change;
    }
    return { ok: true };
  },

  async isolation() {
    const listings = new Map<Family, FilterListing>();
    for (const family of FAMILIES.filter(isInKernel)) {
      const listing = await list(family);
      if (listing === null) throw new HostError(`${TOOLS[family]} does not tell what rules there are.`);
      listings.set(family, listing);
    }
    const token = [...listings.values()].flatMap(({ chains }) =>
      chains.flatMap((one) => ISOLATION.exec(one)?.[1] ?? []),
    )[0];
    if (token === undefined) return null;
    const flaws = [...listings].flatMap(([family, listing]) =>
      isolationFlaws(listing, token).map((flaw) => `${TOOLS[family]}: ${flaw}`),
    );
    const dumps = [...listings].map(([family, listing]) => ({ family, lines: dumpLines(listing, token) }));
    return {
      token,
      sha256: createHash('sha256').update(JSON.stringify(dumps)).digest('hex'),
      flaw: flaws[0] ?? null,
      dropped: [...listings.values()]
        .flatMap(({ rules }) =>
          rules.filter(({ chain, spec }) => chain.endsWith(token) && spec === '-j DROP'),
        )
        .reduce((sum, rule) => sum + rule.packets, 0),
      dump: JSON.stringify(dumps),
    };
  },

  async removeIsolation(token) {
    let last: Change = { ok: true };
    for (const family of FAMILIES.filter(isInKernel)) {
      // The timer may be at it in the same moment, rule by rule: then what is left is looked at anew.
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const listing = await list(family);
        if (listing === null) return untold(family);
        last = await restore(family, isolationRemoval(listing, token));
        if (last.ok) break;
      }
      if (!last.ok) return last;
    }
    return last;
  },

  async restoreIsolation(dump) {
    const parts = JSON.parse(dump) as readonly { family: Family; lines: readonly string[] }[];
    for (const { family, lines } of parts) {
      const change = await restore(family, lines);
      if (!change.ok) return change;
    }
    return { ok: true };
  },

  async revertArguments() {
    const paths = await Promise.all(FAMILIES.filter(isInKernel).map((family) => findTool(TOOLS[family])));
    return ['iptables', ...paths.filter((path) => path !== null)];
  },
};
