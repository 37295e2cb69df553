import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';

/** What `--redact` takes away before a transcript leaves the house. */
export const REDACTIONS = {
  addresses: "internal addresses, and the responder's own",
  users: 'names of people and of their accounts',
  hosts: 'names of hosts',
} as const;
export type Redaction = keyof typeof REDACTIONS;

/** Names that a journal is known to hold, which no pattern could tell from other words. */
export interface KnownNames {
  readonly addresses: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
}

/** Collected from where a journal has them as what they are: sessions, accounts, owners, homes, the host itself. */
export function namesIn(incident: Incident, records: readonly JournalRecord[]): KnownNames {
  const addresses = new Set<string>();
  const users = new Set<string>();
  const hosts = new Set<string>();
  const user = (name: string | null | undefined) => {
    if (name && !OF_EVERY_SYSTEM.has(name) && !/^\d+$/.test(name)) users.add(name);
  };
  addHost(hosts, incident.host.hostname);
  for (const { by, event } of records) {
    if (by !== 'runner') user(by);
    if (event.kind === 'runner-attached') {
      user(event.session.responder);
      user(event.session.account);
      if (event.session.peerAddress !== null) addresses.add(event.session.peerAddress);
    } else if (event.kind === 'taken-over') {
      user(event.from.responder);
      addHost(hosts, event.from.hostname);
    }
  }
  walk(records, (key, value) => {
    if (typeof value !== 'string') return;
    if (key === 'owner' || key === 'account' || key === 'user') user(value);
    for (const [, home] of value.matchAll(/\/home\/([A-Za-z_][\w.-]*)/g)) user(home);
    if (key === 'allowedPeers' || key === 'mustReach')
      for (const [address] of value.matchAll(/[\da-f.:]{4,}/gi)) addresses.add(address);
  });
  return { addresses, users, hosts };
}

function addHost(hosts: Set<string>, hostname: string): void {
  if (hostname === '' || hostname === 'localhost') return;
  hosts.add(hostname);
  const [short = ''] = hostname.split('.');
  if (short.length > 1) hosts.add(short);
}

/** Every value with the nearest key above it. */
function walk(value: unknown, visit: (key: string, value: unknown) => void, key = ''): void {
  visit(key, value);
  if (Array.isArray(value)) for (const inner of value) walk(inner, visit, key);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) walk(inner, visit, name);
}

/** Accounts that say nothing about a house (base-passwd of Debian, and those of well-known servers). */
const OF_EVERY_SYSTEM: ReadonlySet<string> = new Set([
  ...['root', 'daemon', 'bin', 'sys', 'sync', 'games', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy'],
  ...['www-data', 'backup', 'list', 'irc', 'gnats', 'nobody', 'systemd-network', 'systemd-resolve'],
  ...['messagebus', 'sshd', 'mysql', 'postgres', 'redis', 'nginx', 'apache', 'tomcat', 'jenkins'],
  ...['git', 'docker', 'hadoop', 'elasticsearch', 'mongodb', 'unknown', 'runner'],
]);
