import { expect, test } from 'vitest';
import { reloadsFor } from '../../src/operations/reloads.ts';

test.each([
  ['/etc/udev/rules.d/99-x.rules', ['udev']],
  ['/usr/lib/udev/rules.d/99-x.rules', ['udev']],
  ['/lib/udev/rules.d/99-x.rules', ['udev']],
  ['/run/udev/rules.d/99-x.rules', ['udev']],
  ['/etc/default/grub', ['grub']],
  ['/etc/default/grub.d/50.cfg', ['grub']],
  ['/etc/grub.d/40_custom', ['grub']],
  ['/etc/initramfs-tools/hooks/x', ['initramfs']],
  ['/usr/lib/dracut/modules.d/99x/module-setup.sh', ['initramfs']],
  ['/etc/dracut.conf', ['initramfs']],
  ['/etc/systemd/system/x.service', ['systemd']],
  ['/run/systemd/system/x.service', ['systemd']],
  ['/usr/lib/systemd/system-generators/x', ['systemd']],
  ['/etc/sysctl.conf', ['sysctl']],
  ['/etc/sysctl.d/x.conf', ['sysctl']],
  ['/usr/lib/sysctl.d/x.conf', ['sysctl']],
  ['/etc/ld.so.conf.d/x.conf', ['linker']],
  ['/etc/cron.d/x', []],
  ['/etc/default/cron', []],
  ['/etc/ld.so.preload', []],
  ['/srv/etc/udev/rules.d/x', []],
  ['/etc/systemd/systemd.conf', []],
])('%s is read again by %j', (path, names) => {
  expect(reloadsFor(path)).toEqual(names);
});
