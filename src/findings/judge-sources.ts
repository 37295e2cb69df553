import { isPrivateAddress, isRemoteAddress } from './addresses.ts';
import type { EntryView } from './judge-entry.ts';
import { isInBurst } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import { isTempPath } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** Resolvers that everybody may ask: Cloudflare, Google, Quad9, OpenDNS, AliDNS, DNSPod, AdGuard, Azure, DNS.WATCH. */
const OPEN_RESOLVERS =
  /^(1\.[01]\.[01]\.1|1\.1\.1\.[123]|8\.8\.(8\.8|4\.4)|9\.9\.9\.\d+|149\.112\.112\.\d+|208\.67\.22[02]\.\d+|223\.[56]\.[56]\.[56]|119\.29\.29\.29|94\.140\.1[45]\.\d+|168\.63\.129\.16|84\.200\.(69\.80|70\.40)|2606:4700:4700::.*|2001:4860:4860::.*|2620:fe::.*|2400:3200::.*)$/;

export function resolverLineSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const address = seen.details.address ?? '';
  const signals: Signal[] = [];
  const by = view.known.addresses.get(address);
  if (by !== undefined) {
    const text = `${by.title}, which is malicious, talks to the same address`;
    signals.push({ topic: 'association', code: 'malicious-address', text, weight: 60 });
  }
  if (isRemoteAddress(address) && !isPrivateAddress(address) && !OPEN_RESOLVERS.test(address)) {
    const text = `${address} is on the internet and no resolver that is widely known: whoever runs it can answer what it likes`;
    signals.push({ topic: 'resolver', code: 'unknown-resolver', text, weight: 15 });
    if (isInBurst(seen.ctimeNs, view.known.bursts)) {
      const same = 'The file was changed within ten minutes of a malicious entry';
      signals.push({ topic: 'burst', code: 'same-time', text: same, weight: 30 });
    }
  }
  return signals;
}

export function sourceLineSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const signals: Signal[] = [];
  const { uris = '', unsigned } = seen.details;
  for (const uri of uris.split(' ').filter(Boolean)) {
    const host = /^\w+:\/\/\[?([0-9a-f.:]+)\]?(?::\d+)?(?:\/|$)/i.exec(uri)?.[1];
    const path = /^(?:file|copy):(?:\/\/)?(\/.*)/.exec(uri)?.[1];
    if (host !== undefined && view.known.addresses.has(host)) {
      const text = `${host} is an address of what is malicious here`;
      signals.push({ topic: 'association', code: 'malicious-address', text, weight: 60 });
    }
    if (host !== undefined && isRemoteAddress(host) && !isPrivateAddress(host)) {
      const text = `Packages come from the bare address ${host}`;
      signals.push({ topic: 'where', code: 'bare-address', text, weight: 45 });
    }
    if (path !== undefined && isTempPath(`${path}/x`)) {
      const text = `Packages come from ${path}, where anybody may put some`;
      signals.push({ topic: 'where', code: 'temp-folder', text, weight: 45 });
    }
  }
  if (unsigned !== undefined) {
    const text = `“${unsigned}”: nobody looks at whether the packages are signed`;
    // Somebody's own folder or mirror is often without a signature.
    signals.push({ topic: 'signature', code: 'unsigned', text, weight: isOwn(uris) ? 10 : 30 });
  }
  if (signals.some(({ weight }) => weight >= 30) && isInBurst(seen.ctimeNs, view.known.bursts)) {
    const text = 'Its file was changed within ten minutes of a malicious entry';
    signals.push({ topic: 'burst', code: 'same-time', text, weight: 30 });
  }
  return signals;
}

/** Only folders of this host, and addresses of its own network. */
function isOwn(uris: string): boolean {
  const all = uris.split(' ').filter(Boolean);
  return (
    all.length > 0 &&
    all.every((uri) => {
      const host = /^\w+:\/\/\[?([0-9a-f.:]+)\]?(?::\d+)?(?:\/|$)/i.exec(uri)?.[1];
      return /^(file|copy):/.test(uri) || (host !== undefined && isPrivateAddress(host));
    })
  );
}
