import { readFileSync } from 'node:fs';

/**
 * Device numbers (`st_dev`) of file systems that are mounted `nosuid` wherever they are mounted: set-id bits and
 * capabilities of what lies there mean nothing (mount(8)). From proc_pid_mountinfo(5).
 */
export function devicesWithoutSetId(): Set<number> {
  try {
    return parseDevicesWithoutSetId(readFileSync('/proc/self/mountinfo', 'latin1'));
  } catch {
    return new Set();
  }
}

function parseDevicesWithoutSetId(text: string): Set<number> {
  const isWithout = new Map<number, boolean>();
  for (const line of text.split('\n')) {
    const [, , device, , , options] = line.split(' ');
    const [, major, minor] = /^(\d+):(\d+)$/.exec(device ?? '') ?? [];
    if (major === undefined || minor === undefined || options === undefined) continue;
    const number = deviceNumber(Number(major), Number(minor));
    isWithout.set(number, (isWithout.get(number) ?? true) && options.split(',').includes('nosuid'));
  }
  return new Set([...isWithout].flatMap(([number, without]) => (without ? number : [])));
}

/** As the kernel gives it to stat(2): new_encode_dev of include/linux/kdev_t.h. */
function deviceNumber(major: number, minor: number): number {
  return (minor & 0xff) + major * 0x100 + (minor >>> 8) * 0x100000;
}
