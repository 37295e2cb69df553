import { checkBundle } from '../../bundle/check-bundle.ts';
import { manifestText } from '../../bundle/layout.ts';
import { checkStamp, type StampCheck } from '../../host/time-stamp.ts';
import { checkpointPhrase } from '../../journal/checkpoint.ts';
import { signedText } from '../../journal/signatures.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openBundle } from './bundle-file.ts';
import { checkBundleSignature, inFile, signatureText } from './bundle-signature.ts';
import { stampLine } from './stamp-line.ts';

/** `tourniquet verify BUNDLE`: one pass over the file, nothing unpacked, nothing asked of any other machine. */
export async function verifyBundle(
  context: CliContext,
  path: string,
  options: { readonly identity?: string; readonly allowedSigners?: string; readonly timestampCa?: string },
): Promise<ExitCode> {
  const check = await checkBundle(await openBundle(path, options.identity));
  const { about, journal, faults, files, manifestSha256 } = check;
  const allowed = options.allowedSigners ?? null;
  const signature = await checkBundleSignature(
    manifestText(about.incidentId, manifestSha256),
    check.signature,
    allowed,
  );
  const signatures = await journalSignatures(check, allowed);
  const stamps = await timeStamps(check, options.timestampCa ?? null);
  const isWhole =
    faults.length === 0 &&
    (signature === null ? allowed === null : signature.isGood) &&
    signatures.every(({ isGood }) => isGood) &&
    stamps.every(({ isGood }) => isGood !== false);
  if (context.json) {
    const { incidentId, createdAt, version } = about;
    context.stdout.write(
      `${safeJson({ bundle: path, incidentId, createdAt, version, isWhole, files, records: journal.records.length, head: journal.head, manifestSha256, signature, signatures, stamps, faults }, 2)}\n`,
    );
    return isWhole ? EXIT.done : EXIT.unfinished;
  }
  const lines = [
    ...faults.map(({ where, message }) => `${where}: ${message}`),
    `bundle of ${about.incidentId}, made ${about.createdAt} by tourniquet ${about.version}; ${signatureText(signature)}`,
    ...signatures.map(({ seq, text }) => `over record ${seq}: ${text}`),
    ...stamps.map((stamp) => stampLine(stamp)),
    `${isWhole ? 'whole' : 'not whole'}: ${files} files, ${journal.records.length} records, head ${journal.head}`,
    ...(journal.records.length > 0 ? [`checkpoint: ${checkpointPhrase(journal.head)}`] : []),
  ];
  context.stdout.write(`${lines.map((line) => printable(line)).join('\n')}\n`);
  return isWhole ? EXIT.done : EXIT.unfinished;
}

type Check = Awaited<ReturnType<typeof checkBundle>>;

function textOver({ about, journal }: Check, seq: number): string {
  return signedText(about.incidentId, seq, journal.hashes[seq - 1] ?? 'none');
}

async function journalSignatures(check: Check, allowedSigners: string | null) {
  const checks: { readonly seq: number; readonly isGood: boolean; readonly text: string }[] = [];
  for (const { kind, seq, bytes } of check.overJournal) {
    if (kind !== 'signature') continue;
    const found = await checkBundleSignature(textOver(check, seq), bytes.toString('utf8'), allowedSigners);
    checks.push({ seq, isGood: found?.isGood ?? false, text: signatureText(found) });
  }
  return checks;
}

async function timeStamps(check: Check, authorities: string | null) {
  const checks: (StampCheck & { readonly seq: number })[] = [];
  for (const { kind, seq, bytes } of check.overJournal) {
    if (kind !== 'time-stamp') continue;
    const text = textOver(check, seq);
    checks.push({ ...(await inFile(bytes, (file) => checkStamp(text, file, authorities))), seq });
  }
  return checks;
}
