import type { HoledProgramName } from '../../../../findings/holed-programs.ts';
import { holesOf } from '../../../../findings/known-holes.ts';
import {
  type ByteSource,
  entriesOf,
  openWithin,
  openZip,
  readEntry,
  type ZipEntry,
  type ZipFile,
} from './zip-file.ts';

/** A program that a Java archive is or holds. */
export interface JarVersion {
  readonly program: HoledProgramName;
  /** null: it is there, and of which version is not told. */
  readonly version: string | null;
  /** The archive within it that the version is of; null if it is the archive itself. */
  readonly within: string | null;
}

interface Artifact {
  readonly program: HoledProgramName;
  /** As Maven names them: `ARTIFACT-VERSION.jar`, and META-INF/maven/GROUP/ARTIFACT/pom.properties within. */
  readonly group: string;
  readonly artifact: string;
  /** Where this is missing, somebody has taken the hole out. */
  readonly needs?: string;
}

/** What a client of ActiveMQ has (activemq-client) is left out: it answers nobody. The server has a broker, or all in one. */
const ARTIFACTS: readonly Artifact[] = [
  {
    program: 'log4j',
    group: 'org.apache.logging.log4j',
    artifact: 'log4j-core',
    needs: 'org/apache/logging/log4j/core/lookup/JndiLookup.class',
  },
  { program: 'activemq', group: 'org.apache.activemq', artifact: 'activemq-broker' },
  { program: 'activemq', group: 'org.apache.activemq', artifact: 'activemq-core' },
  { program: 'activemq', group: 'org.apache.activemq', artifact: 'activemq-all' },
  { program: 'nacos', group: 'com.alibaba.nacos', artifact: 'nacos-core' },
  { program: 'rocketmq', group: 'org.apache.rocketmq', artifact: 'rocketmq-broker' },
  { program: 'rocketmq', group: 'org.apache.rocketmq', artifact: 'rocketmq-namesrv' },
  { program: 'xxl-job', group: 'com.xuxueli', artifact: 'xxl-job-core' },
];

/** A file within that tells the version of the whole, and a name that shows whose it is. */
const TOLD_WITHIN: readonly { program: HoledProgramName; file: string; version: RegExp; shownBy: string }[] =
  [
    { program: 'metabase', file: 'version.properties', version: /^tag=v?([\d.]+)/m, shownBy: 'metabase/' },
    {
      program: 'jenkins',
      file: 'META-INF/MANIFEST.MF',
      version: /^Jenkins-Version: ([\d.]+)/m,
      shownBy: 'WEB-INF/lib/jenkins-core-',
    },
  ];

const MOST_TEXT = 64 * 1024;
const MOST_WITHIN = 8 * 1024 * 1024;
const MOST_FOUND = 40;

/** `log4j-core-2.14.1.jar` → its version; undefined if it is no such archive. Some put the group before the name. */
function versionInName(name: string, artifact: string): string | undefined {
  if (!name.endsWith('.jar') || !name.includes(artifact)) return undefined;
  const file = name.slice(name.lastIndexOf('/') + 1, -'.jar'.length);
  const at = file.startsWith(`${artifact}-`) ? 0 : file.indexOf(`_${artifact}-`) + 1;
  const version = at > 0 || file.startsWith(`${artifact}-`) ? file.slice(at + artifact.length + 1) : '';
  return /^\d/.test(version) ? version : undefined;
}

/**
 * What an archive is, or has in it, that intruders come through: what is mended is left out. `name` is its path or file name.
 */
export function jarVersions(source: ByteSource, name: string): readonly JarVersion[] {
  const zip = openZip(source);
  if (zip === null) return [];
  const named = ARTIFACTS.filter(({ artifact }) => zip.list.includes(artifact) || name.includes(artifact));
  const told = TOLD_WITHIN.filter(
    ({ file, shownBy }) => zip.list.includes(shownBy) && zip.list.includes(file),
  );
  const shaded = ARTIFACTS.filter(
    (one) => !named.includes(one) && one.needs !== undefined && zip.list.includes(one.needs),
  );
  if (named.length + told.length + shaded.length === 0) return [];
  const entries = [...entriesOf(zip)];
  return [
    ...named.flatMap((one) => versionsOf(zip, entries, name, one)),
    ...told.flatMap(({ program, file, version }) => {
      const found = version.exec(textOf(zip, entries, file))?.[1];
      return found === undefined || holesOf(program, found) === null
        ? []
        : [{ program, version: found, within: null }];
    }),
    ...shaded.map(({ program }) => ({ program, version: null, within: null })),
  ].slice(0, MOST_FOUND);
}

function versionsOf(zip: ZipFile, entries: readonly ZipEntry[], name: string, one: Artifact): JarVersion[] {
  const { program, group, artifact, needs } = one;
  const isOpen = (archive: ZipFile | null): boolean =>
    needs === undefined || archive === null || archive.list.includes(needs);
  const pom = textOf(zip, entries, `META-INF/maven/${group}/${artifact}/pom.properties`);
  const itself = versionInName(name, artifact) ?? /^version=(\S+)/m.exec(pom)?.[1];
  if (itself !== undefined)
    return holesOf(program, itself) !== null && isOpen(zip)
      ? [{ program, version: itself, within: null }]
      : [];
  let isTold = false;
  const within = entries.flatMap((entry) => {
    const version = versionInName(entry.name, artifact);
    if (version === undefined) return [];
    isTold = true;
    if (holesOf(program, version) === null) return [];
    if (needs !== undefined && !isOpen(openWithin(zip, entry, MOST_WITHIN))) return [];
    return [{ program, version, within: entry.name }];
  });
  // It holds the classes and says of no version: built into one archive by something that left out the rest.
  if (!isTold && needs !== undefined && zip.list.includes(needs))
    return [{ program, version: null, within: null }];
  return within;
}

function textOf(zip: ZipFile, entries: readonly ZipEntry[], name: string): string {
  const entry = entries.find((one) => one.name === name);
  return entry === undefined ? '' : (readEntry(zip, entry, MOST_TEXT)?.toString('latin1') ?? '');
}
