import { constants } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { custodyOf, custodySheet } from '../../bundle/custody.ts';
import { checkRecipients, encrypted } from '../../bundle/encryption.ts';
import { CUSTODY, CUSTODY_SHEET, manifestText, nameInBundle, WARNING } from '../../bundle/layout.ts';
import { writeBundle } from '../../bundle/write-bundle.ts';
import { fold } from '../../engine/reduce.ts';
import { addCustody, readCustody } from '../../journal/custody-file.ts';
import { findIncidentFolder } from '../../journal/folder.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { verifyIncident } from '../../journal/verify-incident.ts';
import { formatBytes } from '../../text/format.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { signedWithOwnKey } from './own-key.ts';
import { transcriptText } from './transcript-text.ts';

export interface BundleOptions {
  readonly output?: string;
  readonly encryptTo?: readonly string[];
  readonly key?: string;
  /** False for `--no-sign`. */
  readonly sign?: boolean;
  readonly caseNumber?: string;
  readonly evidenceNumber?: string;
  readonly handTo?: string;
}

/** `tourniquet bundle INCIDENT`: one file to hand over, with all that is in the incident and the proof that it is whole. */
export async function bundleVerb(
  context: CliContext,
  name: string,
  options: BundleOptions,
): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  const recipients = await recipientsOf(options.encryptTo ?? []);
  checkRecipients(recipients);
  const { faults } = await verifyIncident(folder);
  for (const fault of faults)
    context.stderr.write(`tourniquet: not whole: ${printable(`${fault.where}: ${fault.message}`)}\n`);
  const { records, head } = await readJournal(folder.journal);
  const incident = fold(records);
  const at = new Date().toISOString();
  const ending = recipients.length === 0 ? 'incident.tar.zst' : 'incident.tar.zst.age';
  const path = resolve(options.output ?? `${incident.id}.${ending}`);
  const handOver = {
    at,
    from: context.responder,
    to: options.handTo ?? null,
    what: 'bundled',
    detail: recipients.length === 0 ? 'not encrypted' : `encrypted to ${recipients.join(', ')}`,
  } as const;
  const numbers = { caseNumber: options.caseNumber ?? null, evidenceNumber: options.evidenceNumber ?? null };
  const custody = custodyOf(incident, records, head, numbers, [...(await readCustody(folder)), handOver]);
  const made = new Map([
    [WARNING, warningText(incident.id)],
    [CUSTODY, `${JSON.stringify(custody, null, 2)}\n`],
    [CUSTODY_SHEET, custodySheet(custody)],
  ]);
  for (const format of ['md', 'html', 'json'] as const)
    made.set(
      `transcript/transcript.${format}`,
      await transcriptText(folder, format, (name) => `../${nameInBundle(`output/${name}`) ?? ''}`),
    );
  const sign = signer(context, incident.id, options);
  const { bytes, written } = await writeBundle({
    folder: folder.path,
    incidentId: incident.id,
    records: records.length,
    journalHead: head,
    createdAt: at,
    version: context.version,
    made,
    sign,
  });
  const sizeBytes = await writeWhole(
    path,
    recipients.length === 0 ? bytes : await encrypted(bytes, recipients),
  );
  const { files, isSigned } = await written;
  await addCustody(folder, handOver);
  if (context.json) {
    context.stdout.write(`${safeJson({ path, sizeBytes, files, isSigned, recipients, faults }, 2)}\n`);
  } else {
    context.stdout.write(`${printable(path)}\n`);
    context.stderr.write(
      `${files} files, ${formatBytes(sizeBytes)}, ${isSigned ? 'signed' : 'NOT signed'}, ${recipients.length === 0 ? 'NOT encrypted' : 'encrypted'}.\n` +
        (recipients.length === 0
          ? 'It holds live malware and what was read on the host: hand it over on a medium of its own, or use --encrypt-to.\n'
          : ''),
    );
  }
  return faults.length === 0 ? EXIT.done : EXIT.unfinished;
}

function signer(context: CliContext, incidentId: string, options: BundleOptions) {
  return async (manifestSha256: string): Promise<string | null> => {
    if (options.sign === false) return null;
    try {
      return await signedWithOwnKey(context, manifestText(incidentId, manifestSha256), options.key);
    } catch (error) {
      // A key that was asked for must sign; one that happens to be missing must not stop a hand-over.
      if (!(error instanceof UserError) || options.key !== undefined) throw error;
      context.stderr.write(`tourniquet: ${printable(error.message)} ${printable(error.hint ?? '')}\n`);
      return null;
    }
  };
}

/** `age1…`, or a file of recipients, one a line, as `age -R` takes it. */
async function recipientsOf(named: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    named.map(async (one) => {
      if (/^(?:age1|ssh-)/.test(one)) return [one];
      const text = await readFile(one, 'utf8').catch((cause: Error) => {
        throw new UserError('bad-recipient', `No recipients can be read from ${one}: ${cause.message}`, {
          hint: 'Name a key that begins with age1, or a file with one a line.',
          cause,
        });
      });
      return text.split('\n').flatMap((line) => (/^\s*(?:#|$)/.test(line) ? [] : [line.trim()]));
    }),
  );
  return lists.flat();
}

/** Beside its place and renamed into it, so that what is there is whole; for its owner alone. */
async function writeWhole(path: string, bytes: Readable): Promise<number> {
  const draft = `${path}.${process.pid}.part`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(draft, flags, 0o600);
  try {
    for await (const piece of bytes as AsyncIterable<Uint8Array>) await file.writeFile(piece);
    await file.sync();
    const { size } = await file.stat();
    await rename(draft, path);
    return size;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function warningText(incidentId: string): string {
  return [
    `Incident ${incidentId}, as tourniquet recorded it.`,
    '',
    'WARNING: evidence, quarantine and output hold LIVE MALWARE and secrets, as they were found. They are not',
    'altered. Their names end in .sample and none may be executed; leave it so. Do not unpack this on a computer',
    'that matters, do not open a .sample by a double click, and expect a virus scanner to take files away.',
    '',
    'Start with transcript/transcript.html (or .md). custody.txt is the chain of custody, to be printed.',
    'MANIFEST.json has the hash of every file; MANIFEST.json.sig, if there, is an SSH signature over it.',
    '',
    `    tourniquet verify ${incidentId}.incident.tar.zst     is all of it as it was handed over?`,
    `    tourniquet import ${incidentId}.incident.tar.zst     read it in the interface, read-only`,
    '',
  ].join('\n');
}
