import { existsSync } from 'node:fs';
import { type FirewallRule, HOOKS, type Hook, isIpv6 } from '../../operations/firewall-rules.ts';
import { runTool } from '../run-tool.ts';
import type { Change, Family } from './firewall.ts';
import { type FilterListing, isOurChain, parseFilterListing, whyNotReached } from './iptables-listing.ts';
import { iptablesWords } from './iptables-words.ts';
import { toolFailure } from './tool-failure.ts';

export const FAMILIES = ['ipv4', 'ipv6'] as const;
export const TOOLS = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;
export const BUILT_IN = { input: 'INPUT', output: 'OUTPUT', forward: 'FORWARD' } as const;
const SHORT = { input: 'IN', output: 'OUT', forward: 'FWD' } as const;
export const BLOCK = 'TOURNIQUET-BLOCK-';
export const ISOLATION = /^TOURNIQUET-(?:IN|OUT|FWD)-([0-9a-f]{12})$/;

export function blockChain(hook: Hook): string {
  return `${BLOCK}${SHORT[hook]}`;
}

/** 27 characters at most; iptables allows 28. */
function isolationChain(hook: Hook, token: string): string {
  return `TOURNIQUET-${SHORT[hook]}-${token}`;
}

export function familyOf(address: string): Family {
  return isIpv6(address) ? 'ipv6' : 'ipv4';
}

/** A kernel without IPv6 needs no rules for it. */
export function isInKernel(family: Family): boolean {
  return family === 'ipv4' || existsSync('/proc/net/if_inet6');
}

export function isMarked(spec: string, token: string): boolean {
  return spec.includes(`tourniquet:${token}`);
}

export function blockLines(token: string, rule: FirewallRule, family: Family): readonly string[] {
  return iptablesWords(rule, family).map(
    (words) => `-A ${blockChain(rule.hook)} -m comment --comment tourniquet:${token} ${words}`,
  );
}

export function isolationLines(
  token: string,
  rules: readonly FirewallRule[],
  family: Family,
): readonly string[] {
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

export function isolationFlaws(listing: FilterListing, token: string): readonly string[] {
  return HOOKS.flatMap((hook) => {
    const chain = isolationChain(hook, token);
    const last = listing.rules.findLast((rule) => rule.chain === chain);
    if (last?.spec !== '-j DROP') return [`the drop at the end of ${chain} is gone`];
    return whyNotReached(listing, BUILT_IN[hook], chain) ?? [];
  });
}

export function dumpLines(listing: FilterListing, token: string): readonly string[] {
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
export function isFirst(listing: FilterListing, hook: Hook, chain: string): boolean {
  const rules = listing.rules.filter((rule) => rule.chain === BUILT_IN[hook]);
  const jump = rules.findIndex(({ spec }) => spec === `-j ${chain}`);
  return jump >= 0 && rules.slice(0, jump).every(({ target }) => isOurChain(target));
}

export function toTop(listing: FilterListing, hook: Hook, chain: string): readonly string[] {
  const old = hasJump(listing, hook, chain) ? [`-D ${BUILT_IN[hook]} -j ${chain}`] : [];
  return [...old, `-I ${BUILT_IN[hook]} 1 -j ${chain}`];
}

export function removal(listing: FilterListing, hook: Hook, chain: string): readonly string[] {
  const jump = hasJump(listing, hook, chain) ? [`-D ${BUILT_IN[hook]} -j ${chain}`] : [];
  return [...jump, `-F ${chain}`, `-X ${chain}`];
}

/** None if nothing of it is there. */
export function isolationRemoval(listing: FilterListing, token: string): readonly string[] {
  return HOOKS.flatMap((hook) => {
    const chain = isolationChain(hook, token);
    return listing.chains.includes(chain) ? removal(listing, hook, chain) : [];
  });
}

export async function list(family: Family): Promise<FilterListing | null> {
  const listed = await runTool([TOOLS[family], '-w', '5', '-v', '-S']);
  return listed.exitCode === 0 ? parseFilterListing(listed.stdout.toString('utf8')) : null;
}

/** One transaction; a chain that is declared must be new, or it would be emptied. */
export async function restore(family: Family, lines: readonly string[]): Promise<Change> {
  if (lines.length === 0) return { ok: true };
  const tool = `${TOOLS[family]}-restore`;
  const loaded = await runTool([tool, '--noflush', '-w', '5'], {
    input: `*filter\n${lines.join('\n')}\nCOMMIT\n`,
  });
  return loaded.exitCode === 0 ? { ok: true } : { ok: false, message: toolFailure(tool, loaded) };
}

export function untold(family: Family): Change {
  return { ok: false, message: `${TOOLS[family]} does not tell what rules there are; nothing was changed` };
}
