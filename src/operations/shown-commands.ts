import { type FirewallRule, HOOKS, PRIORITY } from './firewall-rules.ts';
import type { VolumeRef } from './identity.ts';
import { nftWords } from './nft-words.ts';
import type { EditFile, ReinstallPackage, SetAttributes } from './operation.ts';
import { powershellQuote } from './powershell-quote.ts';
import { shellCommand, shellQuote } from './shell-quote.ts';

/** What a person would type to install updates, by package manager; for no names, everything that is pending. */
export const UPGRADE_COMMANDS = {
  apt: (packages: readonly string[]) => [
    'apt-get update',
    shellCommand([
      ...['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-o', 'Dpkg::Options::=--force-confold'],
      ...(packages.length === 0 ? ['upgrade'] : ['install', '--only-upgrade', '--', ...packages]),
    ]),
  ],
  dnf: (packages: readonly string[]) => [
    shellCommand([
      'dnf',
      '-y',
      '--refresh',
      'upgrade',
      ...(packages.length === 0 ? [] : ['--', ...packages]),
    ]),
  ],
  zypper: (packages: readonly string[]) => [
    'zypper --non-interactive refresh',
    shellCommand([
      ...['zypper', '--non-interactive', 'update'],
      ...(packages.length === 0 ? [] : ['--', ...packages]),
    ]),
  ],
  apk: (packages: readonly string[]) => [
    'apk update',
    shellCommand(['apk', 'upgrade', ...(packages.length === 0 ? [] : ['--', ...packages])]),
  ],
  // With the module PSWindowsUpdate; here it is done by the agent of Windows itself.
  'windows-update': (packages: readonly string[]) => [
    `Install-WindowsUpdate -AcceptAll -IgnoreReboot${packages.length === 0 ? '' : ` -KBArticleID ${packages.map(powershellQuote).join(', ')}`}`,
  ],
} as const;

/** What a person would type to make a table of our own with its three chains. */
export function nftTable(table: string): readonly string[] {
  return [
    `nft add table inet ${table}`,
    ...HOOKS.map((hook) =>
      shellCommand([
        ...['nft', 'add', 'chain', 'inet', table, hook],
        `{ type filter hook ${hook} priority ${PRIORITY}; }`,
      ]),
    ),
  ];
}

export function nftRules(table: string, rules: readonly FirewallRule[]): readonly string[] {
  return rules.map((rule) => {
    const words = nftWords(rule);
    return `nft add rule inet ${table} ${rule.hook} ${/^[\w .:/-]+$/.test(words) ? words : shellQuote(words)}`;
  });
}

/** What a person would type to take single files out of a package, without its scripts. */
export function reinstallCommands(operation: ReinstallPackage): readonly string[] {
  const { package: name, manager, files } = operation;
  return [
    ...FETCH[manager](name),
    ...files.flatMap(({ path }) => [
      shellCommand(['ln', '--', path, 'QUARANTINE/']),
      shellCommand(['cp', '--preserve', '--remove-destination', '--', `package${path}`, path]),
    ]),
  ];
}

const FETCH: Readonly<Record<ReinstallPackage['manager'], (name: string) => readonly string[]>> = {
  apt: (name) => [
    `# or /var/cache/apt/archives; the hash must be the one of: ${shellCommand(['apt-cache', 'show', name])}`,
    shellCommand(['apt-get', 'download', name]),
    `dpkg-deb --extract ./${shellQuote(name)}_*.deb package`,
  ],
  dnf: (name) => [
    shellCommand(['dnf', 'download', name]),
    `rpm --checksig ./${shellQuote(name)}-*.rpm`,
    `rpm2cpio ./${shellQuote(name)}-*.rpm | cpio --extract --make-directories --directory package`,
  ],
  apk: (name) => [
    shellCommand(['apk', 'fetch', name]),
    `apk verify ./${shellQuote(name)}-*.apk`,
    `tar -xzf ./${shellQuote(name)}-*.apk -C package`,
  ],
};

/** What a person would type to snapshot a volume. */
export const SNAPSHOT_COMMANDS = {
  btrfs: ({ mountPoint }: VolumeRef, name: string) => [
    shellCommand(['btrfs', 'subvolume', 'snapshot', '-r', mountPoint, below(mountPoint, name)]),
  ],
  lvm: ({ source }: VolumeRef, name: string) => [
    shellCommand(['lvcreate', '--snapshot', '--extents', '10%ORIGIN', '--name', name, source]),
  ],
  zfs: ({ source }: VolumeRef, name: string) => [shellCommand(['zfs', 'snapshot', `${source}@${name}`])],
} as const;

function below(folder: string, name: string): string {
  return `${folder === '/' ? '' : folder}/${name}`;
}

export function editCommands(operation: EditFile): readonly string[] {
  const { file, removeLines, replaceLines = [], insertLines = [] } = operation;
  // sed counts the lines of what it reads, so each number stays true whatever the others do.
  const script = [
    ...removeLines.map(({ number }) => `${number}d`),
    ...replaceLines.map(({ line, text }) => `${line.number}c\\${text}`),
    ...insertLines.map(({ below: line, text, madeUp }) => {
      const whole = madeUp === true ? `${text}PASSWORD` : text;
      return line === null ? `1i\\${whole}` : `${line.number}a\\${whole}`;
    }),
  ];
  return [
    ...removeLines.map((line) => `# line ${line.number}: ${shellQuote(line.text)}`),
    ...replaceLines.map(({ line }) => `# line ${line.number} was: ${shellQuote(line.text)}`),
    ...(insertLines.some(({ madeUp }) => madeUp) ? ['# PASSWORD: openssl rand -base64 32'] : []),
    shellCommand(['sed', '--in-place=.before', ...script.flatMap((part) => ['-e', part]), '--', file.path]),
  ];
}

export function attributeCommands(operation: SetAttributes): readonly string[] {
  const { file, mode, capabilities, flags } = operation;
  const path = file.path;
  return [
    ...(flags === undefined ? [] : [shellCommand(['chattr', '-ia', '--', path])]),
    ...(mode === undefined ? [] : [shellCommand(['chmod', mode.toString(8).padStart(4, '0'), '--', path])]),
    ...(capabilities === undefined
      ? []
      : [
          capabilities === ''
            ? shellCommand(['setcap', '-r', path])
            : shellCommand(['setcap', capabilities, path]),
        ]),
    ...(flags === undefined || flags === '' ? [] : [shellCommand(['chattr', `+${flags}`, '--', path])]),
  ];
}
