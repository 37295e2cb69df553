import type { StoredText } from '../../../findings/stored-text.ts';
import { decodeHostBytes } from '../../../text/host-bytes.ts';
import type { Enumerator, Gathered } from '../gathered.ts';
import { type Look, listFolder, readBytes, statHere } from '../look.ts';
import { markSetting } from '../mark-setting.ts';
import { postgresFolders } from '../starts/database-settings.ts';
import { mappedFile, nameAt, rowsOf, textsAt } from './postgresql-page.ts';
import { type Transactions, transactionsOf } from './postgresql-transactions.ts';

const SCOPE = 'boot';
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_DATABASES = 40;
/** Numbers of the catalogue’s tables, the same everywhere (catalog/pg_*.h). */
const PG_CLASS = 1259;
const PG_PROC = 1255;
const PG_AUTHID = 1260;
/** What initdb makes has lower numbers. */
const FIRST_OWN = 16_384;
const FIRST_SUPERUSER = 10;

/**
 * What clusters of PostgreSQL hold to be run, read from the files of their tables: jobs of pg_cron (cron.job), functions that
 * have a program started (`COPY … FROM PROGRAM`) or call a library of the host, and superusers besides the first. Rows that
 * are not on the disk yet (until the next checkpoint) and texts kept packed because they are long are not seen.
 */
export const enumeratePostgres: Enumerator = (look, gathered) => {
  const clusters = new Map<string, string>();
  for (const folder of [...postgresFolders(look, SCOPE), ...running(gathered)]) {
    const stats = statHere(look, `${folder}/base`);
    if (stats?.isDirectory()) clusters.set(`${stats.dev}:${stats.ino}`, folder);
  }
  for (const folder of clusters.values()) readCluster(look, gathered, folder);
  return clusters.size;
};

/** A server’s own folder is its data; by /proc/PID/cwd one in a container is read too. */
function running(gathered: Gathered): string[] {
  return gathered.processes
    .filter(({ process }) => /^(postgres|postmaster)$/.test(process.name))
    .map(({ process, sharesOurFiles, workingFolder }) =>
      sharesOurFiles && workingFolder !== null ? workingFolder : `/proc/${process.pid}/cwd`,
    );
}

interface Cluster {
  readonly look: Look;
  readonly gathered: Gathered;
  readonly folder: string;
  readonly states: Transactions;
  /** How far a row’s columns are pushed on by its number, which is a column since 12. */
  readonly shift: number;
}

function readCluster(look: Look, gathered: Gathered, folder: string): void {
  const version = Number.parseInt(read(look, `${folder}/PG_VERSION`)?.toString('latin1') ?? '', 10);
  if (Number.isNaN(version)) return;
  const cluster: Cluster = {
    ...{ look, gathered, folder },
    states: transactionsOf((name) => read(look, `${folder}/pg_xact/${name}`)),
    shift: version >= 12 ? 4 : 0,
  };
  readSuperusers(cluster);
  const databases = listFolder(look, SCOPE, `${folder}/base`).filter((name) => /^\d+$/.test(name));
  if (databases.length > MOST_DATABASES)
    look.unknowns.push({
      scope: SCOPE,
      what: `${folder}/base`,
      reason: `it holds ${databases.length} databases; only ${MOST_DATABASES} of them were looked at`,
    });
  for (const name of databases.slice(0, MOST_DATABASES)) {
    readFunctions(cluster, `${folder}/base/${name}`);
    readJobs(cluster, `${folder}/base/${name}`);
  }
}

function read(look: Look, path: string): Buffer | null {
  return readBytes(look, SCOPE, path, MOST_BYTES)?.bytes ?? null;
}

function tableFile(look: Look, folder: string, table: number): string {
  const map = read(look, `${folder}/pg_filenode.map`);
  return `${folder}/${(map === null ? null : mappedFile(map, table)) ?? table}`;
}

function readSuperusers({ look, gathered, folder, shift, states }: Cluster): void {
  const path = tableFile(look, `${folder}/global`, PG_AUTHID);
  const table = read(look, path);
  if (table === null || shift === 0) return;
  for (const row of rowsOf(table, states)) {
    if (row.length < shift + 65) continue;
    const isFirst = row.readUInt32LE(0) === FIRST_SUPERUSER;
    const isSuper = row[shift + 64] === 1;
    if (isFirst === isSuper) continue;
    const name = hostText(nameAt(row, shift));
    markSetting(look, gathered, {
      part: SCOPE,
      code: 'database-superuser',
      name: `superuser ${name} of PostgreSQL (${folder})`,
      path,
      details: { value: name, isFirst: isFirst ? 'yes' : 'no' },
      advice:
        'psql: \\du shows all of them; DROP ROLE, or ALTER ROLE … NOSUPERUSER, for one that nobody knows',
    });
  }
}

/** `COPY … FROM PROGRAM '…'`, however deep in quotes; what is put together at run time is told by its line. */
const PROGRAM = /\bCOPY\b[\s\S]{0,300}?\bPROGRAM\s+(?:E?('+|\$\w*\$)([\s\S]{1,4096}?)\1|([^\r\n]{1,200}))/i;
/** A function in C out of a library that is not where those of packages are, or in a folder for temporary files. */
const LIBRARY =
  /(?<![\w./-])\/(?!usr\/|opt\/|lib\/)[\w./-]{1,200}\.so\b|\/(?:tmp|var\/tmp|dev\/shm)\/[\w./-]{1,200}/;

function readFunctions(cluster: Cluster, database: string): void {
  const path = tableFile(cluster.look, database, PG_PROC);
  const table = read(cluster.look, path);
  if (table === null || cluster.shift === 0) return;
  for (const row of rowsOf(table, cluster.states)) {
    if (row.length < 68 || row.readUInt32LE(0) < FIRST_OWN) continue;
    const text = row.toString('latin1', 68);
    const program = PROGRAM.exec(text);
    const command = program?.[2] ?? program?.[3];
    const library = command === undefined ? LIBRARY.exec(text)?.[0] : undefined;
    const value = command ?? library;
    if (value === undefined) continue;
    const name = nameAt(row, 4);
    mark(
      cluster,
      path,
      `function ${name}`,
      { kind: command === undefined ? 'library' : 'program', text: value },
      `psql: \\sf ${name} shows it, DROP FUNCTION removes it; shut the way by which it was made`,
    );
  }
}

/** Where cron.job is says pg_class: its name, and behind five more columns the number of its file. */
function readJobs(cluster: Cluster, database: string): void {
  const classes = read(cluster.look, tableFile(cluster.look, database, PG_CLASS));
  if (classes === null) return;
  const at = cluster.shift + 84;
  for (const row of rowsOf(classes, cluster.states)) {
    if (row.length < at + 4 || nameAt(row, cluster.shift) !== 'job') continue;
    const path = `${database}/${row.readUInt32LE(at)}`;
    const jobs = read(cluster.look, path);
    if (jobs !== null) for (const job of rowsOf(jobs, cluster.states)) readJob(cluster, path, job);
  }
}

const TIMES = /^(?:\S+ +){4}\S+$|^\d+ seconds?$|^@\w+$/;

function readJob(cluster: Cluster, path: string, row: Buffer): void {
  if (row.length < 16) return;
  const [schedule, command] = textsAt(row, 8, 2);
  if (schedule === undefined || schedule === null || !TIMES.test(schedule)) return;
  const number = row.readBigInt64LE(0);
  if (command === null)
    cluster.look.unknowns.push({
      scope: SCOPE,
      what: `job ${number} of pg_cron (${path})`,
      reason: 'its command is long and kept somewhere else; SELECT command FROM cron.job shows it',
    });
  const program = PROGRAM.exec(command ?? '');
  const text = program?.[2] ?? program?.[3];
  if (text === undefined) return;
  mark(
    cluster,
    path,
    `job ${number} of pg_cron (${schedule})`,
    { kind: 'program', text },
    `psql: SELECT * FROM cron.job shows it, SELECT cron.unschedule(${number}) removes it; shut the way by which it was made`,
  );
}

function mark(
  { look, gathered, folder }: Cluster,
  path: string,
  what: string,
  { kind, text }: StoredText,
  advice: string,
): void {
  // As the quotes around it doubled them.
  const value = hostText(text.replace(/'{2,}/g, "'"));
  markSetting(look, gathered, {
    part: SCOPE,
    code: 'stored-command',
    name: `${hostText(what)} of PostgreSQL (${folder})`,
    path,
    details: { kind, value },
    advice: hostText(advice),
  });
}

function hostText(latin1: string): string {
  return decodeHostBytes(Buffer.from(latin1, 'latin1'));
}
