import { readStored } from '../../../findings/stored-text.ts';
import { decodeHostBytes } from '../../../text/host-bytes.ts';
import type { Enumerator, Gathered } from '../gathered.ts';
import { type Look, listFolder, readBytes, readLines, statHere } from '../look.ts';
import { markSetting } from '../mark-setting.ts';
import { REDIS_SETTINGS, STARTS_THERE } from '../starts/database-settings.ts';
import { isRedisDump, readRedisDump, type StoredValue } from './redis-dump.ts';
import { readRedisLog } from './redis-log.ts';

const SCOPE = 'boot';
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FILES = 12;
const MOST_FOUND = 50;
const SERVERS = /^(redis-server|redis-sentinel|valkey-server|keydb-server)$/;

/**
 * Keys of Redis and its kin that hold a line of a crontab, a key, a page or a command, read from its dumps and logs: in the
 * folder that its settings name, and in the one that a server which runs is in, which is where it writes (`CONFIG SET dir`).
 */
export const enumerateRedisKeys: Enumerator = (look, gathered) => {
  const files = new Map<string, string>();
  for (const folder of [...configured(look), ...running(look, gathered)])
    for (const path of dumpsIn(look, folder)) {
      const stats = statHere(look, path);
      if (stats !== null) files.set(`${stats.dev}:${stats.ino}`, path);
    }
  const paths = [...files.values()];
  if (paths.length > MOST_FILES)
    look.unknowns.push({
      scope: SCOPE,
      what: `${paths.length} dumps and logs of Redis`,
      reason: `only ${MOST_FILES} of them were read`,
    });
  for (const path of paths.slice(0, MOST_FILES)) readFile(look, gathered, path);
  return paths.length;
};

interface Folder {
  readonly path: string;
  readonly dump: string;
  readonly logs: string;
}

const USUAL = { dump: 'dump.rdb', logs: 'appendonlydir' } as const;

function configured(look: Look): Folder[] {
  const read = REDIS_SETTINGS.flatMap((path): Folder[] => {
    const lines = statHere(look, path) === null ? null : readLines(look, SCOPE, path);
    if (lines === null) return [];
    const last = (name: string): string | undefined =>
      lines
        .map((line) => new RegExp(`^\\s*${name}\\s+"?([^"]+?)"?\\s*$`, 'i').exec(line.slice(0, 4096))?.[1])
        .findLast((value) => value !== undefined);
    const folder = last('dir') ?? '';
    const names = { dump: last('dbfilename') ?? USUAL.dump, logs: last('appenddirname') ?? USUAL.logs };
    return folder.startsWith('/') ? [{ path: folder.replace(/\/+$/, ''), ...names }] : [];
  });
  return [...read, ...['/var/lib/redis', '/var/lib/valkey'].map((path) => ({ path, ...USUAL }))];
}

/** By /proc/PID/cwd, so that one in a container is read in its own folder. */
function running(look: Look, gathered: Gathered): Folder[] {
  return gathered.processes.flatMap(({ process, workingFolder, sharesOurFiles }): Folder[] => {
    if (!SERVERS.test(process.name) || workingFolder === null) return [];
    if (sharesOurFiles && STARTS_THERE.test(workingFolder))
      markSetting(look, gathered, {
        part: SCOPE,
        code: 'database-writes-start',
        name: `${process.name} (process ${process.pid}) writes into ${workingFolder}`,
        path: workingFolder,
        details: { value: workingFolder },
        advice:
          'CONFIG SET dir to where its data belongs; look through the files of that folder; shut the way in',
      });
    return [{ path: sharesOurFiles ? workingFolder : `/proc/${process.pid}/cwd`, ...USUAL }];
  });
}

function dumpsIn(look: Look, { path, dump, logs }: Folder): string[] {
  if (statHere(look, path) === null) return [];
  const named = (folder: string): string[] =>
    listFolder(look, SCOPE, folder)
      .filter((name) => name === dump || /\.(rdb|aof)$/.test(name))
      .map((name) => `${folder}/${name}`);
  const under = `${path}/${logs}`;
  return [
    ...named(path),
    ...(/^[\w.-]+$/.test(logs) && statHere(look, under)?.isDirectory() ? named(under) : []),
  ];
}

function readFile(look: Look, gathered: Gathered, path: string): void {
  const file = readBytes(look, SCOPE, path, MOST_BYTES);
  if (file === null) return;
  const isWanted = (text: string): boolean => readStored(text) !== null;
  const isLog = path.endsWith('.aof');
  if (!isLog && !isRedisDump(file.bytes)) return;
  const dump = isLog ? null : readRedisDump(file.bytes, isWanted);
  const reason = file.isCut
    ? `it is larger than ${MOST_BYTES / 1024 / 1024} MiB; only its beginning was looked at`
    : 'it goes on in a form that is not known; only what stands before was looked at';
  if (file.isCut || dump?.end === null) look.unknowns.push({ scope: SCOPE, what: path, reason });
  const values = dump?.values ?? readRedisLog(file.bytes, isWanted);
  for (const value of values.slice(0, MOST_FOUND)) markValue(look, gathered, path, value);
}

function markValue(look: Look, gathered: Gathered, path: string, { key, database, text }: StoredValue): void {
  const stored = readStored(text);
  if (stored === null) return;
  markSetting(look, gathered, {
    part: SCOPE,
    code: 'stored-command',
    name: `key ${hostText(key.slice(0, 200))} of Redis (${path})`,
    path,
    details: { kind: stored.kind, value: hostText(stored.text) },
    advice: `redis-cli -n ${database}: GET shows it, DEL removes it; shut the way by which it was written`,
  });
}

function hostText(latin1: string): string {
  return decodeHostBytes(Buffer.from(latin1, 'latin1'));
}
