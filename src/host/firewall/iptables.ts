import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  blockRules,
  type FirewallRule,
  HOOKS,
  type Hook,
  isIpv6,
  isolationRules,
} from '../../operations/firewall-rules.ts';
import { verified } from '../perform/outcome.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import type { Change, Family, Firewall } from './firewall.ts';
import { type FilterListing, isOurChain, parseFilterListing, whyNotReached } from './iptables-listing.ts';
import { iptablesWords } from './iptables-words.ts';
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
      if (listing === null) throw new Error(`${TOOLS[family]} does not tell what rules there are.`);
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
    for (const family of FAMILIES.filter(isInKernel)) {
      const listing = await list(family);
      if (listing === null) return untold(family);
      const chains = HOOKS.map((hook) => [hook, isolationChain(hook, token)] as const);
      const present = chains.filter(([, chain]) => listing.chains.includes(chain));
      const change = await restore(
        family,
        present.flatMap(([hook, chain]) => removal(listing, hook, chain)),
      );
      if (!change.ok) return change;
    }
    return { ok: true };
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

const FAMILIES = ['ipv4', 'ipv6'] as const;
const TOOLS = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;
const BUILT_IN = { input: 'INPUT', output: 'OUTPUT', forward: 'FORWARD' } as const;
const SHORT = { input: 'IN', output: 'OUT', forward: 'FWD' } as const;
const BLOCK = 'TOURNIQUET-BLOCK-';
const ISOLATION = /^TOURNIQUET-(?:IN|OUT|FWD)-([0-9a-f]{12})$/;

function blockChain(hook: Hook): string {
  return `${BLOCK}${SHORT[hook]}`;
}

/** 27 characters at most; iptables allows 28. */
function isolationChain(hook: Hook, token: string): string {
  return `TOURNIQUET-${SHORT[hook]}-${token}`;
}

function familyOf(address: string): Family {
  return isIpv6(address) ? 'ipv6' : 'ipv4';
}

/** A kernel without IPv6 needs no rules for it. */
function isInKernel(family: Family): boolean {
  return family === 'ipv4' || existsSync('/proc/net/if_inet6');
}

function isMarked(spec: string, token: string): boolean {
  return spec.includes(`tourniquet:${token}`);
}

function blockLines(token: string, rule: FirewallRule, family: Family): readonly string[] {
  return iptablesWords(rule, family).map(
    (words) => `-A ${blockChain(rule.hook)} -m comment --comment tourniquet:${token} ${words}`,
  );
}

function isolationLines(token: string, rules: readonly FirewallRule[], family: Family): readonly string[] {
  const chains = HOOKS.map((hook) => `:${isolationChain(hook, token)} - [0:0]`);
  const words = rules.flatMap((rule) =>
    iptablesWords(rule, family).map((one) => `-A ${isolationChain(rule.hook, token)} ${one}`),
  );
  return [
    ...chains,
    ...words,
    ...HOOKS.map((hook) => `-I ${BUILT_IN[hook]} 1 -j ${isolationChain(hook, token)}`),
  ];
}

function isolationFlaws(listing: FilterListing, token: string): readonly string[] {
  return HOOKS.flatMap((hook) => {
    const chain = isolationChain(hook, token);
    const last = listing.rules.findLast((rule) => rule.chain === chain);
    if (last?.spec !== '-j DROP') return [`the drop at the end of ${chain} is gone`];
    return whyNotReached(listing, BUILT_IN[hook], chain) ?? [];
  });
}

function dumpLines(listing: FilterListing, token: string): readonly string[] {
  const chains = HOOKS.map((hook) => isolationChain(hook, token));
  const rules = listing.rules.filter(({ chain }) => chains.includes(chain));
  const jumps = HOOKS.filter((hook) => hasJump(listing, hook, isolationChain(hook, token)));
  return [
    ...chains.filter((chain) => listing.chains.includes(chain)).map((chain) => `:${chain} - [0:0]`),
    ...rules.map(({ chain, spec }) => `-A ${chain} ${spec}`),
    ...jumps.map((hook) => `-I ${BUILT_IN[hook]} 1 -j ${isolationChain(hook, token)}`),
  ];
}

function hasJump(listing: FilterListing, hook: Hook, chain: string): boolean {
  return listing.rules.some((rule) => rule.chain === BUILT_IN[hook] && rule.spec === `-j ${chain}`);
}

/** Only jumps of ours come before it. */
function isFirst(listing: FilterListing, hook: Hook, chain: string): boolean {
  const rules = listing.rules.filter((rule) => rule.chain === BUILT_IN[hook]);
  const jump = rules.findIndex(({ spec }) => spec === `-j ${chain}`);
  return jump >= 0 && rules.slice(0, jump).every(({ target }) => isOurChain(target));
}

function toTop(listing: FilterListing, hook: Hook, chain: string): readonly string[] {
  const old = hasJump(listing, hook, chain) ? [`-D ${BUILT_IN[hook]} -j ${chain}`] : [];
  return [...old, `-I ${BUILT_IN[hook]} 1 -j ${chain}`];
}

function removal(listing: FilterListing, hook: Hook, chain: string): readonly string[] {
  const jump = hasJump(listing, hook, chain) ? [`-D ${BUILT_IN[hook]} -j ${chain}`] : [];
  return [...jump, `-F ${chain}`, `-X ${chain}`];
}

async function list(family: Family): Promise<FilterListing | null> {
  const listed = await runTool([TOOLS[family], '-w', '5', '-v', '-S']);
  return listed.exitCode === 0 ? parseFilterListing(listed.stdout.toString('utf8')) : null;
}

/** One transaction; a chain that is declared must be new, or it would be emptied. */
async function restore(family: Family, lines: readonly string[]): Promise<Change> {
  if (lines.length === 0) return { ok: true };
  const tool = `${TOOLS[family]}-restore`;
  const loaded = await runTool([tool, '--noflush', '-w', '5'], {
    input: `*filter\n${lines.join('\n')}\nCOMMIT\n`,
  });
  return loaded.exitCode === 0 ? { ok: true } : { ok: false, message: toolFailure(tool, loaded) };
}

function untold(family: Family): Change {
  return { ok: false, message: `${TOOLS[family]} does not tell what rules there are; nothing was changed` };
}
