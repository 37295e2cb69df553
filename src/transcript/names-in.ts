import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { HOST_LINE, ownDomain } from './internal-names.ts';

/** What `--redact` takes away before a transcript leaves the house. */
export const REDACTIONS = {
  addresses: "internal addresses, and the responder's own",
  users: 'names of people and of their accounts',
  hosts: 'names of hosts',
} as const;
export type Redaction = keyof typeof REDACTIONS;

/** Names that no pattern could tell from other words, where they stand alone. */
export interface KnownNames {
  readonly addresses: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  /** The domain of the host's own full name: every name below it is of the house. */
  readonly domain: string | null;
}

/**
 * Collected from where names stand as what they are: sessions, accounts, owners, the host itself, and in any text
 * (of the journal, or `outputs`) homes, mailboxes, crontabs, `/etc/passwd`, `/etc/hosts`, log lines, `name@host`.
 */
export function namesIn(
  incident: Incident,
  records: readonly JournalRecord[],
  outputs: readonly string[] = [],
): KnownNames {
  const addresses = new Set<string>();
  const users = new Set<string>();
  const hosts = new Set<string>();
  const user = (name: string | null | undefined) => {
    if (name && !OF_EVERY_SYSTEM.has(name.toLowerCase()) && !/^\d+$/.test(name)) users.add(name);
  };
  const host = (name: string) => {
    if (name.length > 1 && !/^(?:localhost|ip6-|[\d.:]+$)/.test(name)) hosts.add(name);
  };
  const own = incident.host.hostname;
  for (const name of [own, own.split('.')[0] ?? '']) host(name);
  for (const { by, event } of records) {
    if (by !== 'runner') user(by);
    if (event.kind === 'runner-attached') {
      user(event.session.responder);
      user(event.session.account);
      if (event.session.peerAddress !== null) addresses.add(event.session.peerAddress);
    } else if (event.kind === 'taken-over') {
      user(event.from.responder);
      for (const name of [event.from.hostname, event.from.hostname.split('.')[0] ?? '']) host(name);
    }
  }
  const read = (text: string) => {
    for (const pattern of USERS) for (const [, name] of text.matchAll(pattern)) if (isName(name)) user(name);
    // The full name as well, which stands first in the fifth field (passwd(5)).
    for (const [, name, person = ''] of text.matchAll(PASSWD)) {
      if (!isName(name) || OF_EVERY_SYSTEM.has(name)) continue;
      user(name);
      const [fullName = ''] = person.split(',');
      if (fullName.trim().length > 2) user(fullName.trim());
    }
    for (const [, names = ''] of text.matchAll(HOST_LINE))
      for (const name of names.trim().split(/\s+/)) host(name);
    for (const pattern of HOSTS) for (const [, name = ''] of text.matchAll(pattern)) host(name);
  };
  walk(records, (key, value) => {
    if (typeof value !== 'string') return;
    if (key === 'owner' || key === 'account' || key === 'user') user(value);
    if (key === 'allowedPeers' || key === 'mustReach')
      for (const [address] of value.matchAll(/[\da-f.:]{4,}/gi)) addresses.add(address);
    read(value);
  });
  for (const output of outputs) read(output);
  return { addresses, users, hosts, domain: ownDomain(own) };
}

/** useradd(8) takes 32 characters; what is longer before an `@` is a wallet. A single letter is a word like any other. */
function isName(name: string | undefined): name is string {
  return name !== undefined && name.length > 1 && name.length <= 32;
}

const USERS: readonly RegExp[] = [
  /\/(?:home|Users)\/([A-Za-z_][\w.-]*)/g,
  /\/var\/spool\/cron\/(?:crontabs\/|tabs\/)?([A-Za-z_][\w.-]*)/g,
  /\/var\/(?:spool\/)?mail\/([A-Za-z_][\w.-]*)/g,
  /\\Users\\([^\\/\s:*?"<>|]+)/g,
  /\b[eu]?uid=\d+\(([^)\s]+)\)/g,
  /\b(?:USER|LOGNAME|SUDO_USER)=([A-Za-z_][\w.-]*)/g,
  /\bfor (?:invalid )?user ([A-Za-z_][\w.-]*)/g,
  /\b(?:Accepted|Failed) \S+ for ([A-Za-z_][\w.-]*) from\b/g,
  /\bsudo(?:\[\d+\])?:\s+([A-Za-z_][\w.-]*) : /g,
  // At an internal host or one without a domain; people elsewhere are not of the house, and units are no people.
  /(?<![\w.+-])([A-Za-z_][\w.+-]*)@(?=[A-Za-z][\w-]*(?![\w.-])|(?:10|172|192|169|100|127)\.\d)/g,
  /(?<![\w.+-])([A-Za-z_][\w.+-]*)@(?=(?:[\w-]+\.){1,8}(?:internal|intranet|corp|lan|local|localdomain|private|home\.arpa)\b)/g,
];
const PASSWD = /^([A-Za-z_][\w.-]*):[^:\n]{0,256}:\d{1,10}:\d{1,10}:([^:\n]{0,256}):/gm;
const HOSTS: readonly RegExp[] = [
  // RFC 3164, and the same with an ISO time.
  /^(?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,40}) ([A-Za-z][\w.-]*) [\w./-]+(?:\[\d+\])?:/gm,
  /(?<![\w.+-])[A-Za-z_][\w.+-]{0,31}@([A-Za-z][\w-]*)(?![\w.-]|@)/g,
];

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
  ...['crontabs', 'tabs', 'lost', 'shared', 'public', 'default', 'getty', 'user', 'systemd-timesync'],
]);
