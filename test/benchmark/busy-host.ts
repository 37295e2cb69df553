import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the measured host holds; always the same bytes under the same names. */
export interface BusyHost {
  readonly root: string;
  /** Regular files in all. */
  readonly files: number;
  /** Programs that packages own, for the processes. */
  readonly programs: readonly string[];
}

const USERS = 50;
const UNITS = 300;
const FILES = 100_000;
const PROGRAMS = 40;

/** Fills an empty folder with a server of its kind: packages, units, users, web pages, work trees and data. */
export function buildBusyHost(root: string): BusyHost {
  const made = new Set<string>();
  const folders = new Set<string>();
  let files = 0;
  const put = (path: string, content: string | Buffer, mode = 0o644): void => {
    const real = join(root, path);
    const folder = dirname(real);
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      folders.add(folder);
    }
    writeFileSync(real, content);
    if (mode !== 0o644) chmodSync(real, mode);
    if (!made.has(path)) files += 1;
    made.add(path);
  };
  const packages = new Map<string, Map<string, string>>();
  const putOf = (owner: string, path: string, content: string | Buffer, mode = 0o644): void => {
    put(path, content, mode);
    const own = packages.get(owner) ?? new Map<string, string>();
    own.set(path, createHash('md5').update(content).digest('hex'));
    packages.set(owner, own);
  };
  const packageAt = (index: number): string => `package-${String(index % 600).padStart(3, '0')}`;

  put('/etc/os-release', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n');
  // Of the usual size of a program, so that hashing and reading cost what they do elsewhere.
  const program = (name: string): Buffer =>
    Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.from(`${name}\n`.repeat(400))]);
  for (let at = 0; at < 1_500; at += 1)
    putOf(packageAt(at), `/usr/bin/tool-${at}`, program(`tool-${at}`), 0o755);
  for (let at = 0; at < 400; at += 1)
    putOf(packageAt(at), `/usr/sbin/admin-${at}`, program(`admin-${at}`), at < 17 ? 0o4755 : 0o755);
  const programs = Array.from({ length: PROGRAMS }, (_, at) => `/usr/sbin/server-${at}`);
  for (let at = 0; at < 12_000; at += 1)
    putOf(
      packageAt(at),
      `/usr/lib/x86_64-linux-gnu/lib-${at % 80}/lib${at}.so.1`,
      program(`${at}`).subarray(0, 512),
    );
  for (let at = 0; at < 6_000; at += 1)
    putOf(
      packageAt(at),
      `/usr/lib/python3/dist-packages/module${at % 300}/part${at}.py`,
      `def part_${at}(): pass\n`,
    );
  for (let at = 0; at < 30_000; at += 1)
    putOf(packageAt(at), `/usr/share/${at % 3 ? 'doc' : 'man'}/${packageAt(at)}/text-${at}`, `text ${at}\n`);

  for (let at = 0; at < UNITS - 20; at += 1)
    putOf(
      packageAt(at),
      `/usr/lib/systemd/system/server-${at}.service`,
      unit(`/usr/sbin/server-${at % PROGRAMS}`),
    );
  for (let at = 0; at < 20; at += 1) {
    put(`/etc/systemd/system/own-${at}.service`, unit(`/opt/own-${at}/bin/run --port ${8000 + at}`));
    put(`/opt/own-${at}/bin/run`, '#!/bin/sh\nexec /usr/sbin/server-1 "$@"\n', 0o755);
    for (let one = 0; one < 150; one += 1)
      put(`/opt/own-${at}/lib/part-${one}.js`, `export const part = ${one};\n`);
  }
  for (let at = 0; at < 10; at += 1) {
    putOf(packageAt(at), `/etc/cron.d/own-${at}`, `${at} 3 * * * root /usr/bin/tool-${at} --clean\n`);
    putOf(packageAt(at), `/etc/cron.daily/own-${at}`, `#!/bin/sh\n/usr/bin/tool-${at} --rotate\n`, 0o755);
  }
  for (let at = 0; at < 4_000; at += 1)
    put(`/var/www/site-${at % 8}/page-${at}.php`, `<?php echo ${at}; ?>\n`);
  for (let at = 0; at < 150; at += 1) put(`/tmp/upload-${at}.tmp`, `upload ${at}\n`);

  put(
    '/etc/passwd',
    accounts((name, uid) => `${name}:x:${uid}:${uid}::${homeOf(name)}:${shellOf(uid)}`),
  );
  put(
    '/etc/shadow',
    accounts((name) => `${name}:*:19000:0:99999:7:::`),
    0o600,
  );
  put(
    '/etc/group',
    accounts((name, uid) => `${name}:x:${uid}:`),
  );
  for (let at = 0; at < USERS; at += 1) {
    const home = `/home/user-${at}`;
    put(`${home}/.bashrc`, 'export EDITOR=vi\nalias ll="ls -l"\n');
    put(`${home}/.profile`, '[ -f ~/.bashrc ] && . ~/.bashrc\n');
    put(
      `${home}/.ssh/authorized_keys`,
      `${key(at, 'a')} user-${at}@laptop\n${key(at, 'b')} user-${at}@home\n`,
      0o600,
    );
    put(`${home}/work/.git/config`, '[core]\n\tbare = false\n');
    for (let one = 0; one < 250; one += 1)
      put(`${home}/work/src/part-${one % 12}/file-${one}.ts`, `// ${one}\n`);
    if (at % 2 === 0)
      put(`/var/spool/cron/crontabs/user-${at}`, `15 ${at % 24} * * * ${home}/work/run.sh\n`, 0o600);
  }
  chownSync(join(root, '/tmp'), 0, 0);
  chmodSync(join(root, '/tmp'), 0o1777);

  const owned = [...packages];
  for (const program of programs) owned[0]?.[1].set(program, '0'.repeat(32));
  put(
    '/var/lib/dpkg/status',
    owned.map(([name]) => `Package: ${name}\nStatus: install ok installed\nVersion: 1.0\n`).join('\n'),
  );
  for (const [name, own] of owned) {
    put(`/var/lib/dpkg/info/${name}.list`, `/.\n${[...own.keys()].join('\n')}\n`);
    put(
      `/var/lib/dpkg/info/${name}.md5sums`,
      [...own].map(([path, md5]) => `${md5}  ${path.slice(1)}\n`).join(''),
    );
    put(`/var/lib/dpkg/info/${name}.postinst`, '#!/bin/sh\nexit 0\n', 0o755);
  }
  for (let at = 0; files < FILES; at += 1)
    put(`/srv/data/part-${at % 200}/record-${at}.json`, `{"at": ${at}}\n`);
  return { root, files, programs };
}

function unit(command: string): string {
  return `[Unit]\nDescription=A server\n[Service]\nExecStart=${command}\nRestart=on-failure\n[Install]\nWantedBy=multi-user.target\n`;
}

function accounts(line: (name: string, uid: number) => string): string {
  const system = ['root', 'daemon', 'bin', 'sys', 'www-data', 'nobody'].map((name, at) => line(name, at));
  const users = Array.from({ length: USERS }, (_, at) => line(`user-${at}`, 1000 + at));
  return `${[...system, ...users].join('\n')}\n`;
}

function homeOf(name: string): string {
  return name === 'root' ? '/root' : name.startsWith('user-') ? `/home/${name}` : '/nonexistent';
}

function shellOf(uid: number): string {
  return uid === 0 || uid >= 1000 ? '/bin/bash' : '/usr/sbin/nologin';
}

/** A public key by its form; there is no private one to it. */
function key(at: number, letter: string): string {
  const head = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1');
  return `ssh-ed25519 ${Buffer.concat([head, Buffer.alloc(31, letter), Buffer.from([at])]).toString('base64')}`;
}
