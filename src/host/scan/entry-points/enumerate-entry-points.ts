import type { ReloadName } from '../../../operations/reloads.ts';
import { entryFile } from '../entry-file.ts';
import type { Gathered } from '../gathered.ts';
import { type Look, listFolder, readLines } from '../look.ts';
import type { Ownership } from '../owning.ts';
import { keyCount } from './keys-there.ts';
import { ENTRY_PLACES, KNOWN_PORTS } from './places.ts';
import type { EntryReading } from './reading.ts';
import { readSshdPasswords } from './sshd-passwords.ts';

/**
 * What lets somebody in from the network: configurations of services that miners come through, and what listens beyond this
 * host. `connections` must have been read: whether something listens decides how much it weighs.
 */
export async function enumerateEntryPoints(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const exposed = exposedPorts(gathered);
  const told = new Set<number>();
  let seen = 0;
  const mark = async (path: string, reading: EntryReading, reload: readonly ReloadName[]): Promise<void> => {
    const file = await entryFile(look, 'entry-points', path, ownership);
    if (file === null) return;
    if (reading.port !== null) told.add(reading.port);
    const { edit, line, port } = reading;
    gathered.marks.push({
      part: 'entry-points',
      code: 'entry-point',
      name: `${reading.what} (${file.file.path}${line === null ? '' : ` line ${line}`})`,
      place: { path: file.file.path, ...(line === null ? {} : { line }) },
      removable: null,
      details: {
        value: reading.value,
        what: reading.what,
        isOpenToAll: reading.isOpenToAll ? 'yes' : 'no',
        listens: port !== null && exposed.has(port) ? 'yes' : 'no',
        port: String(port ?? ''),
      },
      advice: reading.advice,
      ...(edit === undefined ? {} : { remedy: { kind: 'edit-file', file: file.file, ...edit, reload } }),
      times: { mtimeNs: file.file.mtimeNs, ctimeNs: file.ctimeNs },
      owner: file.owner,
      package: file.package,
    });
  };
  for (const { path: pattern, read, reload } of ENTRY_PLACES) {
    for (const path of matching(look, pattern)) {
      const lines = readLines(look, 'entry-points', path);
      if (lines === null) continue;
      seen += 1;
      for (const reading of read(lines)) await mark(path, reading, reload);
    }
  }
  const sshd = readSshdPasswords(look, keyCount(look) > 0);
  if (sshd !== null) await mark(sshd.path, sshd.reading, ['sshd']);
  for (const port of exposed) {
    const service = KNOWN_PORTS[port];
    if (service === undefined || told.has(port)) continue;
    gathered.marks.push({
      part: 'entry-points',
      code: 'open-port',
      name: `port ${port} is open beyond this host`,
      place: { path: '/proc/net/tcp' },
      removable: null,
      details: { value: String(port), service },
      advice: `If it is ${service}: ask for a password, or let only those who need it reach the port. Rules of Docker go around ufw: check from outside.`,
      times: null,
      owner: null,
      package: undefined,
    });
  }
  return seen + exposed.size;
}

function exposedPorts({ sockets }: Gathered): ReadonlySet<number> {
  return new Set(
    sockets
      .filter(
        ({ protocol, state, localAddress }) =>
          protocol === 'tcp' && state === 'listening' && !/^(127\.|::1$)/.test(localAddress),
      )
      .map(({ localPort }) => localPort),
  );
}

/** Each part that is `*` stands for every name in its folder. */
function matching(look: Look, pattern: string): string[] {
  const parts = pattern.split('/').slice(1);
  return parts.reduce<string[]>(
    (paths, part) =>
      paths.flatMap((path) =>
        part === '*'
          ? listFolder(look, 'entry-points', path)
              .slice(0, 50)
              .map((name) => `${path}/${name}`)
          : [`${path}/${part}`],
      ),
    [''],
  );
}
