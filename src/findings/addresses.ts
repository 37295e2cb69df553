/** Which addresses an attacker could sit at. Canonical text forms; an IPv4 address mapped into IPv6 counts as IPv4. */

export function parseIpv4(text: string): readonly number[] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  const parts = match.slice(1).map(Number);
  return parts.every((part) => part <= 255) ? parts : null;
}

/** `::ffff:203.0.113.9` is 203.0.113.9. */
export function unmapAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

/** An end beyond this host: not loopback, not unspecified, not link-local, multicast or broadcast. */
export function isRemoteAddress(address: string): boolean {
  const plain = unmapAddress(address);
  const v4 = parseIpv4(plain);
  if (v4) {
    const [a = 0, b = 0] = v4;
    return a !== 0 && a !== 127 && a < 224 && !(a === 169 && b === 254);
  }
  if (!plain.includes(':')) return false;
  return !/^(::1?$|fe[89ab]|ff)/i.test(plain);
}

/** RFC 1918, RFC 6598, RFC 4193: an address of somebody's own network. */
export function isPrivateAddress(address: string): boolean {
  const plain = unmapAddress(address);
  const v4 = parseIpv4(plain);
  if (v4) {
    const [a = 0, b = 0] = v4;
    return (
      a === 10 ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168) ||
      (a === 100 && b >= 64 && b < 128)
    );
  }
  return /^f[cd]/i.test(plain);
}

/** An address that leads nowhere: what a name is pointed to so that it cannot be reached. */
export function isSinkAddress(address: string): boolean {
  const plain = unmapAddress(address);
  const v4 = parseIpv4(plain);
  return v4 ? v4[0] === 0 || v4[0] === 127 : /^::1?$/.test(plain);
}
