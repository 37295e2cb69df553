import { type BigIntStats, readFileSync } from 'node:fs';

/** Owned by root and writable by nobody else. A symlink's own mode says nothing. */
export function isBeyondReach(stats: BigIntStats): boolean {
  if (!stats.isSymbolicLink() && (stats.mode & 0o022n) !== 0n) return false;
  return stats.uid === 0n || (stats.uid === overflowUid() && hasUnmappedUsers());
}

/**
 * In a user namespace that maps only ourselves, the real root's files show up as the overflow uid
 * (user_namespaces(7)), and no one in there is root's better.
 */
function hasUnmappedUsers(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'latin1'));
  } catch {
    return false;
  }
}

function overflowUid(): bigint {
  try {
    return BigInt(readFileSync('/proc/sys/kernel/overflowuid', 'latin1').trim());
  } catch {
    return 65534n;
  }
}
