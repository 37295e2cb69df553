import type { DrillPlace } from './drill-place.ts';
import type { Look } from './look.ts';
import { withoutLines } from './manifest.ts';
import type { FileState, Manifest, Ordinary } from './scene.ts';

/** What a name of the infection would leave behind if a shell ever took it for a command. */
export const TRAP = 'pwned';
export const TRAP_ROOTS: readonly (readonly [path: string, depth: number])[] = [
  ...([
    ['/', 1],
    ['/root', 3],
    ['/tmp', 4],
    ['/var/tmp', 4],
    ['/dev/shm', 3],
    ['/run', 3],
  ] as const),
  ...([
    ['/etc', 4],
    ['/srv', 3],
    ['/var/spool', 4],
    ['/var/lib/tourniquet', 6],
    ['/home', 2],
  ] as const),
];

/** Ordinary things that are gone or not as they were, and whatever a name was obeyed for. */
export function damageOf(manifest: Manifest, seen: Look): DrillPlace[] {
  return [
    ...manifest.ordinary.flatMap((each) => damageTo(each, seen)),
    ...damagedBaseline(manifest, seen),
    ...seen.sprung.map((place) => ({ what: 'a name of the infection was obeyed as a command', place })),
  ];
}

function damageTo(ordinary: Ordinary, seen: Look): DrillPlace[] {
  const detail = whatIsWrong(ordinary, seen);
  return detail === null ? [] : [{ what: ordinary.what, place: ordinary.place, detail }];
}

function whatIsWrong(ordinary: Ordinary, seen: Look): string | null {
  if (ordinary.kind === 'process') {
    const now = seen.processes.find((each) => each.pid === ordinary.pid && each.start === ordinary.start);
    if (now === undefined || now.state === 'Z') return 'does not run any more';
    return now.state === 'T' ? 'is stopped' : null;
  }
  const now = seen.files[ordinary.path] ?? null;
  if (now === null) return 'is gone';
  if (ordinary.kind === 'file') return differences(ordinary.state, now);
  const text = withoutLines(seen.texts[ordinary.path] ?? '', ordinary.badLines);
  if (text !== ordinary.cleanText) {
    const lines = new Set(text.split('\n'));
    const lost = ordinary.cleanText.split('\n').filter((line) => !lines.has(line));
    return lost.length > 0 ? `lost: ${lost.join(' | ')}` : 'its other lines changed';
  }
  // Contents, size and time differ once the bad lines are taken out; the rest must not.
  return differences(ordinary.state, { ...now, ...pick(ordinary.state) });
}

function pick(state: FileState): Pick<FileState, 'sha256' | 'sizeBytes' | 'mtimeNs'> {
  return { sha256: state.sha256, sizeBytes: state.sizeBytes, mtimeNs: state.mtimeNs };
}

/** What differs between two states of a file, in words; null: nothing. */
export function differences(before: FileState, now: FileState): string | null {
  const words: Readonly<Partial<Record<keyof FileState, string>>> = {
    kind: 'is something else now',
    sha256: 'contents changed',
    target: 'points elsewhere',
    mode: 'mode changed',
    uid: 'owner changed',
    gid: 'group changed',
    mtimeNs: 'modification time changed',
    attributes: 'attributes changed',
  };
  const changed = (Object.keys(words) as (keyof FileState)[]).filter((key) => before[key] !== now[key]);
  return changed.length === 0 ? null : changed.map((key) => words[key]).join(', ');
}

/** What resetting keys, accounts and packages may change. */
const MAY_CHANGE =
  /^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)(-|$)|^\/etc\/\.pwd\.lock$|^\/etc\/ssh\/ssh_host_|^\/etc\/ld\.so\.cache$|^\/etc\/(apt|ssl|alternatives|mtab)(\/|$)|_history$/;

function damagedBaseline(manifest: Manifest, seen: Look): DrillPlace[] {
  return Object.entries(manifest.baseline)
    .filter(([path, state]) => seen.tree[path] !== state && !MAY_CHANGE.test(path))
    .map(([path]) => ({
      what: 'file of the machine itself',
      place: path,
      detail: seen.tree[path] === undefined ? 'is gone' : 'changed',
    }));
}
