import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { toolFailure } from '../firewall/tool-failure.ts';
import type { HostFacts } from '../host.ts';
import { runTool } from '../run-tool.ts';
import { errorCode } from './outcome.ts';

/** Whether sshd would start with its configuration and keys as they are (sshd(8), -t); null if there is no sshd. */
export async function isSshdSound(): Promise<boolean | null> {
  const tested = await runTool(['sshd', '-t'], { timeoutMs: 10_000 });
  return tested.failedToStart === null ? tested.exitCode === 0 : null;
}

/** Makes a running sshd read its keys again. Sessions that are open stay open: it is never restarted. In words. */
export async function reloadSshd(facts: HostFacts): Promise<string> {
  if (facts.serviceManager === 'systemd') {
    for (const unit of ['ssh.service', 'sshd.service']) {
      const asked = await runTool(['systemctl', 'is-active', '--quiet', unit]);
      if (asked.exitCode !== 0) continue;
      const reloaded = await runTool(['systemctl', '--no-ask-password', 'reload', unit]);
      return reloaded.exitCode === 0
        ? 'sshd has read them.'
        : `sshd could not be told (${toolFailure('systemctl', reloaded)}): reload it by hand.`;
    }
  }
  const problem = hangUpSshd();
  if (problem === null) return 'No sshd is running that would have to be told.';
  return problem === ''
    ? 'sshd has been told to read them.'
    : `sshd could not be told (${problem}): reload it by hand.`;
}

/** Tells the sshd that listens to read its files again (sshd(8): SIGHUP). null: none runs; else what went wrong, or ''. */
export function hangUpSshd(): string | null {
  const pid = readDaemonPid();
  if (pid === null) return null;
  try {
    process.kill(pid, 'SIGHUP');
    return '';
  } catch (error) {
    return errorCode(error);
  }
}

/** From its own file, and only if that process is an sshd. */
function readDaemonPid(): number | null {
  for (const path of ['/run/sshd.pid', '/var/run/sshd.pid']) {
    try {
      const pid = Number(readFileSync(path, 'latin1').trim());
      if (pid > 1 && basename(readlinkSync(`/proc/${pid}/exe`)).replace(' (deleted)', '') === 'sshd')
        return pid;
    } catch {
      // Not there, or it is gone.
    }
  }
  return null;
}
