import { isRemoteAddress, parseIpv4 } from './addresses.ts';

/** Remote address literals that a command would talk to: in URLs, `/dev/tcp`, `host:port` arguments. Not version numbers. */
export function remoteAddressesIn(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(
    /(?:\/\/(?:[^/\s@]*@)?|\/dev\/(?:tcp|udp)\/|(?:^|[\s='"@]))(\d{1,3}(?:\.\d{1,3}){3})(?![\d.]*[\w-])/g,
  )) {
    if (match[1] !== undefined && parseIpv4(match[1]) && isRemoteAddress(match[1])) found.add(match[1]);
  }
  for (const match of text.matchAll(/\/\/(?:[^/\s@]*@)?\[([0-9a-f:.]{2,45})\]/gi)) {
    if (match[1] !== undefined && isRemoteAddress(match[1])) found.add(match[1].toLowerCase());
  }
  return [...found];
}

/** Host names in URLs and in `host:port` arguments. */
export function hostNamesIn(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(
    /\/\/(?:[^/\s@]*@)?([a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?)(?=[:/\s'"]|$)/gi,
  )) {
    if (match[1] !== undefined && !parseIpv4(match[1])) found.add(match[1].toLowerCase());
  }
  for (const match of text.matchAll(/(?:^|[\s=])([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):\d{2,5}(?=\s|$)/gi)) {
    if (match[1] !== undefined) found.add(match[1].toLowerCase());
  }
  return [...found];
}
