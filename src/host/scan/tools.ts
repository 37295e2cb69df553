import { decodeHostBytes } from '../../text/host-bytes.ts';
import { localDiversions } from './diversions.ts';
import type { Gathered } from './gathered.ts';
import { type Look, linesOf, readBytes, resolve, statHere } from './look.ts';
import { markFile } from './mark-file.ts';
import type { Ownership } from './owning.ts';
import { packageRemedy } from './package-remedy.ts';

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** What shows processes, connections, files and entries; compiled everywhere, and faked by rootkits. */
const SHOWS =
  'ps top ls ss netstat lsof crontab mount umount rm kill pkill pgrep find cat w who last id lsattr chattr systemctl journalctl dmesg lsmod rmmod ip ifconfig du stat md5sum sha256sum pstree'.split(
    ' ',
  );
const OTHERS =
  'ldd htop strace curl wget ssh sshd login su sudo passwd bash sh dash awk grep sed dpkg rpm apk apt-get chpasswd useradd usermod nft iptables modprobe insmod tcpdump gdb uptime free vmstat env'.split(
    ' ',
  );
/** Only people start these: a host goes on without them until their package can be had. */
const DOES_WITHOUT: ReadonlySet<string> = new Set(
  'ps top ss netstat lsof crontab pkill pgrep w who last lsattr chattr dmesg ifconfig pstree htop strace tcpdump gdb uptime free vmstat'.split(
    ' ',
  ),
);
const HEAD = 64 * 1024;

/** The host's own tools: whether they are as their package installed them, and whether others are found before them. */
export async function enumerateTools(look: Look, gathered: Gathered, ownership: Ownership): Promise<number> {
  const diverted = localDiversions(look);
  const done = new Set<string>();
  const earlier = earlierFolders(gathered);
  const busybox = await ownBusybox(look, ownership);
  for (const name of [...SHOWS, ...OTHERS]) {
    const found = [...earlier, ...FOLDERS].flatMap((folder) => {
      const real = resolve(look, `${folder}/${name}`);
      return real !== null && statHere(look, real)?.isFile() ? [{ named: `${folder}/${name}`, real }] : [];
    });
    const owners = await ownership.owners(found.map(({ real }) => real));
    const own = found.find(({ real }) => typeof owners.get(real) === 'string');
    for (const { named, real } of found) {
      const owner = owners.get(real);
      if (done.has(real)) continue;
      done.add(real);
      if (typeof owner === 'string') {
        const how = diverted.get(named) ?? diverted.get(real);
        if (how === 'by-package') continue;
        if ((await ownership.integrity(real, owner)) !== 'changed') continue;
        const advice = `keep it as evidence, then install the package ${owner} again`;
        markFile(look, gathered, {
          part: 'tools',
          code: 'tool-changed',
          path: real,
          package: owner,
          advice,
          details: {
            isScript: startOf(look, real).startsWith('#!') ? 'yes' : 'no',
            ...(how ? { diverted: how } : {}),
          },
          ...packageRemedy(look, owner, DOES_WITHOUT.has(name) ? 'quarantine' : 'leave'),
        });
      } else if (own !== undefined && found.indexOf(own) > found.findIndex((other) => other.real === real)) {
        const isLink = statHere(look, named)?.isSymbolicLink() ?? false;
        markFile(look, gathered, {
          part: 'tools',
          code: 'tool-shadowed',
          path: real,
          package: owner,
          role: 'shadowing-tool',
          advice: 'take it away, and look at who put it there',
          details: {
            shadowed: own.real,
            isTrusted: SHOWS.includes(name) && !isLink ? 'yes' : 'no',
            filters: isFilter(startOf(look, real), own.real, name) ? 'yes' : 'no',
          },
        });
      } else if (
        busybox !== null &&
        own === undefined &&
        owner === null &&
        !named.startsWith('/usr/local/')
      ) {
        // Where BusyBox is the host's own, a tool that nobody brought stands in the place of a link to it.
        markFile(look, gathered, {
          part: 'tools',
          code: 'tool-shadowed',
          path: real,
          package: owner,
          role: 'shadowing-tool',
          advice: `look at who put it there; a link to ${busybox} belongs in its place`,
          details: {
            shadowed: busybox,
            isTrusted: SHOWS.includes(name) ? 'yes' : 'no',
            filters: isFilter(startOf(look, real), busybox, name) ? 'yes' : 'no',
          },
        });
      } else if (owner === undefined && SHOWS.includes(name) && startOf(look, real).startsWith('#!')) {
        const advice = 'compare it with the same tool of another host of this kind';
        markFile(look, gathered, {
          part: 'tools',
          code: 'tool-is-script',
          path: real,
          package: owner,
          advice,
          details: {},
        });
      }
    }
    await twins(look, gathered, ownership, found);
  }
  return done.size;
}

/** The one program that has all tools in it, if this host has it from a package and its tools are links to it. */
async function ownBusybox(look: Look, ownership: Ownership): Promise<string | null> {
  const real = resolve(look, '/bin/busybox');
  if (real === null || resolve(look, '/bin/ls') !== real) return null;
  return typeof (await ownership.owners([real])).get(real) === 'string' ? real : null;
}

/** `ps.original` beside `ps`: where a fake keeps the real one. */
async function twins(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  found: readonly { real: string }[],
): Promise<void> {
  for (const { real } of found) {
    for (const ending of ['.original', '.orig', '.real', '.bak', '.old']) {
      const path = `${real}${ending}`;
      if (!statHere(look, path)?.isFile() || gathered.marks.some((mark) => mark.name === path)) continue;
      const owner = (await ownership.owners([path])).get(path);
      if (typeof owner === 'string') continue;
      const advice = `compare it with ${real}: if that one is a fake, this is the real one`;
      markFile(look, gathered, {
        part: 'tools',
        code: 'tool-twin',
        path,
        package: owner,
        advice,
        details: { tool: real },
      });
    }
  }
}

/** Folders that a shell start file puts before the ordinary ones. */
function earlierFolders(gathered: Gathered): string[] {
  const out = new Set<string>();
  for (const { role, command } of gathered.lines) {
    if (role !== 'shell-start-line' || command === null) continue;
    const value = /\bPATH=["']?([^"'\s;]+)/.exec(command)?.[1];
    if (value === undefined || value.length > 4096) continue;
    for (const folder of value.split(':')) {
      if (/\$\{?PATH/.test(folder) || FOLDERS.includes(folder)) break;
      if (/^\/[\w./ -]+$/.test(folder)) out.add(folder.replace(/\/+$/, ''));
    }
  }
  return [...out].filter(Boolean).slice(0, 32);
}

function startOf(look: Look, path: string): string {
  const bytes = readBytes(look, 'tools', path, HEAD)?.bytes;
  return bytes === undefined || bytes.subarray(0, 2).toString('latin1') !== '#!'
    ? ''
    : decodeHostBytes(bytes);
}

/** A script that has the real one's output pass through something that leaves lines out. */
function isFilter(text: string, real: string, name: string): boolean {
  if (text === '') return false;
  const last = real.slice(real.lastIndexOf('/') + 1);
  const calls = linesOf(text).filter(
    (line) =>
      !line.startsWith('#') && (line.includes(real) || line.includes(`/${last}`) || line.includes(name)),
  );
  return calls.some((line) => /\|\s*(e|f)?grep\s+(-\w+\s+)*-\w*v|\|\s*sed\b.*\/d\b|\|\s*awk\b.*!/.test(line));
}
