import type { ObservedMark } from '../../findings/mark.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linesOf, listFolder, readLines, statHere } from './look.ts';
import { markSetting, timesOf } from './mark-setting.ts';

const MOST_SHOWN = 100;

/** Packages that no configured source offers: what was installed from a file, or from a source that is gone since. */
export async function enumeratePackageOrigins(look: Look, gathered: Gathered): Promise<number> {
  switch (look.facts.packageManager) {
    case 'apt':
      return ofApt(look, gathered);
    case 'apk':
      return ofApk(look, gathered);
    case 'dnf':
    case 'zypper':
      return ofRpm(look, gathered);
    default:
      return 0;
  }
}

/** `apt list` marks as `local` what is in none of its lists; they are read as they are, nothing is fetched. */
async function ofApt(look: Look, gathered: Gathered): Promise<number> {
  const lists = listFolder(look, 'packages', '/var/lib/apt/lists').filter((name) =>
    /_Packages(\.\w+)?$/.test(name),
  );
  if (lists.length === 0) {
    unknown(look, 'apt has no lists of what its sources offer');
    return 0;
  }
  // Without a cache of its own it writes none either.
  const quiet = ['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='];
  const root =
    look.root === ''
      ? []
      : ['-o', `Dir=${look.root}`, '-o', `Dir::State::status=${look.root}/var/lib/dpkg/status`];
  const result = await runTool(['apt', ...quiet, ...root, 'list', '--installed'], {
    timeoutMs: 60_000,
    maxBytes: 64 * 1024 * 1024,
    ...(look.signal ? { signal: look.signal } : {}),
  });
  if (result.exitCode !== 0) {
    unknown(look, result.failedToStart ?? 'apt could not read its lists');
    return 0;
  }
  const installed = linesOf(decodeHostBytes(result.stdout)).filter((line) => line.includes('['));
  const local = parseAptLocal(installed).map((one) => ({ ...one, times: installedAt(look, one.name) }));
  show(look, gathered, '/var/lib/dpkg/status', local);
  return installed.length;
}

/** dpkg writes a package's list of files anew whenever it unpacks one: that is when it was installed. */
function installedAt(look: Look, name: string): ObservedMark['times'] {
  const architectures = ['', ':amd64', ':arm64', ':i386', ':armhf'];
  const lists = architectures.map((end) => statHere(look, `/var/lib/dpkg/info/${name}${end}.list`));
  const stats = lists.find((one) => one !== null) ?? null;
  return stats === null ? null : timesOf(stats);
}

/** `NAME/now VERSION ARCH [installed,local]`: the name and the version of each that is local. */
function parseAptLocal(lines: readonly string[]): LocalPackage[] {
  return lines.flatMap((line) => {
    const match = /^([^/\s]+)\/\S+ (\S+) \S+ \[[^\]]*\blocal\b[^\]]*\]$/.exec(line);
    return match === null
      ? []
      : [{ name: match[1] ?? '', version: match[2] ?? '', why: 'no source offers it' }];
  });
}

/** A package from a file stands in apk's world as `NAME><CHECKSUM` (apk-world(5)). */
function ofApk(look: Look, gathered: Gathered): number {
  const path = '/etc/apk/world';
  const lines = readLines(look, 'packages', path) ?? [];
  const local = lines.flatMap((line, index): (LocalPackage & { line: number })[] => {
    const name = /^(\S+?)><Q/.exec(line)?.[1];
    const why = 'it was installed from a file';
    return name === undefined ? [] : [{ name, version: '', why, line: index + 1 }];
  });
  show(look, gathered, path, local);
  return lines.length;
}

/** Where most packages are signed, one that is not did not come from the distribution. */
async function ofRpm(look: Look, gathered: Gathered): Promise<number> {
  const root = look.root === '' ? [] : ['--root', look.root];
  const format =
    '%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{SIGPGP:pgpsig}%{RSAHEADER:pgpsig}%{DSAHEADER:pgpsig}\\t%{INSTALLTIME}\\n';
  const result = await runTool(['rpm', ...root, '-qa', '--qf', format], { timeoutMs: 30_000 });
  if (result.exitCode !== 0) {
    unknown(look, result.failedToStart ?? 'rpm could not read its database');
    return 0;
  }
  const all = linesOf(decodeHostBytes(result.stdout)).map((line) => line.split('\t'));
  const unsigned = all.filter(
    ([name, , signature = '']) => name !== 'gpg-pubkey' && !/Key ID/i.test(signature),
  );
  if (unsigned.length * 2 < all.length)
    show(
      look,
      gathered,
      '/var/lib/rpm',
      unsigned.map(([name = '', version = '', , seconds = '']) => ({
        name,
        version,
        why: 'it is not signed, and the others are',
        times: /^\d{1,12}$/.test(seconds)
          ? { mtimeNs: `${seconds}000000000`, ctimeNs: `${seconds}000000000` }
          : null,
      })),
    );
  return all.length;
}

export interface LocalPackage {
  readonly name: string;
  readonly version: string;
  readonly why: string;
  readonly line?: number;
  /** When it was installed, if that is known. */
  readonly times?: ObservedMark['times'];
}

function show(look: Look, gathered: Gathered, path: string, local: readonly LocalPackage[]): void {
  if (local.length > MOST_SHOWN)
    unknown(look, `no source offers ${local.length} packages; the first ${MOST_SHOWN} are shown`);
  for (const { name, version, why, line, times } of local.slice(0, MOST_SHOWN))
    markSetting(look, gathered, {
      part: 'packages',
      code: 'package-of-no-source',
      name: `package ${name}`,
      path,
      ...(line === undefined ? {} : { line }),
      package: name,
      ...(times ? { times } : {}),
      details: { value: version, why },
      advice: 'keep its list of files as evidence, then remove the package if nobody here installed it',
    });
}

function unknown(look: Look, reason: string): void {
  look.unknowns.push({ scope: 'packages', what: 'where packages came from', reason });
}
