import { z } from 'zod';

type Parsed = { readonly value: string } | { readonly problem: string };

export const ADDRESS_EXPECTED = 'an IPv4 or IPv6 address like 10.0.0.5 or 2001:db8::5';
export const CIDR_EXPECTED = 'an address or a range like 10.0.0.5, 10.0.0.0/24 or 2001:db8::/32';
export const ENDPOINT_EXPECTED = 'an address and a port like 10.0.0.5:22 or [2001:db8::5]:22';

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

/** An address in its canonical text form (RFC 5952 for IPv6); an IPv4 address mapped into IPv6 becomes the IPv4 one. */
export function parseAddress(text: string): Parsed {
  const trimmed = text.trim();
  if (ipv4.safeParse(trimmed).success) return { value: trimmed };
  if (!/^[\da-f:.]+$/i.test(trimmed) || !ipv6.safeParse(trimmed).success) {
    return { problem: `expected ${ADDRESS_EXPECTED}` };
  }
  // The URL standard serialises IPv6 hosts as RFC 5952 asks.
  const canonical = new URL(`http://[${trimmed}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(canonical);
  if (mapped === null) return { value: canonical };
  const words = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return { value: words.flatMap((word) => [word >> 8, word & 255]).join('.') };
}

/**
 * An address, or a range in CIDR form. Bits behind the prefix must be zero: `10.1.2.3/8` could mean the one
 * address or sixteen million of them, and an isolation must not guess.
 */
export function parseCidr(text: string): Parsed {
  const [host = '', length, ...more] = text.trim().split('/');
  const address = parseAddress(host);
  if ('problem' in address || more.length > 0) return { problem: `expected ${CIDR_EXPECTED}` };
  if (length === undefined) return address;
  const bits = bitsOf(address.value);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits.length) {
    return { problem: `expected a prefix length from 0 to ${bits.length} behind the slash` };
  }
  const network = bits.slice(0, Number(length)).padEnd(bits.length, '0');
  if (network === bits) return { value: `${address.value}/${Number(length)}` };
  const meant = `${addressOf(network)}/${Number(length)}`;
  return {
    problem: `expected a range or an address: ${meant} is the range, ${address.value} the address`,
  };
}

/** `address:port`, an IPv6 address in brackets. */
export function parseEndpoint(text: string): Parsed {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text.trim());
  const address = parseAddress(found?.[1] ?? found?.[2] ?? '');
  const port = Number(found?.[3] ?? 0);
  if ('problem' in address || port < 1 || port > 65_535) return { problem: `expected ${ENDPOINT_EXPECTED}` };
  return { value: address.value.includes(':') ? `[${address.value}]:${port}` : `${address.value}:${port}` };
}

/** `0` and `1`, 32 or 128 of them, of a canonical address. */
function bitsOf(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => binary(Number(part), 8))
      .join('');
  const [head = '', tail] = address.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':'));
  const front = words(head);
  const back = words(tail ?? '');
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].map((word) => binary(Number.parseInt(word, 16), 16)).join('');
}

function addressOf(bits: string): string {
  const size = bits.length === 32 ? 8 : 16;
  const words = Array.from({ length: bits.length / size }, (_, index) =>
    Number.parseInt(bits.slice(index * size, (index + 1) * size), 2),
  );
  if (size === 8) return words.join('.');
  return new URL(`http://[${words.map((word) => word.toString(16)).join(':')}]/`).hostname.slice(1, -1);
}

function binary(value: number, digits: number): string {
  return value.toString(2).padStart(digits, '0');
}
