import { MECHANISMS } from '../../../findings/mechanisms.ts';
import type { ObservedStart } from '../../../findings/observed-start.ts';
import type { ScanScope } from '../../../findings/scan.ts';
import { decodeHostBytes } from '../../../text/host-bytes.ts';
import { type EntryFile, entryFile, isAsPackaged } from '../entry-file.ts';
import type { Enumerator, Gathered } from '../gathered.ts';
import { type Look, linesOf, OutOfTime, readBytes, resolve, statHere } from '../look.ts';
import type { Ownership } from '../owning.ts';
import { noteCuts } from '../read-numbered.ts';
import { type EnablingLink, linkStart } from './enabling-links.ts';
import { START_READERS } from './registry.ts';
import type { ParsedStart, StartPlace, StartReader, StartText } from './start-reader.ts';

/** Reads all mechanisms of a scope. One that fails is noted, and the others are read all the same. */
export function enumerateStarts(scope: ScanScope): Enumerator {
  const readers = START_READERS.filter(({ mechanism }) => MECHANISMS[mechanism].scope === scope);
  return async (look, gathered, ownership) => {
    let seen = 0;
    for (const reader of readers) {
      try {
        seen += await readMechanism(look, gathered, ownership, reader);
      } catch (error) {
        if (error instanceof OutOfTime) throw error;
        const { code = String(error) } = error as NodeJS.ErrnoException;
        look.unknowns.push({ scope, what: reader.mechanism, reason: `reading failed (${code})` });
      }
    }
    return seen;
  };
}

interface RealPlace extends StartPlace {
  readonly real: string;
}

/** A kernel that was built by hand has thousands. */
const MOST_UNOWNED = 50;

async function readMechanism(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  reader: StartReader,
): Promise<number> {
  const { scope } = MECHANISMS[reader.mechanism];
  const places = new Map<string, RealPlace>();
  const links: EnablingLink[] = [];
  for (const place of reader.list(look, scope)) {
    const real = resolve(look, place.path);
    if (real !== null && place.isEnabler === true && real !== place.path)
      links.push({ path: place.path, real });
    if (real !== null && !places.has(real)) places.set(real, { ...place, real });
  }
  // One question for all: most are a package's own.
  const owners = await ownership.owners([...places.keys()]);
  const unowned = [...places.values()].filter(({ real }) => typeof owners.get(real) !== 'string').length;
  for (const place of places.values()) {
    if (place.isUnownedOnly === true && typeof owners.get(place.real) === 'string') continue;
    if (place.isUnownedOnly === true && unowned > MOST_UNOWNED) {
      const reason = `no package brought ${unowned} of them, as when they were built by hand: they were not judged`;
      look.unknowns.push({ scope, what: reader.mechanism, reason });
      break;
    }
    if (await isAsPackaged(look, place.real, ownership)) continue;
    const file = await entryFile(look, scope, place.real, ownership);
    if (file === null) continue;
    const text = textOf(look, scope, place.real);
    if (text !== null) gathered.starts.push(...startsOf(reader, place, file, text));
  }
  for (const link of links) {
    if (typeof owners.get(link.real) === 'string') continue;
    const start = linkStart(look, reader.mechanism, link);
    if (start !== null) gathered.starts.push(start);
  }
  return places.size;
}

function textOf(look: Look, scope: ScanScope, path: string): StartText | null {
  const file = readBytes(look, scope, path);
  const stats = statHere(look, path);
  if (file === null || stats === null) return null;
  const isBinary = isBinaryFile(file.bytes);
  const text = isBinary ? '' : decodeHostBytes(file.bytes);
  if (!isBinary) noteCuts(look, scope, path, text, file.isCut);
  return { path, text, isBinary, mode: Number(stats.mode), uid: Number(stats.uid) };
}

/** A NUL in the first line: what bash takes for a binary (check_binary_file, general.c). One in a comment below is no reason. */
function isBinaryFile(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 80);
  const end = head.indexOf('\n');
  return head.subarray(0, end < 0 ? head.length : end).includes(0);
}

function startsOf(reader: StartReader, place: RealPlace, file: EntryFile, text: StartText): ObservedStart[] {
  const parsed = place.parse(text);
  if (parsed.isNothing === true) return [];
  const common = {
    ...file,
    mechanism: reader.mechanism,
    isScript: parsed.isScript ?? false,
    isInert: parsed.isInert ?? false,
    isLinked: isLinkedAway(place),
    home: place.account?.home ?? null,
    account: place.account?.name ?? null,
  };
  // Of a file that a package brought and somebody changed, only what was added is to go.
  const isOthers = typeof file.package === 'string' && place.real.startsWith('/etc/');
  if (place.as === 'file' && !isOthers) {
    const { commands, traits = [] } = parsed;
    return [{ ...common, line: null, repeat: 0, wholeFile: null, commands, traits }];
  }
  const lines = linesOf(text.text);
  const wholeFile = place.as === 'drop-in' && !isOthers ? activeLines(lines) : null;
  return byLine(parsed, lines).map((one) => ({ ...common, ...one, wholeFile }));
}

function activeLines(lines: readonly string[]): number {
  return lines.filter((line) => !/^\s*([#;]|$)/.test(line)).length;
}

type OneLine = Pick<ObservedStart, 'line' | 'repeat' | 'commands' | 'traits'>;

/** What stands on one line belongs together; a trait of no line belongs to all of them. */
function byLine({ commands, traits = [] }: ParsedStart, lines: readonly string[]): OneLine[] {
  const numbers = new Set([...commands, ...traits].flatMap(({ line }) => line ?? []));
  const commandsAt = Map.groupBy(commands, ({ line }) => line);
  const traitsAt = Map.groupBy(traits, ({ line }) => line);
  const ofAll = traitsAt.get(undefined) ?? [];
  const repeats = new Map<string, number>();
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((number) => {
      const text = lines[number - 1] ?? '';
      const repeat = repeats.get(text) ?? 0;
      repeats.set(text, repeat + 1);
      return {
        line: { number, text },
        repeat,
        commands: commandsAt.get(number) ?? [],
        traits: [...ofAll, ...(traitsAt.get(number) ?? [])],
      };
    });
}

/** Links within one mechanism's folders are ordinary: rc3.d to init.d, /etc to /usr/lib. */
function isLinkedAway({ path, real }: RealPlace): boolean {
  return real !== path && !/^\/(etc|usr|lib|lib64|run|opt)\//.test(real);
}
