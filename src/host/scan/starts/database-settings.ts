import { isPrivateAddress, isRemoteAddress } from '../../../findings/addresses.ts';
import type { ScanScope } from '../../../findings/scan.ts';
import type { StartCommand } from '../../../findings/start-script.ts';
import type { StartTrait } from '../../../findings/start-traits.ts';
import { numberedLines } from '../../../text/numbered-lines.ts';
import { type Look, listFolder } from '../look.ts';
import { type ParsedStart, parseLines, placesIn, type StartReader, type StartText } from './start-reader.ts';

export const REDIS_SETTINGS = [
  '/etc/redis/redis.conf',
  '/etc/redis.conf',
  '/usr/local/etc/redis.conf',
  '/etc/valkey/valkey.conf',
];

/**
 * Settings by which a database server runs a program or loads a library: PostgreSQL’s commands for archives, recovery and
 * passphrases and its libraries (manual, “Server Configuration”; ALTER SYSTEM writes postgresql.auto.conf), modules of
 * Redis, where it writes and from whom it copies (redis.conf).
 */
export const databaseSettings: StartReader = {
  mechanism: 'database-setting',
  *list(look, scope) {
    const postgres = { as: 'lines', parse: parsePostgres } as const;
    for (const folder of postgresFolders(look, scope)) {
      for (const name of ['postgresql.conf', 'postgresql.auto.conf'])
        yield { path: `${folder}/${name}`, account: null, ...postgres };
      yield* placesIn(look, scope, `${folder}/conf.d`, { ...postgres, name: /\.conf$/ });
    }
    for (const path of REDIS_SETTINGS) yield { path, account: null, as: 'lines', parse: parseRedis };
  },
};

/** Debian keeps settings in /etc and data in /var, by version and cluster; others all in one folder, by version or not. */
export function* postgresFolders(look: Look, scope: ScanScope): Generator<string> {
  for (const root of ['/etc/postgresql', '/var/lib/postgresql'])
    for (const version of listFolder(look, scope, root))
      for (const cluster of listFolder(look, scope, `${root}/${version}`))
        yield `${root}/${version}/${cluster}`;
  for (const version of listFolder(look, scope, '/var/lib/pgsql')) yield `/var/lib/pgsql/${version}/data`;
  yield '/var/lib/pgsql/data';
  yield '/var/lib/postgresql/data';
}

const COMMAND =
  /^\s*(?:archive_command|restore_command|archive_cleanup_command|recovery_end_command|ssl_passphrase_command)\s*=?\s*'((?:[^']|'')*)'/;
const LIBRARIES =
  /^\s*(?:shared|session|local)_preload_libraries\s*=?\s*'((?:[^']|'')*)'|^\s*(?:archive_library)\s*=?\s*'((?:[^']|'')*)'/;

function parsePostgres({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => {
    const command = COMMAND.exec(line)?.[1];
    const libraries = LIBRARIES.exec(line);
    // Those without a folder come from PostgreSQL’s own.
    const paths = (libraries?.[1] ?? libraries?.[2] ?? '')
      .split(/[\s,"]+/)
      .filter((path) => path.startsWith('/'));
    const texts = [...(command === undefined || command === '' ? [] : [command]), ...paths];
    return texts.map((one) => one.replaceAll("''", "'"));
  });
}

function parseRedis({ text }: StartText): ParsedStart {
  const commands: StartCommand[] = [];
  const traits: StartTrait[] = [];
  for (const { line: whole, number: line } of numberedLines(text)) {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s+"?([^"]+?)"?\s*$/.exec(whole) ?? [];
    switch (name.toLowerCase()) {
      case 'loadmodule': {
        const path = /^\/\S+/.exec(value)?.[0];
        if (path !== undefined) commands.push({ text: path, line });
        break;
      }
      // `CONFIG SET dir`, then `CONFIG REWRITE`: how a crontab or a key is written by a Redis that asks for no password.
      case 'dir':
        if (STARTS_THERE.test(value)) traits.push({ code: 'writes-start-folder', what: value, line });
        break;
      case 'replicaof':
      case 'slaveof': {
        const [master = ''] = value.split(/\s+/);
        if (isRemoteAddress(master) && !isPrivateAddress(master))
          traits.push({ code: 'copies-from', what: master, line });
      }
    }
  }
  return { commands, traits, isNothing: commands.length + traits.length === 0 };
}

/** Where a file that a database writes is a crontab, a key, a script. */
export const STARTS_THERE = /^\/(var\/spool\/cron|etc(?!\/(redis|valkey)(\/|$))(\/|$))|\/\.ssh\/?$/;
