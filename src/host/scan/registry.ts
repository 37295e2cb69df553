import type { ScanScope } from '../../findings/scan.ts';
import { enumerateAccounts } from './accounts.ts';
import { enumerateAgentsDisabled } from './agents-disabled.ts';
import { enumerateAgentsGone } from './agents-gone.ts';
import { enumerateAuthorizedKeys } from './authorized-keys.ts';
import { enumerateCapabilities } from './capabilities.ts';
import { enumerateConnections } from './connections.ts';
import { enumerateContainers } from './containers/enumerate-containers.ts';
import { enumerateCron } from './cron.ts';
import { enumerateCutLogs } from './cut-logs.ts';
import { enumerateCutRecords } from './cut-records.ts';
import { enumeratePostgres } from './databases/postgresql.ts';
import { enumerateRedisKeys } from './databases/redis.ts';
import { enumerateXxlJobs } from './databases/xxl-tables.ts';
import { enumerateDroppedFiles } from './dropped-files.ts';
import { enumerateEntryPoints } from './entry-points/enumerate-entry-points.ts';
import { enumerateKnownHoles } from './entry-points/holes/enumerate-known-holes.ts';
import { enumerateSeleniumGrids } from './entry-points/holes/selenium-grid.ts';
import { enumerateOldLibraries } from './entry-points/old-libraries.ts';
import { enumerateFirewall } from './firewall-rules.ts';
import type { Enumerator } from './gathered.ts';
import { enumerateHiddenFolders } from './hidden-folders.ts';
import { enumerateHiddenNames } from './hidden-names.ts';
import { enumerateHidden } from './hidden-processes.ts';
import { enumerateHostKeys } from './host-keys.ts';
import { enumerateHostsFile } from './hosts-file.ts';
import { enumerateImmutableFiles } from './immutable-files.ts';
import { enumerateKernelHooks } from './kernel-hooks.ts';
import { enumerateKernelSettings } from './kernel-settings.ts';
import { enumerateKernelState } from './kernel-state.ts';
import { enumerateLibraryFiles } from './library-files.ts';
import { enumerateListedShells } from './listed-shells.ts';
import { enumerateLiveBinfmt } from './live-binfmt.ts';
import { enumerateLoadedModules } from './loaded-modules.ts';
import { enumerateLoginSessions } from './login-sessions.ts';
import { enumeratePackageOrigins } from './package-origins.ts';
import { enumeratePackageSources } from './package-sources.ts';
import { enumeratePackages } from './packages.ts';
import { enumeratePam } from './pam.ts';
import { enumeratePamModules } from './pam-modules.ts';
import { enumeratePreload } from './preload.ts';
import { enumerateProcesses } from './processes.ts';
import { enumerateRenamedTools } from './renamed-tools.ts';
import { enumerateResolvers } from './resolvers.ts';
import { enumerateRuntimeSockets } from './runtime-sockets.ts';
import { enumerateSecondOpinion } from './second-opinion.ts';
import { enumerateSecrets } from './secrets/enumerate-secrets.ts';
import { enumerateSetId } from './set-id.ts';
import { enumerateShellStart } from './shell-start.ts';
import { enumerateSshd } from './sshd.ts';
import { enumerateSshdEffective } from './sshd-effective.ts';
import { enumerateStarts } from './starts/enumerate-starts.ts';
import { enumerateSudoers } from './sudoers.ts';
import { enumerateTools } from './tools.ts';
import { enumerateUnits } from './units.ts';
import { enumerateWebShells } from './web-shells.ts';

/** Several mechanisms of one scope, one after the other. */
function each(...enumerators: readonly Enumerator[]): Enumerator {
  return async (look, gathered, ownership) => {
    let seen = 0;
    for (const enumerate of enumerators) seen += await enumerate(look, gathered, ownership);
    return seen;
  };
}

/** One enumerator for each scope, in the order in which they build on each other. */
export const ENUMERATORS: Readonly<Record<ScanScope, Enumerator>> = {
  processes: enumerateProcesses,
  connections: enumerateConnections,
  'hidden-processes': enumerateHidden,
  cron: enumerateCron,
  units: enumerateUnits,
  containers: enumerateContainers,
  'shell-start': enumerateShellStart,
  preload: each(enumeratePreload, enumerateLibraryFiles),
  'hosts-file': enumerateHostsFile,
  'authorized-keys': enumerateAuthorizedKeys,
  'dropped-files': enumerateDroppedFiles,
  accounts: each(enumerateAccounts, enumerateListedShells, enumerateLoginSessions),
  sudo: enumerateSudoers,
  sshd: each(enumerateSshd, enumerateSshdEffective),
  pam: each(enumeratePam, enumeratePamModules),
  tools: each(enumerateTools, enumerateRenamedTools),
  'set-id': each(enumerateSetId, enumerateCapabilities),
  sources: each(enumerateResolvers, enumeratePackageSources),
  'kernel-settings': each(
    enumerateKernelSettings,
    enumerateKernelState,
    enumerateLiveBinfmt,
    enumerateLoadedModules,
    enumerateKernelHooks,
  ),
  impairment: each(
    enumerateHiddenFolders,
    enumerateHiddenNames,
    enumerateCutLogs,
    enumerateCutRecords,
    enumerateAgentsGone,
    enumerateAgentsDisabled,
    enumerateImmutableFiles,
  ),
  firewall: enumerateFirewall,
  'web-shells': enumerateWebShells,
  'host-keys': enumerateHostKeys,
  packages: each(enumeratePackages, enumeratePackageOrigins),
  secrets: enumerateSecrets,
  'entry-points': each(
    enumerateEntryPoints,
    enumerateKnownHoles,
    enumerateSeleniumGrids,
    enumerateOldLibraries,
    enumerateRuntimeSockets,
  ),
  'at-jobs': enumerateStarts('at-jobs'),
  boot: each(enumerateStarts('boot'), enumerateRedisKeys, enumeratePostgres, enumerateXxlJobs),
  session: enumerateStarts('session'),
  'tool-hooks': enumerateStarts('tool-hooks'),
  'second-opinion': enumerateSecondOpinion,
};

/** What a scope cannot be told without: who holds a socket, which keys open an account, which folders of PATH come first. */
const NEEDS: Partial<Readonly<Record<ScanScope, readonly ScanScope[]>>> = {
  connections: ['processes'],
  accounts: ['authorized-keys', 'processes', 'connections'],
  tools: ['shell-start'],
  'entry-points': ['processes', 'connections'],
};

/**
 * What must be read so that the scopes asked for can be told. Nothing is read for judging alone: who wants a process
 * judged by what starts it asks for both (actions/scopes.ts).
 */
export function scopesToRead(asked: readonly ScanScope[]): ScanScope[] {
  const wanted = new Set<ScanScope>(asked.flatMap((scope) => [scope, ...(NEEDS[scope] ?? [])]));
  return (Object.keys(ENUMERATORS) as ScanScope[]).filter((scope) => wanted.has(scope));
}
