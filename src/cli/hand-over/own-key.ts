import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentKeys, signText } from '../../host/ssh-signature.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';

/**
 * An armoured SSH signature over a text, by the key named or by the responder's own.
 * @throws UserError `no-key` if there is none, `not-signed` if ssh-keygen refused.
 */
export async function signedWithOwnKey(
  context: CliContext,
  text: string,
  named: string | undefined,
): Promise<string> {
  const socket = context.environment.SSH_AUTH_SOCK;
  const scratch = await mkdtemp(join(tmpdir(), 'tourniquet-sign-'));
  try {
    const key = named ?? (await ownKey(context, socket, scratch));
    const signed = await signText(text, key, socket);
    if (signed.status === 'signed') return signed.signature;
    throw new UserError(
      'not-signed',
      `It was not signed with ${printable(key)}: ${printable(signed.detail)}`,
      {
        hint: 'A key with a passphrase goes through an agent: ssh-add, then --key with its .pub file.',
      },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The first of the agent's, else the usual files of ssh(1). */
async function ownKey(context: CliContext, socket: string | undefined, scratch: string): Promise<string> {
  const [fromAgent] = await agentKeys(socket);
  if (fromAgent !== undefined) {
    const file = join(scratch, 'agent.pub');
    await writeFile(file, `${fromAgent}\n`, { mode: 0o600 });
    return file;
  }
  const home = context.environment.HOME ?? homedir();
  for (const type of ['ed25519', 'ed25519_sk', 'ecdsa', 'ecdsa_sk', 'rsa']) {
    const file = join(home, '.ssh', `id_${type}`);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  throw new UserError(
    'no-key',
    `There is no SSH key to sign with: no agent holds one, and ${home}/.ssh has none.`,
    {
      hint: 'Connect with agent forwarding (ssh -A), or name one with --key FILE.',
    },
  );
}
