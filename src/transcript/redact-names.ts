import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { decodeHostBytes, encodeHostBytes } from '../text/host-bytes.ts';
import type { OutputExcerpt } from './excerpt.ts';
import { namesIn, type Redaction } from './names-in.ts';

/** What stands for what: the placeholder by the name that it hides. Whoever has it can read a redacted transcript. */
export type NameMapping = Readonly<Record<string, string>>;

export interface Redacted {
  readonly records: readonly JournalRecord[];
  readonly excerpts: ReadonlyMap<string, OutputExcerpt>;
  /** The mapping given, and what was new. */
  readonly mapping: NameMapping;
}

/**
 * A journal in which internal names have become placeholders (`address-1`, `user-2`, `host-1`), the same for the
 * same name wherever it stands, also in outputs. A name that is already in `mapping` keeps its placeholder, so that
 * several transcripts fit together. What a name means to a machine (kinds, states, hashes, ids, times) stays.
 * A name nobody has recorded as one, in the text of an output, is not known to be a name and stays.
 */
export function redactNames(
  incident: Incident,
  records: readonly JournalRecord[],
  excerpts: ReadonlyMap<string, OutputExcerpt>,
  redactions: readonly Redaction[],
  mapping: NameMapping = {},
): Redacted {
  const names = new Names(mapping);
  const known = namesIn(incident, records);
  const passes = redactions.map((redaction) => patternOf(redaction, [...known[redaction]]));
  const replaced = (text: string) =>
    passes.reduce((inner, { word, pattern }) => inner.replace(pattern, (name) => names.of(word, name)), text);
  const bytes = (part: Uint8Array) => encodeHostBytes(replaced(decodeHostBytes(part)));
  const inOutputs = [...excerpts].map(([id, { head, tail, totalBytes }]) => {
    const isWhole = head.length + tail.length >= totalBytes;
    const [newHead, newTail] = [bytes(head), bytes(tail)];
    // The size left out between them stays what it was.
    const grown = newHead.length + newTail.length - head.length - tail.length;
    const total = isWhole ? newHead.length + newTail.length : totalBytes + grown;
    return [id, { head: newHead, tail: newTail, totalBytes: total }] as const;
  });
  return {
    records: inside(records, '', replaced) as readonly JournalRecord[],
    excerpts: new Map(inOutputs),
    mapping: names.all(),
  };
}

class Names {
  readonly #byName = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(mapping: NameMapping) {
    for (const [placeholder, name] of Object.entries(mapping)) {
      this.#byName.set(name, placeholder);
      const [, word = '', number = '0'] = /^([a-z]+)-(\d+)$/.exec(placeholder) ?? [];
      this.#counts.set(word, Math.max(this.#counts.get(word) ?? 0, Number(number)));
    }
  }

  of(word: string, name: string): string {
    const before = this.#byName.get(name);
    if (before !== undefined) return before;
    const number = (this.#counts.get(word) ?? 0) + 1;
    this.#counts.set(word, number);
    this.#byName.set(name, `${word}-${number}`);
    return `${word}-${number}`;
  }

  all(): NameMapping {
    return Object.fromEntries([...this.#byName].map(([name, placeholder]) => [placeholder, name]));
  }
}

/** RFC 1918, RFC 6598, RFC 3927; RFC 4193 and link-local of RFC 4291. */
const INTERNAL_ADDRESS =
  '(?<![\\w.])(?:10|169\\.254|172\\.(?:1[6-9]|2\\d|3[01])|192\\.168|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7]))(?:\\.\\d{1,3}){2,3}(?![\\w])(?!\\.\\d)|(?<![\\w:])(?:f[cd][\\da-f]{2}|fe[89ab][\\da-f]):[\\da-f:]{2,35}(?![\\w:])';
/** Names below domains that are of no public use (RFC 6762 appendix G, RFC 8375, and `internal` of ICANN). */
const INTERNAL_HOST =
  '(?<![\\w.-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\\.){1,8}(?:internal|intranet|corp|lan|local|localdomain|private|home\\.arpa)(?![\\w-])(?!\\.\\w)';

function patternOf(redaction: Redaction, names: readonly string[]) {
  const listed = [...names].sort((a, b) => b.length - a.length).map(escaped);
  switch (redaction) {
    case 'addresses': {
      // A port may follow an IPv4 address; in an IPv6 one a colon goes on.
      const own = listed.map(
        (name) => `(?<![\\w.:])${name}(?![\\w${name.includes(':') ? ':' : ''}])(?!\\.\\d)`,
      );
      return { word: 'address', pattern: new RegExp([INTERNAL_ADDRESS, ...own].join('|'), 'gi') };
    }
    case 'users':
      return { word: 'user', pattern: anyOf(listed, '(?<![\\w-])', '(?![\\w-])', []) };
    case 'hosts':
      // Followed by the time in an incident's own name.
      return {
        word: 'host',
        pattern: anyOf(listed, '(?<![\\w.-])', '(?=-\\d{8}-\\d{4,6}\\b|(?![\\w-]))', [INTERNAL_HOST]),
      };
  }
}

function anyOf(listed: readonly string[], before: string, after: string, more: readonly string[]): RegExp {
  const own = listed.length === 0 ? [] : [`${before}(?:${listed.join('|')})${after}`];
  return new RegExp([...own, ...more].join('|') || '(?!)', 'gi');
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** What programs go by, and no name of anything in the house. */
const KEPT: ReadonlySet<string> = new Set([
  ...[
    'kind',
    'status',
    'verdict',
    'risk',
    'how',
    'front',
    'role',
    'code',
    'scope',
    'type',
    'uses',
    'platform',
  ],
  ...['hash', 'sha256', 'playbookSha256', 'planHash', 'seq', 'at', 'id', 'stepId', 'operationId', 'because'],
  ...[
    'findingIds',
    'chosen',
    'operationIds',
    'cannotUndo',
    'related',
    'needs',
    'onFailure',
    'attack',
    'bootId',
  ],
  ...['serviceManager', 'firewall', 'version', 'protocol', 'state', 'manager', 'part', 'mtimeNs', 'ctimeNs'],
  ...['startTicks', 'device', 'inode', 'exeInode', 'fingerprint', 'secretNames', 'refusalCode'],
]);

function inside(value: unknown, key: string, replaced: (text: string) => string): unknown {
  if (typeof value === 'string') {
    if (KEPT.has(key) || (key === 'by' && BY_WORDS.has(value))) return value;
    return replaced(value);
  }
  if (Array.isArray(value)) return value.map((inner) => inside(inner, key, replaced));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      inside(inner, FREE.has(key) ? 'value' : name, replaced),
    ]),
  );
}

/** What stands below these is named by people: an input may be called `id`. */
const FREE: ReadonlySet<string> = new Set(['values', 'with', 'env', 'environment', 'details']);

/** `by` of an event is one of these; of a record it is a person, or the runner. */
const BY_WORDS: ReadonlySet<string> = new Set(['responder', 'condition', 'selection', 'host', 'runner']);
