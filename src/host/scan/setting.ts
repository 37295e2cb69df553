import type { Setting } from '../../findings/observation.ts';
import type { ScanScope } from '../../findings/scan.ts';
import type { Gathered } from './gathered.ts';
import { type Look, readLines, statHere } from './look.ts';
import { aroundOf, observeProcess } from './processes.ts';

/** Entries that may use a file in an ordinary way: they speak for it when something malicious uses it too. */
const USERS: readonly ScanScope[] = ['cron', 'units', 'shell-start'];

/** What the judges must know of the host and of who is looking, whatever was read. */
export function settingOf(look: Look, gathered: Gathered, scopes: readonly ScanScope[]): Setting {
  const { responder } = look.facts;
  const resolvers = (readLines(look, 'connections', '/etc/resolv.conf') ?? []).flatMap(
    (line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [],
  );
  return {
    responderAccount: responder.account,
    responderAddress: responder.peerAddress,
    responderKeyFingerprint: responder.keyFingerprint,
    protectedExeInodes: protectedInodes(look, gathered),
    resolvers,
    hostsNames: gathered.hostsNames,
    packagedUnits: gathered.packagedUnits,
    indicators: look.indicators,
    allow: look.request.allow ?? [],
    foundBefore: new Map(look.request.foundBefore?.map((file) => [file.path, file])),
    areUsersRead: USERS.every((scope) => scopes.includes(scope)),
  };
}

/** The responder's own programs are theirs whether or not the processes were asked for. */
function protectedInodes(look: Look, gathered: Gathered): Set<string> {
  const around = aroundOf(look);
  const own = gathered.processes.some(({ isProtected }) => isProtected)
    ? gathered.processes.filter(({ isProtected }) => isProtected)
    : [...around.protectedPids].flatMap((pid) => observeProcess(look, String(pid), around) ?? []);
  const inodes = own.flatMap(({ process, exe }) => {
    const file = exe === null ? null : statHere(look, exe);
    return [process.exeInode, file === null ? null : `${file.dev}:${file.ino}`];
  });
  return new Set(inodes.filter((inode) => inode !== null));
}
