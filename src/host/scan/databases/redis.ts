import { readStored } from '../../../findings/stored-text.ts';
import { decodeHostBytes } from '../../../text/host-bytes.ts';
import type { Enumerator, Gathered } from '../gathered.ts';
import { type Look, listFolder, readBytes, readLines, statHere } from '../look.ts';
import { markSetting } from '../mark-setting.ts';
import { REDIS_SETTINGS, STARTS_THERE } from '../starts/database-settings.ts';
import { isRedisDump, readRedisDump } from './redis-dump.ts';
import { type LogFile, type LoggedValue, readRedisLog } from './redis-log.ts';

const SCOPE = 'boot';
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_FILES = 6;
const MOST_FOUND = 50;
const MOST_OTHERS = 50;
const SERVERS = /^(redis-server|redis-sentinel|valkey-server|keydb-server)$/;

/**
 * Keys of Redis and its kin that hold a line of a crontab, a key, a page or a command, read from its dumps and logs: in the
 * folder that its settings name, and in the one that a server which runs is in, which is where it writes (`CONFIG SET dir`).
 */
export const enumerateRedisKeys: Enumerator = (look, gathered) => {
  const files = new Map<string, string>();
  for (const folder of [...configured(look), ...running(look, gathered)])
    for (const path of filesIn(look, folder)) {
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
  readFiles(look, gathered, paths.slice(0, MOST_FILES));
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

function filesIn(look: Look, { path, dump, logs }: Folder): string[] {
  if (statHere(look, path) === null) return [];
  const named = (folder: string): string[] => {
    const paths = listFolder(look, SCOPE, folder).map((name) => `${folder}/${name}`);
    const isUsual = (one: string): boolean => one === `${folder}/${dump}` || /\.(rdb|aof)$/.test(one);
    // A client may have had it written under any name.
    const others = paths.filter((one) => !isUsual(one)).slice(0, MOST_OTHERS);
    const dumps = others.filter((one) =>
      isRedisDump(readBytes(look, SCOPE, one, 9)?.bytes ?? Buffer.alloc(0)),
    );
    return [...paths.filter(isUsual), ...dumps];
  };
  const under = `${path}/${logs}`;
  return [
    ...named(path),
    ...(/^[\w.-]+$/.test(logs) && statHere(look, under)?.isDirectory() ? named(under) : []),
  ];
}

/** `NAME.1.base.rdb`, then `NAME.1.incr.aof`: one log in parts. */
const PART = /^(.*)\.\d+\.(?:base\.(?:rdb|aof)|incr\.aof)$/;

function readFiles(look: Look, gathered: Gathered, paths: readonly string[]): void {
  const logs = new Map<string, LogFile[]>();
  for (const path of paths) {
    const bytes = read(look, path);
    const log = PART.exec(path)?.[1] ?? (path.endsWith('.aof') ? path : null);
    if (bytes === null) continue;
    if (log !== null) logs.set(log, [...(logs.get(log) ?? []), { path, bytes }]);
    else if (isRedisDump(bytes)) {
      const dump = readRedisDump(bytes, isWanted);
      if (dump.end === null && bytes.length < MOST_BYTES)
        look.unknowns.push({
          scope: SCOPE,
          what: path,
          reason: 'it goes on in a form that is not known; only what stands before was looked at',
        });
      for (const value of dump.values.slice(0, MOST_FOUND)) markValue(look, gathered, { ...value, path });
    }
  }
  for (const parts of logs.values())
    for (const value of readRedisLog(parts.toSorted(byAge), isWanted).slice(0, MOST_FOUND))
      markValue(look, gathered, value);
}

function byAge(a: LogFile, b: LogFile): number {
  const age = ({ path }: LogFile): number =>
    path.includes('.base.') ? 0 : Number(/\.(\d+)\.incr\.aof$/.exec(path)?.[1] ?? 0);
  return age(a) - age(b);
}

const isWanted = (text: string): boolean => readStored(text) !== null;

function read(look: Look, path: string): Buffer | null {
  const file = readBytes(look, SCOPE, path, MOST_BYTES);
  if (file?.isCut === true) {
    const reason = `it is larger than ${MOST_BYTES / 1024 / 1024} MiB; only its beginning was looked at`;
    look.unknowns.push({ scope: SCOPE, what: path, reason });
  }
  return file?.bytes ?? null;
}

function markValue(look: Look, gathered: Gathered, { key, database, text, path }: LoggedValue): void {
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
