import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { decodeHostBytes, encodeHostBytes } from '../text/host-bytes.ts';
import type { OutputExcerpt } from './excerpt.ts';
import { namePattern, WORDS } from './name-patterns.ts';
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
 * A name that stands nowhere as what it is (names-in.ts) is not known to be one, and stays.
 */
export function redactNames(
  incident: Incident,
  records: readonly JournalRecord[],
  excerpts: ReadonlyMap<string, OutputExcerpt>,
  redactions: readonly Redaction[],
  mapping: NameMapping = {},
): Redacted {
  const names = new Names(mapping);
  const outputs = [...excerpts.values()].flatMap(({ head, tail }) => [head, tail].map(decodeHostBytes));
  const pattern = namePattern(namesIn(incident, records, outputs), redactions);
  const replaced = (text: string) =>
    text.replace(pattern, (name, ...rest) => {
      const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
      const word = Object.values(WORDS).find((one) => groups[one] !== undefined) ?? 'name';
      return names.of(word, name);
    });
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
  const isFree = FREE.has(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      isFree && !INPUTS.has(key) ? replaced(name) : name,
      inside(inner, isFree ? 'value' : name, replaced),
    ]),
  );
}

/** What stands below these is named by people: an input may be called `id`. */
const FREE: ReadonlySet<string> = new Set([
  ...['values', 'with', 'env', 'environment', 'details'],
  // By address.
  'dropped',
]);
/** Of these the names are the playbook's, which says what each is. */
const INPUTS: ReadonlySet<string> = new Set(['values', 'with', 'details']);

/** `by` of an event is one of these; of a record it is a person, or the runner. */
const BY_WORDS: ReadonlySet<string> = new Set(['responder', 'condition', 'selection', 'host', 'runner']);
