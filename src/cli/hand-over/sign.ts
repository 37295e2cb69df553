import { rm } from 'node:fs/promises';
import { fold } from '../../engine/reduce.ts';
import { checkSignature } from '../../host/ssh-signature.ts';
import { checkStamp, stampText } from '../../host/time-stamp.ts';
import { checkpointPhrase } from '../../journal/checkpoint.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { signedText, storeSignature } from '../../journal/signatures.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { signedWithOwnKey } from './own-key.ts';

export interface SignOptions {
  /** A private key, or the public one of a key in the agent. */
  readonly key?: string;
  /** Where a time stamp (RFC 3161) over the same is asked for. */
  readonly timestamp?: string;
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
  const signature = await signedWithOwnKey(context, text, options.key);
  const file = await storeSignature(folder, records.length, signature);
  const stamp = options.timestamp === undefined ? null : await stamped(text, options.timestamp);
  const { fingerprint } = await checkSignature(text, file, null);
  context.stdout.write(
    `signed record ${records.length} with ${fingerprint}\ncheckpoint: ${checkpointPhrase(head)}\n${printable(file)}\n`,
  );
  if (stamp !== null) {
    const stampFile = await storeSignature(folder, records.length, stamp, 'tsr');
    const { at, detail, isGood } = await checkStamp(text, stampFile, null);
    if (isGood === false) {
      await rm(stampFile);
      throw new UserError('no-time-stamp', `The server gave no time stamp over it: ${printable(detail)}.`, {
        hint: 'The signature is kept. Try again, or another server.',
      });
    }
    context.stdout.write(`${printable(`stamped ${at}`)}\n${printable(stampFile)}\n`);
  }
  return EXIT.done;
}

async function stamped(text: string, address: string): Promise<Uint8Array> {
  const answer = await stampText(text, address);
  if (answer.status === 'stamped') return answer.reply;
  throw new UserError(
    'no-time-stamp',
    `${printable(address)} gave no time stamp: ${printable(answer.detail)}.`,
    {
      hint: 'The signature is kept. Try again, or another server; `openssl` must be installed.',
    },
  );
}
