import { runTool } from '../run-tool.ts';
import type { OpenFolder } from '../safe-path.ts';

/**
 * The flags of ext4, XFS, btrfs … that keep even root from moving or changing a file (chattr(1)): `i` immutable,
 * `a` append only. Malware sets them to stay. Node has no ioctl(2), so e2fsprogs is asked.
 */
export type Flags = string;

/** The flags `i` and `a` of a name in an open folder (`.` for the folder itself); null if it cannot be told. */
export async function readFlags(folder: OpenFolder, name: Buffer | string): Promise<Flags | null> {
  const result = await runTool(['lsattr', '-d', '--', folder.childForOthers(name)], { timeoutMs: 10_000 });
  if (result.exitCode !== 0) return null;
  const field = result.stdout.toString('latin1').split(' ')[0] ?? '';
  return [...'ia'].filter((flag) => field.includes(flag)).join('');
}

/** Takes flags off or puts them on. Returns what went wrong, null if nothing. */
export async function changeFlags(
  folder: OpenFolder,
  name: Buffer | string,
  sign: '+' | '-',
  flags: Flags | null,
): Promise<string | null> {
  if (flags === null || flags === '') return null;
  const result = await runTool(['chattr', `${sign}${flags}`, '--', folder.childForOthers(name)], {
    timeoutMs: 10_000,
  });
  if (result.exitCode === 0) return null;
  const why = result.failedToStart ?? result.stderr.toString('utf8').trim().split('\n')[0] ?? '';
  return `chattr ${sign}${flags} failed: ${why}`;
}

/** Flags in words, for a message: "immutable". */
export function flagWords(flags: Flags | null): string {
  return [...(flags ?? '')].map((flag) => (flag === 'i' ? 'immutable' : 'append-only')).join(', ');
}
