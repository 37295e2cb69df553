import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Part } from './scene.ts';

const REPOSITORY = '/srv/apt';
const STATUS = '/var/lib/dpkg/status';

/**
 * One small installed package with a newer version in a local `file:` repository, and nothing else to upgrade, so
 * that the patch step upgrades something real without a network. Also the owner of the upgraded daemon.
 * Nothing where there is no apt, or no right to change what dpkg owns.
 */
export function pendingUpgrade(mode: 'root' | 'user'): { parts: Part[]; notes: string[] } {
  const hasApt = existsSync(STATUS) && existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');
  if (!hasApt) return { parts: [], notes: ['there is no apt here, so nothing waits to be upgraded'] };
  // The machine's own sources cannot be reached from here and would only be waited for.
  const noSources: Part[] = [
    { kind: 'empty', role: 'stage', what: 'sources', path: '/etc/apt/sources.list.d' },
    stageFile(
      '/etc/apt/sources.list',
      mode === 'root' ? `deb [trusted=yes] file:${REPOSITORY} ./\n` : '# none in this drill\n',
    ),
  ];
  if (mode === 'user')
    return { parts: noSources, notes: ['packages cannot be upgraded as an ordinary user'] };
  const versionFile = '/usr/share/ledger-tools/version';
  const build = '/run/tourniquet-drill/build';
  return {
    notes: [],
    parts: [
      ...noSources,
      { kind: 'empty', role: 'stage', what: 'lists', path: '/var/lib/apt/lists' },
      stageFile(versionFile, '1.0\n'),
      ...installed('ledger-tools', '1.0', { [versionFile]: Buffer.from('1.0\n') }),
      ...installed('meterd', '1.1', { '/usr/lib/meterd/meterd': readFileSync('/bin/bash') }),
      stageFile(`${build}/DEBIAN/control`, control('ledger-tools', '1.1')),
      stageFile(`${build}${versionFile}`, '1.1\n'),
      { kind: 'file', role: 'stage', what: 'repository', path: REPOSITORY, isFolder: true, mode: 0o755 },
      command('dpkg-deb', '-Znone', '--root-owner-group', '--build', build, `${REPOSITORY}/ledger-tools.deb`),
      // As `apt-get update` would leave it; that takes a fifth of a second and gives the same.
      command(
        'sh',
        '-c',
        INDEX_SCRIPT,
        'sh',
        REPOSITORY,
        '/var/lib/apt/lists',
        control('ledger-tools', '1.1'),
      ),
      command('rm', '-r', build),
    ],
  };
}

const INDEX_SCRIPT = `set -eu
cd "$1"
set -- "$2" "$3" $(sha256sum ledger-tools.deb) $(stat -c %s ledger-tools.deb)
printf '%sFilename: ./ledger-tools.deb\\nSize: %s\\nSHA256: %s\\n\\n' "$2" "$5" "$3" > Packages
printf 'Origin: drill\\nLabel: drill-security\\nSuite: drill-security\\nDate: %s\\nSHA256:\\n' "$(date -Ru)" > Release
printf ' %s %s Packages\\n' "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >> Release
mkdir -p "$1/partial"
chown _apt "$1/partial" 2> /dev/null || :
chmod 700 "$1/partial"
cp Packages "$1/_srv_apt_._Packages"
cp Release "$1/_srv_apt_._Release"
`;

function control(name: string, version: string): string {
  return `Package: ${name}\nVersion: ${version}\nArchitecture: all\nSection: admin\nPriority: optional\nMaintainer: Drill <drill@example.net>\nDescription: plays a package in a drill\n`;
}

/** What dpkg keeps of an installed package (dpkg(1), /var/lib/dpkg/status and info/). */
function installed(name: string, version: string, files: Readonly<Record<string, Buffer>>): Part[] {
  const folders = new Set(['/.']);
  for (const path of Object.keys(files)) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  }
  const list = [...[...folders].sort(), ...Object.keys(files)].join('\n');
  const sums = Object.entries(files).map(
    ([path, bytes]) => `${createHash('md5').update(bytes).digest('hex')}  ${path.slice(1)}\n`,
  );
  const status = control(name, version).replace('\n', '\nStatus: install ok installed\n');
  return [
    stageFile(`/var/lib/dpkg/info/${name}.list`, `${list}\n`),
    stageFile(`/var/lib/dpkg/info/${name}.md5sums`, sums.join('')),
    {
      ...{ kind: 'lines', role: 'stage', what: 'package status', path: STATUS, mode: 0o644 },
      lines: [{ text: status, what: 'package', role: 'ordinary' }],
    },
  ];
}

function stageFile(path: string, text: string): Part {
  return { kind: 'file', role: 'stage', what: 'stage', path, text, mode: 0o644 };
}

function command(...argv: string[]): Part {
  return { kind: 'command', role: 'stage', what: argv[0] ?? '', argv };
}
