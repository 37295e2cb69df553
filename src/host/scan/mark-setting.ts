import type { BigIntStats } from 'node:fs';
import type { ObservedMark } from '../../findings/mark.ts';
import type { Gathered } from './gathered.ts';
import { type Look, ownerName, statHere } from './look.ts';

export interface SettingOf
  extends Pick<ObservedMark, 'part' | 'code' | 'name' | 'advice' | 'details' | 'remedy'> {
  readonly path: string;
  readonly line?: number;
  readonly package?: string | null;
  /** Where the file’s own times say nothing of this one setting. */
  readonly times?: ObservedMark['times'];
}

/** Notes how something is set, at the file that says so; what no operation takes away. */
export function markSetting(look: Look, gathered: Gathered, of: SettingOf): void {
  const { path, line, remedy, package: owner, times, ...rest } = of;
  const stats = path.startsWith('/proc/') || path.startsWith('/sys/') ? null : statHere(look, path);
  gathered.marks.push({
    ...rest,
    place: { path, ...(line === undefined ? {} : { line }) },
    removable: null,
    ...(remedy === undefined ? {} : { remedy }),
    times: times ?? (stats === null ? null : timesOf(stats)),
    owner: stats === null ? null : ownerName(look, Number(stats.uid)),
    package: owner,
  });
}

/** When a file was last written, and when anything of it was last changed. */
export function timesOf(stats: BigIntStats): { readonly mtimeNs: string; readonly ctimeNs: string } {
  return { mtimeNs: stats.mtimeNs.toString(), ctimeNs: stats.ctimeNs.toString() };
}
