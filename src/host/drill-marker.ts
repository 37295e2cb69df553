import { lstat } from 'node:fs/promises';

/**
 * The file that only the drill's sandbox has (its own /run). Made by drill/, looked for by the host's facts and
 * by the drill's pretend miner, which refuses to run where it is not.
 */
export const DRILL_MARKER = '/run/tourniquet-drill/marker';

/** Whether this process is inside the drill's sandbox. */
export async function isInDrill(): Promise<boolean> {
  try {
    const status = await lstat(DRILL_MARKER);
    return status.isFile();
  } catch {
    return false;
  }
}
