import { win32 } from 'node:path';
import { z } from 'zod';
import type { Receipt } from '../../../operations/receipt.ts';
import { done, ready, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { filesNow, securityOf, whyNotThisFile } from './file.ts';
import { keepFile } from './keep-file.ts';

const moved = z.object({ path: z.string() });

/** Moves a file to where only administrators get at it; its access list and times are in the receipt. */
export const quarantineFile: WindowsPerformer<'quarantine-file'> = {
  async prepare({ id, file }, context) {
    const { session, evidence, folder } = context;
    const refusal = await whyNotThisFile(file, context);
    if (refusal !== null) return refusal;
    const kept = await keepFile(session, evidence, `${id}/file`, file.path);
    const { sddl, attributes, created, written } = await securityOf(session, file.path);
    return ready(
      {
        kind: 'quarantine-file',
        path: file.path,
        kept: win32.join(folder, `${id}.quarantined`),
        sha256: file.sha256,
        ...{ sddl, attributes, created, written },
      },
      [kept],
    );
  },
  async perform({ file }, receipt, { session }) {
    await call(
      session,
      'move-file',
      { ...placesOf(receipt), Path: file.path, Destination: String(receipt.kept) },
      moved,
    );
    return done(receipt, `${file.path} is in quarantine, ${String(receipt.kept)}`);
  },
  async verify({ file }, receipt, session) {
    const now = await filesNow(session, [file.path, String(receipt.kept)]);
    const isKept = now.some(({ path, sha256 }) => path === receipt.kept && sha256 === file.sha256);
    if (now.some(({ path }) => path === file.path))
      return verified('does-not-hold', `There is a file ${file.path}`);
    return isKept
      ? verified('holds', 'It is gone from its place, and whole in quarantine')
      : verified('unknown', 'It is gone from its place, and not in quarantine either');
  },
  async undo({ file }, receipt, { session }) {
    const parameters = {
      ...placesOf(receipt),
      Path: String(receipt.kept),
      Destination: file.path,
      Sddl: String(receipt.sddl),
      Attributes: Number(receipt.attributes),
      Created: String(receipt.created),
      Written: String(receipt.written),
    };
    await call(session, 'restore-file', parameters, moved);
    return done(receipt, `${file.path} is back, with its access list and times`);
  },
};

function placesOf(receipt: Receipt): { readonly Sha256: string } {
  return { Sha256: String(receipt.sha256) };
}
