import { runTool } from './run-tool.ts';
import { findTool } from './tool-lookup.ts';
import { TOOL_PACKAGES, type ToolPackages } from './tool-packages.ts';

export interface EnsureOptions {
  /** Whether to install what is missing, if that can be done here (root, and apt-get, dnf or apk). */
  readonly install: boolean;
  /** One line for the person in front, without a line end. Said before anything is installed. */
  readonly say: (line: string) => void;
}

export interface EnsuredTools {
  /** What is not there, also after installing. */
  readonly missing: readonly string[];
  readonly installedPackages: readonly string[];
}

type Manager = keyof ToolPackages;

/**
 * Looks for tools in the trusted folders and installs what is missing, after saying so; where that cannot be done
 * one line says what to install. Never throws, never asks.
 */
export async function ensureTools(names: readonly string[], options: EnsureOptions): Promise<EnsuredTools> {
  const missing = await missingOf(names);
  if (missing.length === 0) return { missing, installedPackages: [] };
  const manager = await findManager();
  const packages = packagesFor(missing, manager);
  const lacking = `Not on this machine: ${missing.join(', ')}.`;
  const advice = `Install ${packages.join(', ')}${manager === null ? '' : `: ${commandText(manager, packages)}`}`;
  if (!options.install || manager === null || process.geteuid?.() !== 0 || packages.length === 0) {
    options.say(`${lacking} ${advice}`);
    return { missing, installedPackages: [] };
  }
  options.say(`${lacking} Installing: ${packages.join(' ')}`);
  const problem = await install(manager, packages);
  const still = await missingOf(names);
  if (problem !== null || still.length > 0) {
    options.say(
      `Could not install ${still.length > 0 ? still.join(', ') : 'everything'}. ${problem ?? ''} ${advice}`.replace(
        / {2,}/g,
        ' ',
      ),
    );
  }
  return { missing: still, installedPackages: packages };
}

/** The packages that bring these tools here; by their Debian names where the machine has no manager that is known. */
export function packagesFor(tools: readonly string[], manager: Manager | null): string[] {
  const names = tools.map((tool) => TOOL_PACKAGES[tool]?.[manager ?? 'apt'] ?? tool);
  return [...new Set(names.filter((name) => name !== ''))];
}

/** What a person would type. */
export function commandText(manager: Manager, packages: readonly string[]): string {
  return installSteps(manager, packages)
    .map((argv) => argv.join(' '))
    .join(' && ');
}

export async function findManager(): Promise<Manager | null> {
  if (await findTool('apt-get')) return 'apt';
  if (await findTool('dnf')) return 'dnf';
  return (await findTool('apk')) ? 'apk' : null;
}

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** Null, or why it did not work. */
async function install(manager: Manager, packages: readonly string[]): Promise<string | null> {
  // Nothing of a package may ask. RUNLEVEL=1: a tool is wanted, not the daemon beside it (invoke-rc.d(8)).
  const environment = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', ...proxySettings() };
  for (const argv of installSteps(manager, packages)) {
    const result = await runTool(argv, { timeoutMs: INSTALL_TIMEOUT_MS, environment });
    if (result.exitCode === 0) continue;
    const said = result.stderr.toString('utf8').trim().split('\n').slice(-3).join(' | ');
    const how = result.failedToStart ?? (result.timedOut ? 'took too long' : `exit code ${result.exitCode}`);
    return `\`${argv.join(' ')}\`: ${how}. ${said}`;
  }
  return null;
}

function installSteps(manager: Manager, packages: readonly string[]): string[][] {
  switch (manager) {
    case 'apt':
      return [
        ['apt-get', 'update', '-q'],
        // A lock held by an unattended upgrade is waited for.
        [
          'apt-get',
          'install',
          '-q',
          '-y',
          '--no-install-recommends',
          '-o',
          'DPkg::Lock::Timeout=120',
          ...packages,
        ],
      ];
    case 'dnf':
      return [['dnf', 'install', '-q', '-y', ...packages]];
    case 'apk':
      return [['apk', 'add', '--no-cache', ...packages]];
  }
}

/** How this machine reaches its package mirror; everything else of the caller's environment is left behind. */
function proxySettings(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    const value = process.env[name];
    if (value) found[name] = value;
  }
  return found;
}

async function missingOf(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map(findTool));
  return names.filter((_name, at) => found[at] === null);
}
