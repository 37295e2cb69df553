import { z } from 'zod';
import type { EvidenceFile } from '../../../operations/receipt.ts';
import { done, ready, refused, verified } from '../../perform/outcome.ts';
import { call, LostCall } from '../call.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { keepFile } from './keep-file.ts';

const listed = z.object({
  path: z.string(),
  sizeBytes: z.string().regex(/^\d+$/),
  status: z.enum(['file', 'link', 'missing']),
});
const MOST_FILES = 5000;

/** Copies files into the evidence, each by itself, with a list of where each came from. */
export const archiveFiles: WindowsPerformer<'archive-files'> = {
  async prepare({ id, name, paths, maxBytes }, { session, evidence }) {
    const files =
      paths.length === 0 ? [] : await call(session, 'list-files', { Path: paths, Most: MOST_FILES }, listed);
    if (files.length > MOST_FILES)
      return refused('evidence', `There are more than ${MOST_FILES} files below these paths: name fewer.`);
    const total = files.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0);
    if (total > maxBytes)
      return refused(
        'evidence',
        `They come to ${total} bytes, more than the ${maxBytes} allowed: name fewer, or allow more.`,
      );
    const kept: EvidenceFile[] = [];
    const notes: string[] = [];
    for (const [at, { path, status }] of files.entries()) {
      if (status !== 'file') notes.push(`${status}\t${path}`);
      else
        try {
          const file = await keepFile(
            session,
            evidence,
            `${id}/${name}/${String(at + 1).padStart(4, '0')}`,
            path,
          );
          kept.push(file);
          notes.push(`${file.sha256}\t${file.name}\t${path}`);
        } catch (error) {
          if (!(error instanceof LostCall)) throw error;
          notes.push(`unreadable\t${path}\t${error.message}`);
        }
    }
    const list = await evidence.open(`${id}/${name}/files.txt`, 'what was kept, and what could not be');
    await list.write(Buffer.from(`${notes.join('\n')}\n`, 'utf8'));
    return ready({ kind: 'archive-files', kept: kept.length, noted: notes.length }, [
      ...kept,
      await list.close(),
    ]);
  },
  async perform(_operation, receipt) {
    return done(receipt, `${String(receipt.kept)} of ${String(receipt.noted)} files are kept`);
  },
  async verify() {
    return verified('holds', 'They lie in the evidence; `tourniquet verify` holds them against their hashes');
  },
  async undo(_operation, receipt) {
    return done(receipt, 'It changed nothing on the host: there is nothing to undo');
  },
};
