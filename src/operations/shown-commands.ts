import { type FirewallRule, HOOKS, PRIORITY } from './firewall-rules.ts';
import { nftWords } from './nft-words.ts';
import { shellCommand, shellQuote } from './shell-quote.ts';

/** What a person would type to install updates, by package manager; for no names, everything that is pending. */
export const UPGRADE_COMMANDS = {
  apt: (packages: readonly string[]) => [
    'apt-get update',
    shellCommand([
      ...['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-o', 'Dpkg::Options::=--force-confold'],
      ...(packages.length === 0 ? ['upgrade'] : ['install', '--only-upgrade', '--', ...packages]),
    ]),
  ],
  dnf: (packages: readonly string[]) => [
    shellCommand([
      'dnf',
      '-y',
      '--refresh',
      'upgrade',
      ...(packages.length === 0 ? [] : ['--', ...packages]),
    ]),
  ],
  apk: (packages: readonly string[]) => [
    'apk update',
    shellCommand(['apk', 'upgrade', ...(packages.length === 0 ? [] : ['--', ...packages])]),
  ],
} as const;

/** What a person would type to make a table of our own with its three chains. */
export function nftTable(table: string): readonly string[] {
  return [
    `nft add table inet ${table}`,
    ...HOOKS.map((hook) =>
      shellCommand([
        ...['nft', 'add', 'chain', 'inet', table, hook],
        `{ type filter hook ${hook} priority ${PRIORITY}; }`,
      ]),
    ),
  ];
}

export function nftRules(table: string, rules: readonly FirewallRule[]): readonly string[] {
  return rules.map((rule) => {
    const words = nftWords(rule);
    return `nft add rule inet ${table} ${rule.hook} ${/^[\w .:/-]+$/.test(words) ? words : shellQuote(words)}`;
  });
}
