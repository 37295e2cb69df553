import type { ProcessSubject } from './finding.ts';

/** What ties two processes into one group, in words; null: nothing that could be seen. */
export function tieOf(one: ProcessSubject, other: ProcessSubject): string | null {
  if (one.process.exeInode !== null && one.process.exeInode === other.process.exeInode)
    return 'the same program';
  if (one.process.pid === other.parentPid) return `started ${other.process.name}`;
  if (one.parentPid === other.process.pid) return `started by ${other.process.name}`;
  // What cron or a login starts shares only that with others.
  const isOwnGroup =
    /\.service$/.test(one.cgroup ?? '') && !/\/(?:crond?|sshd?)\.service$/.test(one.cgroup ?? '');
  if (isOwnGroup && one.cgroup === other.cgroup) return 'the same unit';
  if (one.sessionId > 1 && one.sessionId === other.sessionId) return 'the same session';
  const folder = folderOf(one);
  return folder !== null && folder === folderOf(other) ? 'the same folder' : null;
}

/** Null for the folders of programs that have nothing to do with each other. */
function folderOf({ process: { exePath } }: ProcessSubject): string | null {
  const folder = exePath === null ? '' : exePath.slice(0, exePath.lastIndexOf('/'));
  return folder === '' || /^(?:\/usr(?:\/local)?)?\/s?bin$/.test(folder) ? null : folder;
}
