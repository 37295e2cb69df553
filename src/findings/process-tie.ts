import type { Finding, ProcessSubject } from './finding.ts';

/** What ties two processes into one group, in words; null: nothing that could be seen. */
export function tieOf(one: ProcessSubject, other: ProcessSubject): string | null {
  if (one.process.exeInode !== null && one.process.exeInode === other.process.exeInode)
    return 'the same program';
  if (one.process.pid === other.parentPid) return `started ${other.process.name}`;
  if (one.parentPid === other.process.pid) return `started by ${other.process.name}`;
  if (isOwnUnit(one.cgroup) && one.cgroup === other.cgroup) return 'the same unit';
  if (one.sessionId > 1 && one.sessionId === other.sessionId) return 'the same session';
  const folder = folderOf(one);
  return folder !== null && folder === folderOf(other) ? 'the same folder' : null;
}

/**
 * Why a process that is only suspicious goes with one that is condemned, in words; null: a person has to say so. Either
 * it runs the very file, one that no package has brought; or the condemned one has started it and both are of one session
 * or unit. Everything else that two can share a miner shares with the ordinary program through which it came: what
 * started it, its folder, its session.
 */
export function strongTieOf(one: Finding, condemned: readonly Finding[]): string | null {
  if (one.subject.kind !== 'process' || one.verdict !== 'suspicious') return null;
  const { process, parentPid, sessionId, cgroup } = one.subject;
  for (const { subject, verdict } of condemned) {
    if (subject.kind !== 'process' || verdict !== 'malicious') continue;
    const { name, pid, exeInode } = subject.process;
    if (exeInode !== null && exeInode === process.exeInode && one.package === null)
      return `it runs the program of ${name}, which no package has brought`;
    if (pid !== parentPid || pid <= 1) continue;
    if (sessionId > 1 && sessionId === subject.sessionId) return `${name} started it, in its own session`;
    if (isOwnUnit(cgroup) && cgroup === subject.cgroup) return `${name} started it, in its own unit`;
  }
  return null;
}

/** What cron or a login starts shares only that with others. */
function isOwnUnit(cgroup: string | null): boolean {
  return /\.service$/.test(cgroup ?? '') && !/\/(?:crond?|sshd?)\.service$/.test(cgroup ?? '');
}

/** Null for the folders of programs that have nothing to do with each other. */
function folderOf({ process: { exePath } }: ProcessSubject): string | null {
  const folder = exePath === null ? '' : exePath.slice(0, exePath.lastIndexOf('/'));
  return folder === '' || /^(?:\/usr(?:\/local)?)?\/s?bin$/.test(folder) ? null : folder;
}
