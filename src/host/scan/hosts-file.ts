import { isSinkAddress } from '../../findings/addresses.ts';
import { dnsmasqFiles, parseDnsmasqAddress } from './dnsmasq.ts';
import { entryFile } from './entry-file.ts';
import type { Gathered } from './gathered.ts';
import { type Look, readLines } from './look.ts';
import type { Ownership } from './owning.ts';

/** Which address a name has by this host's own word: hosts(5), and dnsmasq’s `address`. */
export async function enumerateHostsFile(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  let seen = await enumerateNames(look, gathered, ownership, '/etc/hosts', parseHostsLine);
  for (const path of dnsmasqFiles(look))
    seen += await enumerateNames(look, gathered, ownership, path, parseDnsmasqAddress);
  return seen;
}

async function enumerateNames(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  path: string,
  parse: (line: string) => { address: string; names: string[] } | null,
): Promise<number> {
  const file = await entryFile(look, 'hosts-file', path, ownership);
  const lines = file === null ? null : readLines(look, 'hosts-file', path);
  if (file === null || lines === null) return 0;
  const parsed = lines.flatMap((text, index) => {
    const entry = parse(text);
    return entry === null ? [] : [{ ...entry, text, number: index + 1 }];
  });
  const sunk = parsed.filter(
    ({ address, names }) => isSinkAddress(address) && names.some((name) => name.includes('.')),
  ).length;
  const repeats = new Map<string, number>();
  for (const { address, names, text, number } of parsed) {
    for (const name of names) if (!gathered.hostsNames.has(name)) gathered.hostsNames.set(name, address);
    const repeat = repeats.get(text) ?? 0;
    repeats.set(text, repeat + 1);
    gathered.lines.push({
      ...file,
      role: 'hosts-line',
      line: { number, text },
      details: { address, names: names.join(' '), ...(repeat > 0 ? { repeat: String(repeat) } : {}) },
      command: null,
      home: null,
      account: null,
      isSystemAccount: false,
      siblings: sunk,
    });
  }
  return parsed.length;
}

export function parseHostsLine(line: string): { address: string; names: string[] } | null {
  const [address = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
  if (!/^[0-9a-fA-F.:%\w]+$/.test(address) || names.length === 0) return null;
  return { address: address.toLowerCase(), names: names.map((name) => name.toLowerCase()) };
}
