import type { Gathered } from './gathered.ts';
import { readKernelFile } from './kernel-file.ts';
import { hugePagesUser } from './kernel-settings.ts';
import { type Look, resolve } from './look.ts';
import { markSetting, type SettingOf } from './mark-setting.ts';
import type { Ownership } from './owning.ts';

/** How the running kernel is set, whatever the files say: XMRig’s own scripts set it by hand, and it lasts until a reboot. */
export async function enumerateKernelState(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number> {
  const mark = (of: Omit<SettingOf, 'part'>): void =>
    markSetting(look, gathered, { part: 'kernel-settings', ...of });
  const pages = readKernelFile(look, '/proc/sys/vm/nr_hugepages') ?? '0';
  if (Number(pages) > 0 && hugePagesUser(look) === undefined)
    mark({
      code: 'huge-pages-now',
      name: 'vm.nr_hugepages',
      path: '/proc/sys/vm/nr_hugepages',
      details: { value: pages },
      advice: 'sysctl -w vm.nr_hugepages=0, once nothing that belongs uses them',
      remedy: { kind: 'set-kernel-parameter', name: 'vm.nr_hugepages', from: pages, to: '0' },
    });
  const writes = '/sys/module/msr/parameters/allow_writes';
  if (/^(on|Y|1)$/.test(readKernelFile(look, writes) ?? ''))
    mark({
      code: 'msr-writes',
      name: 'msr.allow_writes',
      path: writes,
      details: { value: 'on' },
      advice: 'modprobe -r msr, once nothing that belongs uses it',
    });
  const layout = '/proc/sys/kernel/randomize_va_space';
  if (readKernelFile(look, layout) === '0')
    mark({
      code: 'addresses-fixed',
      name: 'kernel.randomize_va_space',
      path: layout,
      details: { value: '0' },
      advice: 'sysctl -w kernel.randomize_va_space=2',
      remedy: { kind: 'set-kernel-parameter', name: 'kernel.randomize_va_space', from: '0', to: '2' },
    });
  if (look.facts.container === null) await judgeInit(look, ownership, mark);
  return 4;
}

const STOCK =
  /^(\/usr)?(\/s?bin\/(init|systemd|openrc-init|runit-init|busybox)|\/lib\/systemd\/systemd|\/init)$/;

async function judgeInit(
  look: Look,
  ownership: Ownership,
  mark: (of: Omit<SettingOf, 'part'>) => void,
): Promise<void> {
  const line = readKernelFile(look, '/proc/cmdline') ?? '';
  const init = /(?:^|\s)init=(\S+)/.exec(line)?.[1];
  if (init === undefined || STOCK.test(init)) return;
  const real = resolve(look, init) ?? init;
  if (typeof (await ownership.owners([real])).get(real) === 'string') return;
  mark({
    code: 'other-init-now',
    name: 'init of the running kernel',
    path: '/proc/cmdline',
    details: { value: init },
    advice: 'take it out of the boot loader’s settings, and look at what it starts',
  });
}
