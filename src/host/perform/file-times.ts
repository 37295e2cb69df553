import { lstatSync, utimesSync } from 'node:fs';
import { runTool } from '../run-tool.ts';
import type { OpenFolder } from '../safe-path.ts';

/**
 * Sets the modification time of a folder to the nanosecond. Node's utimes takes a double, which is good to some
 * hundred nanoseconds only, so touch(1) is asked; where it is missing or cannot, the double has to do.
 */
export async function setMtime(folder: OpenFolder, name: Buffer | string, mtimeNs: string): Promise<void> {
  const seconds = mtimeNs.slice(0, -9) || '0';
  const when = `@${seconds}.${mtimeNs.slice(-9).padStart(9, '0')}`;
  const result = await runTool(['touch', '-c', '-m', '-d', when, '--', folder.childForOthers(name)], {
    timeoutMs: 10_000,
  });
  if (result.exitCode === 0) return;
  const { atimeMs } = lstatSync(folder.child(name));
  utimesSync(folder.child(name), atimeMs / 1000, Number(mtimeNs) / 1e9);
}
