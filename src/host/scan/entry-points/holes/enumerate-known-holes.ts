import { HOLED_PROGRAMS, type HoledProgram } from '../../../../findings/holed-programs.ts';
import { holesOf } from '../../../../findings/known-holes.ts';
import type { ObservedProcess } from '../../../../findings/observation.ts';
import type { Gathered } from '../../gathered.ts';
import { type Look, ownerName, statHere } from '../../look.ts';
import type { Ownership } from '../../owning.ts';
import { type HoledPlace, holedPlaces } from './holed-places.ts';
import { isRuntime, isWebServer } from './process-paths.ts';
import { reachOf } from './reach.ts';
import { type SeenHole, seenHoles } from './seen-holes.ts';

const MOST_TOLD = 100;

/**
 * Programs of versions that miners are known to come in by: of what runs (its working folder, class path, open archives,
 * modules beside it; in containers too) and of what lies where such programs are put. Never the whole disk. Processes and
 * sockets must have been read.
 */
export async function enumerateKnownHoles(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  let looked = 0;
  for (const place of await holedPlaces(look, gathered.processes)) {
    const seen = seenHoles(place, (things) => {
      looked += things;
    });
    for (const one of seen.slice(0, MOST_TOLD)) await tell(look, gathered, ownership, place, one);
    if (place.container === null) continue;
    const way = place.look.root.slice(look.root.length);
    for (const { what, ...rest } of place.look.unknowns)
      look.unknowns.push({ ...rest, what: what.startsWith('/') ? way + what : what });
  }
  return looked;
}

async function tell(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  place: HoledPlace,
  one: SeenHole,
): Promise<void> {
  const program: HoledProgram = HOLED_PROGRAMS[one.program];
  const holes = holesOf(one.program, one.version);
  if (holes === null) return;
  if (holes === 'unreadable') {
    const reason = `${program.name} ${one.version} cannot be compared with the versions that have known holes`;
    place.look.unknowns.push({ scope: 'entry-points', what: one.path, reason });
    return;
  }
  const owner = place.container === null ? (await ownership.owners([one.path])).get(one.path) : undefined;
  const users = program.isServed === true ? webServers(place) : one.users;
  const own = reachOf(look, gathered, users);
  const reach = own.isListening ? own : reachOf(look, gathered, withKin(place, users));
  const stats = one.isOfProcess ? null : statHere(place.look, one.path);
  const cves = holes.cves.join(', ');
  gathered.marks.push({
    part: 'entry-points',
    code: 'known-hole',
    name: `${program.name} ${one.version} has a known hole, ${cves} (${shownPath(place, one)})`,
    place: { path: one.isOfProcess ? one.path : `${place.look.root.slice(look.root.length)}${one.path}` },
    removable: null,
    details: {
      value: one.version,
      program: program.name,
      cves,
      mendedIn: holes.mendedIn,
      onlyIf: one.onlyIf ?? '',
      reach: reach.from,
      by: reach.by,
      mender: menderOf(program, one, place, owner),
    },
    advice: adviceOf(program, holes.mendedIn, one.users, place),
    // A way in counts in every incident, however long the program has lain there.
    times: null,
    owner: stats === null ? (one.users[0]?.owner ?? null) : ownerName(look, Number(stats.uid)),
    package: owner,
  });
}

/** Who may have mended it and kept its number: a package that is not its makers' own. '' if nobody. */
function menderOf(
  { makersPackages }: HoledProgram,
  { path }: SeenHole,
  { container }: HoledPlace,
  owner: string | null | undefined,
): string {
  if (typeof owner === 'string') return makersPackages?.test(owner) === true ? '' : `the package ${owner}`;
  // In a container nobody was asked; what lies there is a distribution's.
  return container !== null && /^\/usr\/(share|lib)\//.test(path) ? 'the distribution of its image' : '';
}

function shownPath({ container, processes }: HoledPlace, { path, within }: SeenHole): string {
  const inside = within === null ? path : `${path}, in it ${within}`;
  if (container === null) return inside;
  const by = container === '' ? `of process ${processes[0]?.process.pid}` : container;
  return `${inside}, in the container ${by}`;
}

function adviceOf(
  { upgrade }: HoledProgram,
  mendedIn: string,
  users: readonly ObservedProcess[],
  { container }: HoledPlace,
): string {
  const unit = users.flatMap(({ cgroup }) => /\/([^/]+\.service)(?:\/|$)/.exec(cgroup ?? '')?.[1] ?? [])[0];
  const text = upgrade.replace('VERSION', mendedIn);
  if (container !== null)
    return `${text} It is in a container: build its image anew with that and replace the container; what is changed inside is lost with it.`;
  return unit === undefined ? text : `${text} It runs as ${unit}.`;
}

/** A cluster's parent holds the port for its children, and a starter has a child that does. Asked where they hold none. */
function withKin({ processes }: HoledPlace, users: readonly ObservedProcess[]): readonly ObservedProcess[] {
  const pids = new Set(users.map(({ process }) => process.pid));
  const parents = new Set(users.map(({ parentPid }) => parentPid));
  const kin = processes.filter(
    (one) => isRuntime(one) && (parents.has(one.process.pid) || pids.has(one.parentPid)),
  );
  return [...new Set([...users, ...kin])];
}

function webServers({ processes }: HoledPlace): readonly ObservedProcess[] {
  return processes.filter(({ process }) => isWebServer(process.name));
}
