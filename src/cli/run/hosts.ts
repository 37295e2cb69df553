import { cloudProvider } from '../../cloud/providers.ts';
import { withResponderSide } from '../../cloud/responder-side.ts';
import type { Host } from '../../host/host.ts';
import { withLimits } from '../../host/limited-host.ts';
import { stepAroundInherited } from '../../host/step-around.ts';
import { createThisHost } from '../../host/this-host.ts';
import type { JsonValue } from '../../playbook/playbook.ts';
import { UserError } from '../../text/user-error.ts';
import { ownCommand } from '../surroundings.ts';

/** How an incident's host is reached; kept beside its journal as host.json, so that a resume finds it again. */
export type HostTransport =
  | { readonly kind: 'local' }
  /** A drill's sandbox on this machine. */
  | { readonly kind: 'drill'; readonly sandboxId: string }
  /** Any command that starts an agent and gives its stdin and stdout, e.g. `ssh web-07 tourniquet agent`. */
  | { readonly kind: 'command'; readonly argv: readonly string[] };

/** @throws UserError when it cannot be reached, saying what to do. */
export async function openHost(transport: HostTransport): Promise<Host> {
  return withResponderSide(withLimits(await openItself(transport)), {
    isOnHost: transport.kind === 'local',
    isDrill: transport.kind === 'drill',
    own: async () => withLimits(await createThisHost()),
    provider: cloudProvider,
  });
}

async function openItself(transport: HostTransport): Promise<Host> {
  switch (transport.kind) {
    case 'local':
      return process.platform === 'win32' ? createThisHost() : connectHere();
    case 'command': {
      const { connectHost } = await import('../../host/remote.ts');
      return connectHost(transport.argv, { needsTerminal: true });
    }
    case 'drill': {
      const { connectHost } = await import('../../host/remote.ts');
      const { openSandbox } = await import('../../drill/sandbox.ts');
      const { PEER } = await import('../../drill/places.ts');
      const argv = openSandbox(transport.sandboxId).agentCommand(ownCommand('agent'));
      // In a drill the responder comes from the pretend peer, as one would over SSH on a real server.
      const responder = { peerAddress: PEER.address, peerPort: 50022, localPort: 22 };
      return connectHost(argv, { responder });
    }
  }
}

/**
 * This machine, by an agent of its own: what hangs on the host (a mount whose server is gone) hangs there, and not the
 * process that has the screen, the journal and the keys.
 */
async function connectHere(): Promise<Host> {
  const { connectHost } = await import('../../host/remote.ts');
  return connectHost(ownCommand('agent'), {
    environment: stepAroundInherited(),
    startWithinMs: START_WITHIN_MS,
  });
}

/** On a host whose processors are all taken. */
const START_WITHIN_MS = 120_000;

/** What host.json holds, checked. */
export function parseTransport(value: JsonValue): HostTransport {
  const transport = value as { kind?: unknown; sandboxId?: unknown; argv?: unknown } | null;
  switch (transport?.kind) {
    case 'local':
      return { kind: 'local' };
    case 'drill':
      return { kind: 'drill', sandboxId: String(transport.sandboxId) };
    case 'command':
      if (Array.isArray(transport.argv)) return { kind: 'command', argv: transport.argv.map(String) };
  }
  throw new UserError('bad-transport', 'The incident does not say how its host is reached (host.json).', {
    hint: 'The journal can still be read with `tourniquet show` and `transcript`.',
  });
}
