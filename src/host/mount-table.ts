import { readFileSync } from 'node:fs';
import type { MountRef } from '../operations/identity.ts';
import { decodeHostBytes } from '../text/host-bytes.ts';

/** All mounts that a process sees, in the order in which they were made (proc_pid_mountinfo(5)). Throws if they cannot be read. */
export function readMounts(pid: number | 'self' = 'self'): MountRef[] {
  return parseMounts(readFileSync(`/proc/${pid}/mountinfo`));
}

export function parseMounts(bytes: Uint8Array): MountRef[] {
  return Buffer.from(bytes)
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const fields = line.split(' ');
      const [fileSystem, source] = fields.slice(fields.indexOf('-') + 1);
      const [, , device, root, point] = fields;
      if (fileSystem === undefined || device === undefined || root === undefined || point === undefined)
        return [];
      return [
        {
          point: plain(point),
          fileSystem: plain(fileSystem),
          source: plain(source ?? ''),
          root: plain(root),
          device,
        },
      ];
    });
}

/** Blank, tab, line end and backslash are written as a backslash and three octal digits. */
function plain(field: string): string {
  const bytes = field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return decodeHostBytes(Buffer.from(bytes, 'latin1'));
}

export function isSameMount(a: MountRef, b: MountRef): boolean {
  return a.point === b.point && a.device === b.device && a.root === b.root && a.fileSystem === b.fileSystem;
}
