import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CustodyEntry } from '../journal/custody-file.ts';
import { type JournalContents, parseJournal } from '../journal/read-journal.ts';
import { type BundleFault, journalFaults, manifestFaults, vouchedFaults } from './bundle-faults.ts';
import { type About, CUSTODY, JOURNAL, MANIFEST, type Manifest, SIGNATURE } from './layout.ts';
import { type BundleVisitor, badBundle, type EntrySink, parsedJson, readBundle } from './read-bundle.ts';

export interface BundleCheck {
  readonly about: About;
  readonly journal: JournalContents;
  readonly files: number;
  readonly manifestSha256: string;
  /** Armoured, over the manifest; null: it came unsigned. */
  readonly signature: string | null;
  /** Signatures over the journal's head, armoured, and answers of time stamp servers. */
  readonly overJournal: readonly OverJournal[];
  /** As its custody sheet tells it, after the incident itself; nobody vouches for it but who signed the bundle. */
  readonly handOvers: readonly CustodyEntry[];
  /** What does not fit, first things first; empty: everything does. */
  readonly faults: readonly BundleFault[];
}

export interface OverJournal {
  readonly kind: 'signature' | 'time-stamp';
  /** The record that it was made over. */
  readonly seq: number;
  readonly bytes: Buffer;
}

/** A journal is held as a whole while it is checked; ten thousand records are some twenty megabytes. */
const MOST_JOURNAL_BYTES = 512 * 1024 * 1024;
/** A time stamp carries the chain of its authority. */
const MOST_SIGNATURE_BYTES = 1024 * 1024;
const MOST_CUSTODY_BYTES = 1024 * 1024;
/** As the incident folder names them (journal/signatures.ts). Anything else there is only held against the manifest. */
const OVER_JOURNAL = /^incident\/signatures\/(\d{1,9})\.[0-9a-f]{8}\.(sig|tsr)$/;

/**
 * Reads a bundle once and holds all of it against its manifest, and the journal, outputs and evidence against the
 * journal's own hashes, so that a manifest which was made to fit is found out. `store` also gets what is read.
 * @throws UserError `bad-bundle` if it cannot be read as one.
 */
export async function checkBundle(
  source: Readable,
  store: BundleVisitor | null = null,
): Promise<BundleCheck> {
  const kept = new Map<string, Buffer[]>();
  const read = await readBundle(source, {
    onAbout: async (about) => store?.onAbout(about),
    async onEntry(entry) {
      const sink = (await store?.onEntry(entry)) ?? null;
      const limit = keptOf(entry.name);
      if (limit === 0) return sink;
      if (entry.sizeBytes > limit) throw badBundle(`its ${entry.name} is far too large`);
      const pieces: Buffer[] = [];
      kept.set(entry.name, pieces);
      return through(sink, pieces);
    },
  });
  const bytesOf = (name: string) => Buffer.concat(kept.get(name) ?? []);
  if (!kept.has(MANIFEST)) throw badBundle('it has no manifest, so it was cut off or is none');
  if (!kept.has(JOURNAL)) throw badBundle('there is no journal in it');
  const manifestBytes = bytesOf(MANIFEST);
  const manifest = parseManifest(manifestBytes, read.about);
  const journal = parseJournal(bytesOf(JOURNAL));
  return {
    about: read.about,
    journal,
    files: read.files.size,
    manifestSha256: createHash('sha256').update(manifestBytes).digest('hex'),
    signature: kept.has(SIGNATURE) ? bytesOf(SIGNATURE).toString('utf8') : null,
    overJournal: [...kept.keys()].flatMap((name) => {
      const [, seq, ending] = OVER_JOURNAL.exec(name) ?? [];
      if (seq === undefined) return [];
      const kind = ending === 'tsr' ? 'time-stamp' : 'signature';
      return [{ kind, seq: Number(seq), bytes: bytesOf(name) } as const];
    }),
    handOvers: parseHandOvers(bytesOf(CUSTODY)),
    faults: [
      ...manifestFaults(read, manifest),
      ...journalFaults(read, manifest, journal),
      ...vouchedFaults(read, journal),
    ],
  };
}

/** How much of a file may be held in memory; 0: it is not. */
function keptOf(name: string): number {
  if (name === JOURNAL) return MOST_JOURNAL_BYTES;
  // Its size has been limited where it was read.
  if (name === MANIFEST) return Number.POSITIVE_INFINITY;
  if (name === CUSTODY) return MOST_CUSTODY_BYTES;
  return name === SIGNATURE || name.startsWith('incident/signatures/') ? MOST_SIGNATURE_BYTES : 0;
}

function through(sink: EntrySink | null, pieces: Buffer[]): EntrySink {
  return {
    async write(bytes) {
      pieces.push(Buffer.from(bytes));
      await sink?.write(bytes);
    },
    close: async () => sink?.close(),
  };
}

function parseManifest(bytes: Buffer, about: About): Manifest {
  const read = parsedJson(bytes, MANIFEST) as Partial<Manifest> | null;
  const isWhole =
    read?.format === 1 &&
    read.incidentId === about.incidentId &&
    typeof read.journalHead === 'string' &&
    Number.isSafeInteger(read.records) &&
    Array.isArray(read.files) &&
    read.files.every(({ name, sha256 }) => typeof name === 'string' && /^[0-9a-f]{64}$/.test(String(sha256)));
  if (!isWhole) throw badBundle(`its ${MANIFEST} does not say what it must`);
  return read as Manifest;
}

function parseHandOvers(bytes: Buffer): CustodyEntry[] {
  if (bytes.length === 0) return [];
  const read = parsedJson(bytes, CUSTODY) as { readonly handOvers?: unknown } | null;
  if (!Array.isArray(read?.handOvers)) throw badBundle(`its ${CUSTODY} does not say what it must`);
  return read.handOvers.flatMap((entry: Partial<CustodyEntry> | null): CustodyEntry[] => {
    // Those of the incident itself stand in its journal.
    if (entry?.what !== 'bundled' && entry?.what !== 'imported') return [];
    const { at, from, to, what, detail } = entry;
    return [
      {
        at: String(at),
        from: String(from),
        to: to == null ? null : String(to),
        what,
        detail: String(detail),
      },
    ];
  });
}
