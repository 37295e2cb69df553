import type { ObservedMark } from '../../findings/mark.ts';
import type { Gathered } from './gathered.ts';
import { type Look, ownerName, statHere } from './look.ts';

export interface SettingOf
  extends Pick<ObservedMark, 'part' | 'code' | 'name' | 'advice' | 'details' | 'remedy'> {
  readonly path: string;
  readonly line?: number;
  readonly package?: string | null;
}

/** Notes how something is set, at the file that says so; what no operation takes away. */
export function markSetting(look: Look, gathered: Gathered, of: SettingOf): void {
  const { path, line, remedy, package: owner, ...rest } = of;
  const stats = path.startsWith('/proc/') || path.startsWith('/sys/') ? null : statHere(look, path);
  gathered.marks.push({
    ...rest,
    place: { path, ...(line === undefined ? {} : { line }) },
    removable: null,
    ...(remedy === undefined ? {} : { remedy }),
    times: stats === null ? null : { mtimeNs: stats.mtimeNs.toString(), ctimeNs: stats.ctimeNs.toString() },
    owner: stats === null ? null : ownerName(look, Number(stats.uid)),
    package: owner,
  });
}
