import { readFileSync } from 'node:fs';
import { canonicalAddress, isSpecial } from './addresses.ts';

/** resolv.conf(5), and the list that systemd-resolved keeps of the servers behind its own 127.0.0.53. */
const PLACES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/** Name servers that this host asks, canonical; none of them on the host itself. */
export function readResolvers(): readonly string[] {
  const found = PLACES.flatMap((path) =>
    [...readText(path).matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(
      ([, text = '']) => canonicalAddress(text) ?? [],
    ),
  );
  return [...new Set(found)].filter((address) => !isSpecial(address));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
