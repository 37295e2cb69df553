import { BlockList, isIP, SocketAddress } from 'node:net';

/**
 * An address in the one form that firewalls and kernels print it in: lower case, shortest (RFC 5952), without a
 * zone (`fe80::1%eth0`), IPv4 out of `::ffff:192.0.2.1`. null if it is none.
 */
export function canonicalAddress(text: string): string | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 4) return bare;
  if (version === 0) return null;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

/** An address or CIDR in canonical form, with the bits beyond the prefix cleared (as firewalls list it). */
export function canonicalPeer(text: string): string | null {
  const [given = '', prefixText, ...more] = text.split('/');
  const address = canonicalAddress(given);
  if (address === null || more.length > 0) return null;
  const bits = isIP(address) === 4 ? 32 : 128;
  if (prefixText === undefined) return address;
  if (!/^\d{1,3}$/.test(prefixText) || Number(prefixText) > bits) return null;
  const prefix = Number(prefixText);
  if (prefix === bits) return address;
  const cleared = (toBits(address) >> BigInt(bits - prefix)) << BigInt(bits - prefix);
  return `${fromBits(cleared, bits)}/${prefix}`;
}

/** Whether an address is one of these addresses and networks (all canonical). */
export function isAmong(address: string, peers: readonly string[]): boolean {
  const list = new BlockList();
  for (const peer of peers) {
    const [network = '', prefix] = peer.split('/');
    const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** Loopback, unspecified, link-local and multicast addresses and broadcast: nothing that could be a peer far away. */
export function isSpecial(address: string): boolean {
  return isAmong(address, [
    ...['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255'],
    ...['::', '::1', 'ff00::/8'],
  ]);
}

/** `192.0.2.1:443`, `[2001:db8::1]:443`; null if it is no such thing. */
export function parseEndpoint(text: string): { readonly address: string; readonly port: number } | null {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = canonicalAddress(parts?.[1] ?? parts?.[2] ?? '');
  const port = Number(parts?.[3]);
  return address !== null && port > 0 && port < 65_536 ? { address, port } : null;
}

function toBits(address: string): bigint {
  if (isIP(address) === 4) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').flatMap(wordsOf));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0n);
  return [...left, ...zeros, ...right].reduce((sum, word) => (sum << 16n) | word, 0n);
}

/** One group of an IPv6 address; the last may be an IPv4 address (two groups). */
function wordsOf(group: string): bigint[] {
  if (!group.includes('.')) return [BigInt(`0x${group}`)];
  const value = toBits(group);
  return [value >> 16n, value & 0xffffn];
}

function fromBits(value: bigint, bits: number): string {
  const size = bits === 32 ? 8 : 16;
  const parts: string[] = [];
  for (let shift = bits - size; shift >= 0; shift -= size) {
    const part = (value >> BigInt(shift)) & ((1n << BigInt(size)) - 1n);
    parts.push(part.toString(bits === 32 ? 10 : 16));
  }
  return canonicalAddress(parts.join(bits === 32 ? '.' : ':')) ?? '';
}
