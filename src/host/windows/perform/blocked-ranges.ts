/**
 * All addresses but some, as ranges for a firewall in which what blocks goes before what allows: what is to get through
 * must not be in a rule that blocks. Left out beside what is allowed: loopback, link-local IPv6 (without neighbour
 * discovery there is no IPv6), multicast and broadcast (which do not leave the network, and DHCP needs).
 */
import { isIP } from 'node:net';

/** `first-last` for each gap between what is allowed (addresses or CIDR ranges); IPv4, then IPv6. */
export function blockedRanges(allowed: readonly string[]): readonly string[] {
  const spans = [...allowed, '127.0.0.0/8'].map(spanOf);
  return WHOLE.flatMap(({ bits, first, last }) =>
    gaps(
      first,
      last,
      spans.filter((span) => span.bits === bits),
    ).map(([from, to]) => `${textOf(from, bits)}-${textOf(to, bits)}`),
  );
}

interface Span {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** Unicast of IPv4; of IPv6 what is global and what is site-local (RFC 4291, RFC 4193). */
const WHOLE: readonly Span[] = [
  { bits: 32, first: numberOf('1.0.0.0'), last: numberOf('223.255.255.255') },
  { bits: 128, first: 0x2000n << 112n, last: (0x4000n << 112n) - 1n },
  { bits: 128, first: 0xfc00n << 112n, last: (0xfe00n << 112n) - 1n },
];

function gaps(first: bigint, last: bigint, spans: readonly Span[]): [bigint, bigint][] {
  const found: [bigint, bigint][] = [];
  let from = first;
  for (const span of spans.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    if (span.first > last || span.last < from) continue;
    if (span.first > from) found.push([from, span.first - 1n]);
    from = span.last + 1n;
  }
  if (from <= last) found.push([from, last]);
  return found;
}

function spanOf(text: string): Span {
  const [address = '', length] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  const free = BigInt(bits - (length === undefined ? bits : Number(length)));
  const first = (numberOf(address) >> free) << free;
  return { bits, first, last: first + (1n << free) - 1n };
}

function numberOf(address: string): bigint {
  if (isIP(address) === 4)
    return address.split('.').reduce((number, part) => (number << 8n) | BigInt(part), 0n);
  if (isIP(address) !== 6) throw new TypeError(`${address} is no address`);
  const plain = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((word) => word.toString(16)).join(':'),
  );
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const words = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return words.reduce((number, word) => (number << 16n) | BigInt(Number.parseInt(word, 16)), 0n);
}

function textOf(number: bigint, bits: 32 | 128): string {
  const size = bits === 32 ? 8n : 16n;
  const count = bits === 32 ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, at) => (number >> (size * BigInt(count - 1 - at))) & ((1n << size) - 1n),
  );
  return bits === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
