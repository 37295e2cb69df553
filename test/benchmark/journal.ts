import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJournal } from '../../src/journal/read-journal.ts';
import { NO_HASH } from '../../src/journal/record-line.ts';
import { openWriter } from '../../src/journal/writer.ts';
import { elapsed, inTurn, type Measurement, ms } from './measure.ts';

const RECORDS = 200;

/** An append with its fsync, against writing and fsyncing the same bytes with nothing around it. */
export async function journalAppend(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-benchmark-'));
  let round = 0;
  let lineBytes = 0;
  try {
    const result = await inTurn(
      5,
      async () => {
        const path = join(folder, `journal-${round++}`);
        const writer = await openWriter({ path, head: NO_HASH, seq: 0, goodBytes: 0, now: () => new Date() });
        const took = await elapsed(async () => {
          for (let n = 0; n < RECORDS; n++)
            await writer.append({ kind: 'note-added', stepId: null, text: TEXT }, 'ana');
        });
        await writer.close();
        const contents = await readJournal(path);
        if (contents.records.length !== RECORDS) throw new Error('the journal is not whole');
        lineBytes = contents.goodBytes / RECORDS;
        return took / RECORDS;
      },
      async () => {
        const file = await open(join(folder, `plain-${round++}`), 'ax');
        const bytes = Buffer.alloc(Math.round(lineBytes), 'x');
        const took = await elapsed(async () => {
          for (let n = 0; n < RECORDS; n++) {
            await file.write(bytes);
            await file.datasync();
          }
        });
        await file.close();
        return took / RECORDS;
      },
    );
    return [
      {
        what: 'journal record, hashed and fsynced',
        ours: ms(result.ours),
        against: 'write and fdatasync of the same bytes',
        theirs: ms(result.theirs),
        ratio: result.ratio,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

const TEXT = 'a note of ordinary length, as a responder would write it down while working';
