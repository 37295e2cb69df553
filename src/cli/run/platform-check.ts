import type { Host } from '../../host/host.ts';
import type { Playbook } from '../../playbook/playbook.ts';
import { UserError } from '../../text/user-error.ts';
import type { HostTransport } from './hosts.ts';

const NAMES = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' } as const;

/**
 * That a playbook is for what the host runs. Known without asking where a Linux playbook is run right here.
 * @throws UserError `wrong-platform` with where to run it instead.
 */
export async function checkPlatform(
  { name, platform }: Pick<Playbook, 'name' | 'platform'>,
  host: Pick<Host, 'facts'>,
  transport: HostTransport,
  own: string = process.platform,
): Promise<void> {
  const wanted = platform === 'windows' ? 'win32' : platform;
  if (wanted === 'any' || (transport.kind === 'local' && wanted === own)) return;
  const found = transport.kind === 'local' && own in NAMES ? own : (await host.facts()).platform;
  if (wanted === found) return;
  const there = wanted === 'win32' ? 'win' : 'web-07';
  throw new UserError(
    'wrong-platform',
    `The playbook ${name} is for ${NAMES[wanted]}, and this host runs ${NAMES[found as keyof typeof NAMES]}: nothing was begun.`,
    {
      hint: `Run it on the ${NAMES[wanted]} machine itself, or from here with --host "ssh ${there} tourniquet agent".`,
    },
  );
}
