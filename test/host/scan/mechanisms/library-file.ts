import { elf, type Pair } from './pair.ts';

const LIB = '/usr/lib/x86_64-linux-gnu';

export const pair: Pair = {
  packaged: {
    [`${LIB}/libnss_files.so.2`]: elf('files', 0o644),
    [`${LIB}/libpam.so.0.85.1`]: elf('pam', 0o644),
    [`${LIB}/libkeyutils.so.1`]: { link: 'libkeyutils.so.1.9' },
    [`${LIB}/libz.so.1`]: elf('z', 0o644),
    [`${LIB}/gconv/UTF-16.so`]: elf('utf', 0o644),
    [`${LIB}/sasl2/libplain.so.2`]: elf('plain', 0o644),
    '/usr/libexec/sudo/sudoers.so': elf('sudoers', 0o644),
  },
  tree: {
    '/etc/nsswitch.conf':
      '# services\npasswd: files marky local2\ngroup: files [NOTFOUND=return] marky\nhosts: files gone dns\n',
    [`${LIB}/libnss_marky.so.2`]: elf('marky', 0o644),
    '/usr/local/lib/libnss_local2.so.2': elf('local', 0o644),
    '/etc/ld.so.conf.d/local.conf': '/usr/local/lib\n/opt/app/lib\n',
    '/opt/app/lib/libapp.so.1': elf('app', 0o644),
    '/var/tmp/.l/libselinux.so.1': elf('selinux', 0o644),
    '/etc/ld.so.cache': {
      bytes: linkerCache({
        'libselinux.so.1': '/var/tmp/.l/libselinux.so.1',
        'libnss_local2.so.2': '/usr/local/lib/libnss_local2.so.2',
        'libapp.so.1': '/opt/app/lib/libapp.so.1',
      }),
    },
    // Ebury’s way: the package’s link leads to a library of nobody.
    [`${LIB}/libkeyutils.so.1.9`]: elf('other', 0o644),
    [`${LIB}/libpam.so.0`]: { link: 'libpam.so.0.85.1' },
    [`${LIB}/libpam.so.0.85.1`]: elf('another pam', 0o644),
    [`${LIB}/gconv/MARKY.so`]: elf('marky', 0o644),
    [`${LIB}/sasl2/libx.so.2`]: elf('x', 0o644),
    '/usr/libexec/sudo/sudoers.so': elf('other sudoers', 0o644),
  },
  blamed: [
    { ...at(`${LIB}/libnss_marky.so.2`, 'unowned-library'), verdict: 'suspicious' },
    { ...at('/etc/nsswitch.conf', 'unowned-library'), line: 2, verdict: 'suspicious' },
    at('/var/tmp/.l/libselinux.so.1', 'temp-folder'),
    { ...at(`${LIB}/libkeyutils.so.1.9`, 'library-led-astray'), verdict: 'suspicious' },
    at(`${LIB}/libpam.so.0.85.1`, 'changed-library'),
    { ...at(`${LIB}/gconv/MARKY.so`, 'unowned-library'), verdict: 'suspicious' },
    { ...at(`${LIB}/sasl2/libx.so.2`, 'unowned-library'), verdict: 'suspicious' },
    at('/usr/libexec/sudo/sudoers.so', 'changed-library'),
  ],
  passed: [
    'libnss_files.so.2',
    'libnss_local2.so.2',
    'libapp.so.1',
    'libz.so.1',
    'UTF-16.so',
    'libplain.so.2',
  ],
};

function at(path: string, code: string) {
  return { path, code, attack: 'T1574.006', verdict: 'malicious' } as const;
}

/** As ldconfig(8) of glibc writes it (dl-cache.h: struct cache_file_new). */
function linkerCache(libraries: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(libraries);
  const header = Buffer.alloc(48);
  header.write('glibc-ld.so.cache1.1', 'latin1');
  header.writeUInt32LE(entries.length, 20);
  const table = Buffer.alloc(24 * entries.length);
  const texts: Buffer[] = [];
  let at = header.length + table.length;
  const put = (text: string): number => {
    const bytes = Buffer.from(`${text}\0`);
    texts.push(bytes);
    at += bytes.length;
    return at - bytes.length;
  };
  for (const [index, [name, path]] of entries.entries()) {
    table.writeUInt32LE(put(name), 24 * index + 4);
    table.writeUInt32LE(put(path), 24 * index + 8);
  }
  return Buffer.concat([header, table, ...texts]);
}
