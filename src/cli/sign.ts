import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold } from '../engine/reduce.ts';
import { agentKeys, checkSignature, signText } from '../host/ssh-signature.ts';
import { checkpointPhrase } from '../journal/checkpoint.ts';
import { findIncidentFolder } from '../journal/folder.ts';
import { readJournal } from '../journal/read-journal.ts';
import { signedText, storeSignature } from '../journal/signatures.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

export interface SignOptions {
  /** A private key, or the public one of a key in the agent. */
  readonly key?: string;
}

/** `tourniquet sign INCIDENT`: the responder's SSH key over the head of the journal, which covers all before it. */
export async function signVerb(context: CliContext, name: string, options: SignOptions): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const { records, head, altered } = await readJournal(folder.journal);
  if (altered) {
    throw new UserError(
      'journal-altered',
      `Record ${altered.seq} was altered (${altered.reason}): it is not signed.`,
      {
        hint: '`tourniquet verify` names all that does not fit.',
      },
    );
  }
  const text = signedText(fold(records).id, records.length, head);
  const socket = context.environment.SSH_AUTH_SOCK;
  const scratch = await mkdtemp(join(tmpdir(), 'tourniquet-sign-'));
  try {
    const key = options.key ?? (await ownKey(context, socket, scratch));
    const signed = await signText(text, key, socket);
    if (signed.status === 'failed') {
      throw new UserError(
        'not-signed',
        `The journal was not signed with ${printable(key)}: ${printable(signed.detail)}`,
        {
          hint: 'A key with a passphrase goes through an agent: ssh-add, then --key with its .pub file.',
        },
      );
    }
    const file = await storeSignature(folder, records.length, signed.signature);
    const { fingerprint } = await checkSignature(text, file, null);
    context.stdout.write(
      `signed record ${records.length} with ${fingerprint}\ncheckpoint: ${checkpointPhrase(head)}\n${printable(file)}\n`,
    );
    return EXIT.done;
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
