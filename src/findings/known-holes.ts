import { HOLED_PROGRAMS, type HoledProgram, type HoledProgramName } from './holed-programs.ts';
import { compareVersions, isVersion } from './version-order.ts';

export interface HolesOf {
  readonly cves: readonly string[];
  /** The first version of its line that has none of them; null if its line has none. */
  readonly mendedIn: string;
  /** What it depends on besides the version, if that is so for all of them. */
  readonly onlyIf: string | null;
}

/** What is known of a version; null if nothing, `unreadable` if it cannot be compared. */
export function holesOf(name: HoledProgramName, version: string): HolesOf | 'unreadable' | null {
  if (!isVersion(version)) return 'unreadable';
  const { holes }: HoledProgram = HOLED_PROGRAMS[name];
  const found = holes.flatMap(({ cve, versions, onlyIf }) => {
    const range = versions.find(
      ({ from, before }) => compareVersions(version, from) >= 0 && compareVersions(version, before) < 0,
    );
    return range === undefined ? [] : [{ cve, before: range.before, onlyIf }];
  });
  const [first] = found;
  if (first === undefined) return null;
  const mendedIn = found.reduce(
    (last, { before }) => (compareVersions(before, last) > 0 ? before : last),
    first.before,
  );
  const sure = found.filter(({ onlyIf }) => onlyIf === undefined);
  return {
    cves: found.map(({ cve }) => cve),
    mendedIn,
    onlyIf: sure.length > 0 ? null : (first.onlyIf ?? null),
  };
}
