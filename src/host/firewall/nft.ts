import {
  BLOCK_TABLE,
  blockRules,
  type FirewallRule,
  HOOKS,
  ISOLATE_TABLE,
  isolationRules,
  PRIORITY,
} from '../../operations/firewall-rules.ts';
import { nftWords } from '../../operations/nft-words.ts';
import { HostError } from '../host-error.ts';
import { verified } from '../perform/outcome.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import type { Change, Firewall } from './firewall.ts';
import {
  addressOf,
  fingerprint,
  isDrop,
  ListingError,
  type NftListedRule,
  packetsOf,
  parseTableListing,
  parseTables,
  type TableListing,
} from './nft-listing.ts';
import { sumBy } from './sum-by.ts';
import { stopped, toolFailure } from './tool-failure.ts';

/** nftables, one table per purpose in the family `inet` (IPv4 and IPv6 at once). */
export const nft: Firewall = {
  name: 'nft',

  async whyNot() {
    const listed = await runTool(['nft', '-j', 'list', 'tables']);
    if (listed.exitCode === 0) return null;
    if (listed.failedToStart !== null)
      return 'nft is not installed. Install the package nftables (apt, dnf and apk name it alike), then try again.';
    return `${toolFailure('nft', listed)}. Changing the firewall needs root (CAP_NET_ADMIN) and nf_tables in the kernel.`;
  },

  async block(token, address) {
    const rules = blockRules(address).map((rule) => ruleLine(BLOCK_TABLE, rule, token));
    return load([...tableLines(BLOCK_TABLE), ...rules]);
  },

  async verifyBlock(token, address) {
    const listing = await list(BLOCK_TABLE);
    if (listing === 'unknown') return verified('unknown', 'nft does not tell what rules there are.');
    const ours = (listing?.rules ?? []).filter((rule) => isOurs(rule, token));
    if (listing === null || ours.length === 0)
      return verified(
        'does-not-hold',
        `No rule of this operation for ${address} is in the table ${BLOCK_TABLE}.`,
      );
    const flaw = hookFlaw(listing);
    if (flaw !== null) return verified('does-not-hold', flaw);
    const isWhole = blockRules(address).every(({ hook, matches: [match] }) =>
      ours.some((rule) => {
        const about = addressOf(rule);
        const field = match?.kind === 'address' && match.side === 'source' ? 'saddr' : 'daddr';
        return rule.chain === hook && isDrop(rule) && about?.field === field && about.address === address;
      }),
    );
    if (!isWhole)
      return verified(
        'does-not-hold',
        `Some of the rules for ${address} in the table ${BLOCK_TABLE} are missing or changed.`,
      );
    const packets = ours.reduce((sum, rule) => sum + packetsOf(rule), 0);
    return verified('holds', `${address} is blocked both ways; ${stopped(packets)} so far.`);
  },

  async unblock(token) {
    const listing = await list(BLOCK_TABLE);
    if (listing === 'unknown')
      return { ok: false, message: 'nft does not tell what rules there are; nothing was changed' };
    if (listing === null) return { ok: true };
    const ours = listing.rules.filter((rule) => isOurs(rule, token));
    if (ours.length === listing.rules.length) return load([`delete table inet ${BLOCK_TABLE}`]);
    return load(ours.map(({ chain, handle }) => `delete rule inet ${BLOCK_TABLE} ${chain} handle ${handle}`));
  },

  async blockedAddresses() {
    const listing = await list(BLOCK_TABLE);
    if (listing === null || listing === 'unknown') return [];
    return [...new Set(listing.rules.filter(isDrop).flatMap((rule) => addressOf(rule)?.address ?? []))];
  },

  async droppedTo() {
    const listing = await list(BLOCK_TABLE);
    if (listing === null || listing === 'unknown') return new Map();
    const outgoing = listing.rules.filter((rule) => isDrop(rule) && addressOf(rule)?.field === 'daddr');
    return sumBy(outgoing, (rule) => [addressOf(rule)?.address ?? '', packetsOf(rule)]);
  },

  async isolate(token, policy) {
    const rules = isolationRules(policy).map((rule) => ruleLine(ISOLATE_TABLE, rule, null));
    return load([
      ...tableLines(ISOLATE_TABLE),
      `add chain inet ${ISOLATE_TABLE} ${tokenChain(token)}`,
      ...rules,
    ]);
  },

  async isolation() {
    const listing = await list(ISOLATE_TABLE);
    if (listing === null) return null;
    if (listing === 'unknown') throw new HostError('nft does not tell what rules there are.');
    const token = listing.chains.flatMap(({ name }) => TOKEN_CHAIN.exec(name)?.[1] ?? [])[0] ?? 'unmarked';
    const last = HOOKS.map((hook) => listing.rules.findLast((rule) => rule.chain === hook));
    const unended = HOOKS.find((_, at) => last[at] === undefined || !isFinalDrop(last[at]));
    return {
      token,
      sha256: fingerprint(listing),
      flaw: hookFlaw(listing) ?? (unended ? `the drop at the end of its chain ${unended} is gone` : null),
      dropped: last.reduce((sum, rule) => sum + (rule ? packetsOf(rule) : 0), 0),
      dump: (await runTool(['nft', '-s', 'list', 'table', 'inet', ISOLATE_TABLE])).stdout.toString('utf8'),
    };
  },

  async removeIsolation(token) {
    const isOurs = async () => (await this.isolation())?.token === token;
    if (!(await isOurs())) return { ok: true };
    const change = await load([`delete table inet ${ISOLATE_TABLE}`]);
    // The timer may have been at it in the same moment.
    return change.ok || (await isOurs()) ? change : { ok: true };
  },

  async restoreIsolation(dump) {
    return load([dump]);
  },

  async revertArguments() {
    return ['nft', (await findTool('nft')) ?? '/usr/sbin/nft'];
  },
};

const TOKEN_CHAIN = /^isolation_([0-9a-f]{12})$/;

/** An empty chain that nothing jumps to: its name tells whose table this is, without a need for comments. */
function tokenChain(token: string): string {
  return `isolation_${token}`;
}

function tableLines(table: string): readonly string[] {
  return [
    `add table inet ${table}`,
    ...HOOKS.map(
      (hook) =>
        `add chain inet ${table} ${hook} { type filter hook ${hook} priority ${PRIORITY}; policy accept; }`,
    ),
  ];
}

function ruleLine(table: string, rule: FirewallRule, token: string | null): string {
  const comment = token === null ? '' : ` comment "tourniquet ${token}"`;
  return `add rule inet ${table} ${rule.hook} ${nftWords(rule)}${comment}`;
}

function isOurs(rule: NftListedRule, token: string): boolean {
  return rule.comment === `tourniquet ${token}`;
}

function isFinalDrop(rule: NftListedRule): boolean {
  return isDrop(rule) && rule.expressions.length === 2;
}

/** A chain that is no longer hooked as it was made does nothing, however good its rules. */
function hookFlaw(listing: TableListing): string | null {
  for (const hook of HOOKS) {
    const chain = listing.chains.find(({ name }) => name === hook);
    if (chain?.hook !== hook || chain.priority !== PRIORITY)
      return `its chain ${hook} is not hooked as it was made`;
  }
  return null;
}

/** null if there is no such table, `unknown` if nft does not say. */
async function list(table: string): Promise<TableListing | null | 'unknown'> {
  const tables = await runTool(['nft', '-j', 'list', 'tables']);
  if (tables.exitCode !== 0) return 'unknown';
  try {
    if (!parseTables(tables.stdout.toString('utf8')).includes(table)) return null;
    const listed = await runTool(['nft', '-j', 'list', 'table', 'inet', table]);
    return listed.exitCode === 0 ? parseTableListing(listed.stdout.toString('utf8')) : 'unknown';
  } catch (error) {
    if (error instanceof ListingError) return 'unknown';
    throw error;
  }
}

/** One transaction: all lines or none (nft(8), "-f"). */
async function load(lines: readonly string[]): Promise<Change> {
  if (lines.length === 0) return { ok: true };
  const loaded = await runTool(['nft', '-f', '-'], { input: `${lines.join('\n')}\n` });
  return loaded.exitCode === 0 ? { ok: true } : { ok: false, message: toolFailure('nft', loaded) };
}
