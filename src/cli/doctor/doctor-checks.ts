import { probeSandbox } from '../../drill/sandbox.ts';
import { readFacts } from '../../host/facts.ts';
import type { HostFacts } from '../../host/host.ts';
import { commandText, findManager, packagesFor } from '../../host/system-tools.ts';
import { findTool } from '../../host/tool-lookup.ts';
import type { Check } from './doctor-check.ts';
import { checkIncidentsFolder } from './doctor-folder.ts';

export interface TerminalSeen {
  readonly isTty: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Everything that `tourniquet doctor` looks at, in the order in which it is shown. */
export async function checkMachine(incidentsFolder: string, terminal: TerminalSeen): Promise<Check[]> {
  const [facts, tools, sandbox, folder] = await Promise.all([
    readFacts(),
    checkTools(),
    checkSandbox(),
    checkIncidentsFolder(incidentsFolder),
  ]);
  return [
    checkNode(),
    checkRights(facts),
    checkTerminal(terminal),
    checkResponder(facts),
    folder,
    checkFirewall(facts),
    checkServiceManager(facts),
    checkPackageManager(facts),
    ...tools,
    sandbox,
  ];
}

function checkNode(): Check {
  // The launcher refuses an older one, so that what runs here is new enough.
  const detail = `${process.versions.node} (${process.execPath})`;
  return ok('Node', detail, true);
}

function checkRights(facts: HostFacts): Check {
  const detail = facts.isRoot ? `${facts.user}, with root's rights` : `${facts.user}, without root's rights`;
  if (facts.isRoot) return ok('rights', detail, true);
  return {
    ...{ name: 'rights', status: 'missing', detail, isNeeded: false },
    meaning: "Other users' processes, the firewall, units and accounts are out of reach; a drill works.",
    remedy: 'sudo tourniquet …',
  };
}

function checkTerminal({ isTty, environment }: TerminalSeen): Check {
  const term = environment.TERM ?? '';
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  const signs = /utf-?8/i.test(locale) ? 'UTF-8' : 'ASCII signs only';
  if (isTty && term !== 'dumb') return ok('terminal', `${term || 'no TERM'}, ${signs}`, false);
  return {
    ...{ name: 'terminal', status: 'missing', isNeeded: false, remedy: 'ssh -t gives a terminal.' },
    detail: isTty ? 'a dumb terminal' : 'the output is not a terminal',
    meaning: 'Line mode (--plain) is used instead of the full screen.',
  };
}

function checkResponder({ responder }: HostFacts): Check {
  const from = responder.peerAddress === null ? 'not by SSH' : `by SSH from ${responder.peerAddress}`;
  const key = responder.keyFingerprint === null ? '' : `, key ${responder.keyFingerprint}`;
  const detail = `${responder.account}, ${from}${key}`;
  if (responder.peerAddress === null || responder.keyFingerprint !== null)
    return ok('responder', detail, false);
  return {
    ...{ name: 'responder', status: 'unknown', detail, isNeeded: false },
    meaning: 'Which key you came with cannot be seen, so no key of your account will be taken away unasked.',
    remedy: 'Log in again after setting "ExposeAuthInfo yes" in sshd_config.',
  };
}

function checkFirewall({ firewall, isRoot }: HostFacts): Check {
  if (firewall !== 'none') return ok('firewall', `${firewall} works`, true);
  if (!isRoot) {
    return {
      ...{ name: 'firewall', status: 'unknown', detail: 'only root may ask it', isNeeded: false },
      meaning: 'Whether this host can be isolated cannot be told.',
      remedy: 'sudo tourniquet doctor',
    };
  }
  return {
    ...{ name: 'firewall', status: 'missing', detail: 'neither nft nor iptables works', isNeeded: true },
    meaning: 'The host cannot be isolated and no address can be blocked.',
    remedy: 'Install nftables; in a container, grant NET_ADMIN.',
  };
}

function checkServiceManager({ serviceManager }: HostFacts): Check {
  const details = {
    systemd: 'systemd is running',
    'systemd-offline':
      'systemd is installed but is not what runs this machine: units are linked and unlinked only',
    openrc: 'OpenRC',
    none: 'none',
  } as const;
  return ok('units', details[serviceManager], false);
}

function checkPackageManager({ packageManager }: HostFacts): Check {
  if (packageManager !== 'none') return ok('packages', packageManager, false);
  return {
    ...{ name: 'packages', status: 'missing', detail: 'neither apt, dnf, zypper nor apk', isNeeded: false },
    meaning: 'Who owns a file cannot be told, and nothing can be patched from here.',
    remedy: null,
  };
}

async function checkSandbox(): Promise<Check> {
  const probe = await probeSandbox();
  if (probe.ok) {
    const mode = probe.mode === 'root' ? 'as root' : 'as an ordinary user (less can be practised)';
    return ok('drill', `a sandbox can be had ${mode}`, true);
  }
  return {
    ...{ name: 'drill', status: 'missing', detail: probe.reason ?? 'no sandbox', isNeeded: false },
    meaning: 'A drill cannot be held on this machine; responding is not affected.',
    remedy: probe.hint ?? null,
  };
}

/** Tools by what they are for. Those that the facts already judge (firewall, units) are not listed again. */
const USES: readonly (readonly [use: string, isNeeded: boolean, tools: readonly string[]])[] = [
  ['second opinion on processes and sockets', false, ['ps', 'ss']],
  ['locking accounts, expiring passwords', true, ['usermod', 'chage']],
  ['new SSH host keys', true, ['ssh-keygen']],
  ['immutable files', false, ['chattr', 'lsattr']],
  [
    'drills',
    false,
    ['unshare', 'nsenter', 'setpriv', 'setsid', 'flock', 'mount', 'pivot_root', 'ip', 'bash'],
  ],
];

async function checkTools(): Promise<Check[]> {
  const manager = await findManager();
  return Promise.all(
    USES.map(async ([use, isNeeded, tools]): Promise<Check> => {
      const paths = await Promise.all(tools.map(findTool));
      const missing = tools.filter((_tool, at) => paths[at] === null);
      if (missing.length === 0) return ok(`tools for ${use}`, tools.join(', '), isNeeded);
      const packages = packagesFor(missing, manager);
      return {
        ...{ name: `tools for ${use}`, status: 'missing', isNeeded },
        detail: `${missing.join(', ')} not in /usr/sbin:/usr/bin:/sbin:/bin`,
        meaning: `What this is for cannot be done: ${use}.`,
        remedy: manager === null ? `Install ${packages.join(', ')}.` : commandText(manager, packages),
      };
    }),
  );
}

function ok(name: string, detail: string, isNeeded: boolean): Check {
  return { name, status: 'ok', detail, meaning: '', remedy: null, isNeeded };
}
