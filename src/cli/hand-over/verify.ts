import { stat } from 'node:fs/promises';
import { checkSignature } from '../../host/ssh-signature.ts';
import { checkStamp } from '../../host/time-stamp.ts';
import { checkpointPhrase } from '../../journal/checkpoint.ts';
import { findIncidentFolder, type IncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { listSignatures, signedText } from '../../journal/signatures.ts';
import { verifyIncident } from '../../journal/verify-incident.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { stampLine } from './stamp-line.ts';

export interface VerifyOptions {
  /** Six words that were read from the head of the journal at some time. */
  readonly checkpoint?: string;
  /** A file of allowed signers, see ssh-keygen(1): signatures must be of one of these. */
  readonly allowedSigners?: string;
  /** A file of certificates that time stamps are checked by. */
  readonly timestampCa?: string;
  /** For a bundle that is encrypted: a file with the age key. */
  readonly identity?: string;
}

/** `tourniquet verify INCIDENT`: is it what was written? Names the first thing that does not fit, and all others. */
export async function verifyVerb(
  context: CliContext,
  name: string,
  options: VerifyOptions = {},
): Promise<ExitCode> {
  if ((await stat(name).catch(() => null))?.isFile()) {
    const { verifyBundle } = await import('./verify-bundle.ts');
    return verifyBundle(context, name, options);
  }
  const folder = await findIncidentFolder(context.root, name);
  const check = await verifyIncident(folder, options.checkpoint ?? null);
  if (check.checkpoint?.status === 'no-phrase') {
    throw new UserError('bad-checkpoint', `That is no checkpoint phrase: ${check.checkpoint.hint}.`, {
      hint: '`tourniquet show` and the end of a run give one: six words, in their order.',
    });
  }
  const words = check.records > 0 ? checkpointPhrase(check.head) : null;
  const signatures = await checkStored(folder, 'sig', (text, file) =>
    checkSignature(text, file, options.allowedSigners ?? null),
  );
  const stamps = await checkStored(folder, 'tsr', (text, file) =>
    checkStamp(text, file, options.timestampCa ?? null),
  );
  const isWhole =
    check.faults.length === 0 &&
    signatures.every(({ isGood }) => isGood) &&
    stamps.every(({ isGood }) => isGood !== false);
  if (context.json) {
    context.stdout.write(`${safeJson({ folder: folder.path, ...check, words, signatures, stamps }, 2)}\n`);
  } else {
    for (const fault of check.faults)
      context.stdout.write(`${printable(`${fault.where}: ${fault.message}`)}\n`);
    const what = `${check.records} records, ${check.files} files`;
    for (const { seq, isGood, fingerprint, signer, detail } of signatures) {
      const who = [fingerprint, signer].filter((part) => part !== null).join(' of ');
      const text = isGood ? `good, ${who}` : `NOT good: ${detail}`;
      context.stdout.write(`${printable(`signature over record ${seq}: ${text}`)}\n`);
    }
    for (const stamp of stamps) context.stdout.write(`${printable(stampLine(stamp))}\n`);
    if (check.checkpoint?.status === 'contained') {
      context.stdout.write(
        `the checkpoint is the head of record ${check.checkpoint.seq} of ${check.records}\n`,
      );
    }
    context.stdout.write(isWhole ? `whole: ${what}, head ${check.head}\n` : `not whole: ${what}\n`);
    if (words !== null) context.stdout.write(`checkpoint: ${words}\n`);
  }
  return isWhole ? EXIT.done : EXIT.unfinished;
}

/** Each of what is stored, held against the record that it was made over. */
async function checkStored<Check>(
  folder: IncidentFolder,
  kind: 'sig' | 'tsr',
  checkOne: (text: string, file: string) => Promise<Check>,
): Promise<readonly (Check & { readonly seq: number })[]> {
  const stored = await listSignatures(folder, kind);
  if (stored.length === 0) return [];
  const { records, hashes } = await readJournal(folder.journal);
  const first = records[0]?.event;
  const incidentId = first?.kind === 'incident-opened' ? first.incidentId : '';
  const checks: (Check & { readonly seq: number })[] = [];
  for (const { seq, file } of stored) {
    const text = signedText(incidentId, seq, hashes[seq - 1] ?? 'none');
    checks.push({ ...(await checkOne(text, file)), seq });
  }
  return checks;
}
