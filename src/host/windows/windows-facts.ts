import { UserError } from '../../text/user-error.ts';
import type { HostFacts } from '../host.ts';
import type { ToldResponder } from '../responder.ts';
import { ask } from './ask.ts';
import type { PowerShellSession } from './powershell-session.ts';

/** @throws UserError `no-powershell` if Windows does not answer: then nothing can be said of the host at all. */
export async function readWindowsFacts(
  session: PowerShellSession,
  ownPid: number,
  told: ToldResponder,
): Promise<HostFacts> {
  const answer = await ask(session, 'scan/facts', { OwnPid: ownPid });
  const row = answer.status === 'answered' ? answer.rows[0] : undefined;
  if (row === undefined) {
    const why = answer.status === 'answered' ? 'Its answer cannot be read.' : answer.reason;
    throw new UserError('no-powershell', `Windows PowerShell did not say what this host is. ${why}`, {
      hint: 'Look whether powershell.exe starts at all: a policy (AppLocker, constrained language) may keep it from running.',
    });
  }
  const peer = row.peers[0];
  return {
    hostname: row.hostname,
    platform: 'win32',
    distribution: row.caption,
    kernel: row.version,
    architecture: row.architecture,
    bootId: row.boot,
    upSeconds: row.upSeconds,
    cores: row.cores,
    loadAverage: 0,
    memoryBytes: Number(row.memoryBytes),
    isRoot: row.isElevated,
    user: row.account,
    serviceManager: 'none',
    firewall: row.hasFirewall ? 'windows' : 'none',
    packageManager: 'none',
    container: null,
    responder: {
      peerAddress: told.peerAddress ?? peer?.address ?? null,
      peerPort: told.peerPort ?? peer?.port ?? null,
      localPort: told.localPort ?? peer?.localPort ?? null,
      account: told.account ?? row.account.slice(row.account.lastIndexOf('\\') + 1),
      uid: row.rid,
      protectedPids: row.protectedPids,
      keyFingerprint: told.keyFingerprint ?? null,
    },
    tools: {},
    isDrill: false,
    hardware: { processor: '', model: row.model, hypervisor: row.hypervisorPresent ? 'present' : null },
    preload: null,
    volumes: [],
  };
}
