import type { Finding } from './finding.ts';

export interface InWindow {
  /** Those of which something happened since then, and those of which no time is known. */
  readonly findings: readonly Finding[];
  /** How many are all older. */
  readonly older: number;
  /** How many of those kept have no time. */
  readonly withoutTime: number;
}

/** Everything known of when it happened, ms since 1970: its file's contents and inode changed, it was started, somebody logged in. */
function timesOf(finding: Finding): number[] {
  const { times, beganAtMs } = finding;
  const ofFile =
    times === null ? [] : [times.mtimeNs, times.ctimeNs].map((ns) => Number(BigInt(ns) / 1_000_000n));
  return [...ofFile, ...(beganAtMs === undefined ? [] : [beganAtMs])];
}

/**
 * What may belong to an incident that began at a time. What has no time stays: nothing is left out that could
 * belong to it. mtime alone is never enough to leave a file out, since it can be set by anybody (utimensat(2)); the
 * kernel alone sets ctime (inode(7)).
 */
export function inWindow(findings: readonly Finding[], sinceMs: number): InWindow {
  const kept = findings.filter((finding) => {
    const times = timesOf(finding);
    return times.length === 0 || times.some((time) => time >= sinceMs);
  });
  return {
    findings: kept,
    older: findings.length - kept.length,
    withoutTime: kept.filter((finding) => timesOf(finding).length === 0).length,
  };
}
