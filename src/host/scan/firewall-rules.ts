import { existsSync } from 'node:fs';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linesOf, listFolder, readLines, statHere } from './look.ts';
import { markSetting } from './mark-setting.ts';

const SAVED = [
  '/etc/iptables/rules.v4',
  '/etc/iptables/rules.v6',
  '/etc/sysconfig/iptables',
  '/etc/sysconfig/ip6tables',
  '/etc/iptables/rules-save',
  '/etc/nftables.conf',
  '/etc/sysconfig/nftables.conf',
  '/etc/nftables.nft',
  '/etc/ufw/user.rules',
  '/etc/ufw/user6.rules',
];
const MOST_RULES = 5000;

/** A rule as its tool writes it, and what is known of it. */
export interface SeenRule {
  readonly text: string;
  readonly line: number;
  readonly verdict: 'accept' | 'drop' | 'redirect';
  readonly ports: readonly number[];
  readonly addresses: readonly string[];
  readonly isOutgoing: boolean;
}

/** Rules of the running firewall and of what is loaded at start. Ours are ours, and are passed over. */
export async function enumerateFirewall(look: Look, gathered: Gathered): Promise<number> {
  let seen = 0;
  for (const path of SAVED) {
    const lines = readLines(look, 'firewall', path);
    if (lines !== null) seen += note(look, gathered, path, lines);
  }
  if (look.root !== '') return seen;
  const running: string[] = [];
  const options = { timeoutMs: 15_000, ...(look.signal ? { signal: look.signal } : {}) };
  const results = await Promise.all(
    RUNNING.map(async (one) => ({ ...one, result: await runTool(one.argv, options) })),
  );
  for (const { tool, place, result } of results) {
    if (result.exitCode === 0) {
      const lines = linesOf(decodeHostBytes(result.stdout));
      running.push(...lines);
      seen += note(look, gathered, place, lines);
    } else if (result.failedToStart === null) {
      const reason = result.timedOut ? 'it did not end in time' : 'it was refused (it wants to be root)';
      look.unknowns.push({ scope: 'firewall', what: `rules, by ${tool}`, reason });
    }
  }
  if (look.facts.container === null) findEmptied(look, gathered, running);
  return seen;
}

const RUNNING = [
  { tool: 'iptables-save', argv: ['iptables-save'], place: '/proc/net/ip_tables_names' },
  { tool: 'ip6tables-save', argv: ['ip6tables-save'], place: '/proc/net/ip6_tables_names' },
  { tool: 'nft', argv: ['nft', 'list', 'ruleset'], place: '/proc/net/netfilter' },
] as const;

function note(look: Look, gathered: Gathered, path: string, lines: readonly string[]): number {
  const rules = readRules(lines.slice(0, MOST_RULES));
  for (const rule of rules) {
    const isFile = !path.startsWith('/proc/');
    markSetting(look, gathered, {
      part: 'firewall',
      code: 'firewall-rule',
      name: rule.text,
      path,
      ...(isFile ? { line: rule.line } : {}),
      details: {
        value: rule.text,
        verdict: rule.verdict,
        ports: rule.ports.join(' '),
        addresses: rule.addresses.join(' '),
        isOutgoing: rule.isOutgoing ? 'yes' : 'no',
      },
      advice: isFile
        ? `take line ${rule.line} out, if nobody here wrote it`
        : `if nobody here wrote it, delete it alone and never flush the table: ${undoText(rule.text)}`,
    });
  }
  return rules.length;
}

function undoText(text: string): string {
  return text.startsWith('-A ')
    ? `iptables -D ${text.slice(3)}`
    : 'nft -a list ruleset, then nft delete rule … handle N';
}

/** Of `iptables-save` and of `nft list ruleset`: rules that accept, drop or redirect by port or address. */
function readRules(lines: readonly string[]): SeenRule[] {
  const out: SeenRule[] = [];
  let isOurs = false;
  let isCopy = false;
  let chain = '';
  for (const [index, raw] of lines.entries()) {
    const text = raw.trim().slice(0, 1000);
    // What iptables-nft keeps is listed by iptables-save as well.
    if (text.startsWith('# Warning: table ')) isCopy = true;
    const table = /^table\s+\S+\s+(\S+)\s*\{/.exec(text)?.[1];
    if (table !== undefined) {
      isOurs = /^tourniquet_/.test(table) || isCopy;
      isCopy = false;
    }
    chain = /^chain\s+(\S+)\s*\{/.exec(text)?.[1] ?? chain;
    const rule = isOurs || text.startsWith('#') || /tourniquet/i.test(text) ? null : readRule(text, chain);
    if (rule !== null) out.push({ ...rule, line: index + 1 });
  }
  return out;
}

function readRule(text: string, nftChain: string): Omit<SeenRule, 'line'> | null {
  const isIptables = /^-[AI] /.test(text);
  const verdict = isIptables
    ? /(?:^|\s)-j (ACCEPT|DROP|REJECT|DNAT|REDIRECT)\b/.exec(text)?.[1]
    : /\b(accept|drop|reject|dnat|redirect)\b/.exec(text)?.[1];
  if (verdict === undefined || (!isIptables && !/\b[sd]port\b|\b[sd]addr\b|\b(?:dnat|redirect)\b/.test(text)))
    return null;
  const chain = isIptables ? (/^-[AI] (\S+)/.exec(text)?.[1] ?? '') : nftChain;
  const portTexts = [...text.matchAll(/(?:--dports?|dport)\s+\{?\s*([\d,: -]+)/g)].map(
    (match) => match[1] ?? '',
  );
  const addressTexts = [
    ...text.matchAll(/(?:-[sd]|[sd]addr|--to-destination|dnat to|dnat ip to)\s+([0-9a-f.:/]+)/gi),
  ];
  return {
    text,
    verdict: /drop|reject/i.test(verdict) ? 'drop' : /accept/i.test(verdict) ? 'accept' : 'redirect',
    ports: portTexts.flatMap((one) => (one.match(/\d+/g) ?? []).map(Number)),
    addresses: addressTexts.map((match) => (match[1] ?? '').replace(/\/(32|128)$/, '')),
    isOutgoing: /out/i.test(chain),
  };
}

/** A firewall that is set to be on and has no rules: `iptables -F` is among the first lines of most droppers. */
function findEmptied(look: Look, gathered: Gathered, running: readonly string[]): void {
  const isWanted = (unit: string): boolean =>
    listFolder(look, 'firewall', '/etc/systemd/system/multi-user.target.wants').includes(unit) ||
    listFolder(look, 'firewall', '/etc/systemd/system/sysinit.target.wants').includes(unit);
  const ufw = readLines(look, 'firewall', '/etc/ufw/ufw.conf')?.some((line) =>
    /^\s*ENABLED\s*=\s*yes\b/i.test(line),
  );
  const has = (pattern: RegExp): boolean => running.some((line) => pattern.test(line));
  const savedNft = readRules(readLines(look, 'firewall', '/etc/nftables.conf') ?? []).length > 0;
  const checks = [
    { what: 'ufw', path: '/etc/ufw/ufw.conf', isOn: ufw === true, isThere: has(/\bufw6?-/) },
    {
      what: 'firewalld',
      path: '/etc/firewalld',
      isOn: isWanted('firewalld.service'),
      isThere: has(/firewalld|FORWARD_direct|IN_public/),
    },
    {
      what: 'nftables',
      path: '/etc/nftables.conf',
      isOn: savedNft && isWanted('nftables.service'),
      isThere: has(/^table \S+ (?!tourniquet_)/),
    },
  ];
  // Before the host is up nothing has been loaded yet.
  if (!existsSync('/run/systemd/system') && !existsSync('/run/openrc')) return;
  for (const { what, path, isOn, isThere } of checks) {
    if (!isOn || isThere || statHere(look, path) === null) continue;
    markSetting(look, gathered, {
      part: 'firewall',
      code: 'firewall-off',
      name: what,
      path,
      details: { value: `${what} is set to be on, and none of its rules are loaded` },
      advice: `load them again once the host is contained: ${what === 'ufw' ? 'ufw reload' : `systemctl restart ${what}`}`,
    });
  }
}
