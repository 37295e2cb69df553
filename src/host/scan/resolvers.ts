import { isPrivateAddress, isRemoteAddress } from '../../findings/addresses.ts';
import { dnsmasqFiles } from './dnsmasq.ts';
import { gatherLines, type LineReading } from './gather-lines.ts';
import type { Gathered } from './gathered.ts';
import { type Look, listFolder } from './look.ts';
import type { Ownership } from './owning.ts';

/** Whom this host asks for addresses: resolv.conf(5), resolved.conf(5), networkd's systemd.network(5), dnsmasq(8). */
export async function enumerateResolvers(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  let seen = 0;
  for (const { path, read } of places(look)) {
    const of = { scope: 'sources', path, role: 'resolver-line' } as const;
    seen += (await gatherLines(look, gathered, ownership, of, read)) ?? 0;
  }
  return seen;
}

interface Place {
  readonly path: string;
  readonly read: (line: string) => LineReading | null;
}

function* places(look: Look): Generator<Place> {
  yield { path: '/etc/resolv.conf', read: (line) => told(/^\s*nameserver\s+(\S+)/.exec(line)?.[1]) };
  yield { path: '/etc/systemd/resolved.conf', read: readSystemd };
  for (const root of ['/etc', '/run', '/usr/local/lib', '/usr/lib']) {
    yield* filesIn(look, `${root}/systemd/resolved.conf.d`, /\.conf$/, readSystemd);
    yield* filesIn(look, `${root}/systemd/network`, /\.network$/, readSystemd);
  }
  for (const path of dnsmasqFiles(look)) yield { path, read: readDnsmasq };
}

function* filesIn(look: Look, folder: string, name: RegExp, read: Place['read']): Generator<Place> {
  for (const one of listFolder(look, 'sources', folder))
    if (name.test(one)) yield { path: `${folder}/${one}`, read };
}

function told(address: string | undefined): LineReading | null {
  return address === undefined ? null : { details: { address: address.toLowerCase() } };
}

/** `DNS=9.9.9.9#dns.quad9.net 10.0.0.2`: of several the one that is least expected. */
function readSystemd(line: string): LineReading | null {
  const value = /^\s*(?:DNS|FallbackDNS)\s*=\s*(.+?)\s*$/.exec(line)?.[1];
  const all = (value ?? '')
    .split(/\s+/)
    .map((one) => one.replace(/[#%].*$/, '').replace(/^\[(.*)\](:\d+)?$/, '$1'));
  return told(all.find((one) => isRemoteAddress(one) && !isPrivateAddress(one)) ?? (all[0] || undefined));
}

/** `server=/example.org/10.0.0.2#53`; only those for all names lead everything elsewhere. */
function readDnsmasq(line: string): LineReading | null {
  return told(/^\s*server\s*=\s*([0-9a-fA-F.:]+)(?:[#@].*)?\s*$/.exec(line)?.[1]);
}
