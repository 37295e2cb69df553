import { win32 } from 'node:path';
import { UserError } from '../../text/user-error.ts';
import type { Host } from '../host.ts';
import type { ToldResponder } from '../responder.ts';
import { parseSshConnection } from '../ssh-peer.ts';
import { powershellCommand } from './powershell-command.ts';
import { createWindowsHost } from './windows-host.ts';

/**
 * This machine, which runs Windows. OpenSSH for Windows sets SSH_CONNECTION as elsewhere.
 * @throws UserError `unsupported-platform` if Windows does not say where it lies.
 */
export function createLocalWindowsHost(
  environment: Readonly<Record<string, string | undefined>>,
  told: ToldResponder = {},
): Host {
  const { SystemRoot, ProgramData } = environment;
  if (SystemRoot === undefined || ProgramData === undefined || !win32.isAbsolute(SystemRoot))
    throw new UserError(
      'unsupported-platform',
      'This Windows does not say where it lies (SystemRoot, ProgramData).',
      {
        hint: 'Start tourniquet from an ordinary elevated prompt.',
      },
    );
  const peer = parseSshConnection(environment.SSH_CONNECTION ?? '');
  const seen =
    peer === null ? {} : { peerAddress: peer.address, peerPort: peer.port, localPort: peer.localPort };
  return createWindowsHost({
    argv: powershellCommand(SystemRoot),
    programData: ProgramData,
    responder: { ...seen, ...told },
  });
}
