import { checkBundle } from '../bundle/check-bundle.ts';
import { manifestText } from '../bundle/layout.ts';
import { checkpointPhrase } from '../journal/checkpoint.ts';
import { signedText } from '../journal/signatures.ts';
import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import { openBundle } from './bundle-file.ts';
import { checkBundleSignature, signatureText } from './bundle-signature.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** `tourniquet verify BUNDLE`: one pass over the file, nothing unpacked, nothing asked of any other machine. */
export async function verifyBundle(
  context: CliContext,
  path: string,
  options: { readonly identity?: string; readonly allowedSigners?: string },
): Promise<ExitCode> {
  const check = await checkBundle(await openBundle(path, options.identity));
  const { about, journal, faults, files, manifestSha256 } = check;
  const allowed = options.allowedSigners ?? null;
  const signature = await checkBundleSignature(
    manifestText(about.incidentId, manifestSha256),
    check.signature,
    allowed,
  );
  const overJournal = await journalSignatures(check, allowed);
  const isWhole =
    faults.length === 0 &&
    (signature === null ? allowed === null : signature.isGood) &&
    overJournal.every(({ isGood }) => isGood);
  if (context.json) {
    const { incidentId, createdAt, version } = about;
    context.stdout.write(
      `${safeJson({ bundle: path, incidentId, createdAt, version, isWhole, files, records: journal.records.length, head: journal.head, manifestSha256, signature, signatures: overJournal, faults }, 2)}\n`,
    );
    return isWhole ? EXIT.done : EXIT.unfinished;
  }
  const lines = [
    ...faults.map(({ where, message }) => `${where}: ${message}`),
    `bundle of ${about.incidentId}, made ${about.createdAt} by tourniquet ${about.version}; ${signatureText(signature)}`,
    ...overJournal.map(({ seq, text }) => `over record ${seq}: ${text}`),
    `${isWhole ? 'whole' : 'not whole'}: ${files} files, ${journal.records.length} records, head ${journal.head}`,
    ...(journal.records.length > 0 ? [`checkpoint: ${checkpointPhrase(journal.head)}`] : []),
  ];
  context.stdout.write(`${lines.map((line) => printable(line)).join('\n')}\n`);
  return isWhole ? EXIT.done : EXIT.unfinished;
}

async function journalSignatures(
  { journalSignatures: stored, about, journal }: Awaited<ReturnType<typeof checkBundle>>,
  allowedSigners: string | null,
) {
  const checks: { readonly seq: number; readonly isGood: boolean; readonly text: string }[] = [];
  for (const [name, signature] of stored) {
    const seq = Number(/^signatures\/(\d{1,9})\./.exec(name)?.[1] ?? Number.NaN);
    const text = signedText(about.incidentId, seq, journal.hashes[seq - 1] ?? 'none');
    const check = await checkBundleSignature(text, signature, allowedSigners);
    checks.push({ seq, isGood: check?.isGood ?? false, text: signatureText(check) });
  }
  return checks;
}
