import { chmod, mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type IncidentFolder, incidentFolder, makePrivate, syncFolder } from '../journal/folder.ts';
import { storeFile } from '../journal/stored-file.ts';
import { formatBytes } from '../text/format.ts';
import { UserError } from '../text/user-error.ts';
import { type BundleCheck, checkBundle } from './check-bundle.ts';
import { nameInFolder } from './layout.ts';

export interface Unpacked {
  readonly folder: IncidentFolder;
  readonly check: BundleCheck;
}

/**
 * Unpacks a bundle beside the other incidents of `root`. It is put in place only if all of it fits and `accept`
 * does not throw; otherwise nothing of it stays. @throws UserError `bad-bundle`, `exists`, `no-room`, `not-whole`.
 */
export async function unpackBundle(
  source: Readable,
  root: string,
  accept: (check: BundleCheck, draft: IncidentFolder) => Promise<void>,
): Promise<Unpacked> {
  await makePrivate(root);
  const draft = join(root, `.import-${process.pid}-${Date.now()}`);
  await mkdir(draft, { mode: 0o700 });
  try {
    const check = await checkBundle(source, {
      async onAbout({ incidentId, totalBytes }) {
        if (await stat(join(root, incidentId)).catch(() => null)) {
          throw new UserError('exists', `There is an incident ${incidentId} in ${root} already.`, {
            hint: '`tourniquet resume` reads it; --incident-dir imports into another folder.',
          });
        }
        await refuseWithoutRoom(root, totalBytes);
      },
      async onEntry({ name }) {
        const stored = nameInFolder(name);
        if (stored === null) return null;
        const file = await storeFile(draft, stored);
        return { write: (bytes) => file.write(bytes), close: async () => void (await file.close()) };
      },
    });
    const [fault] = check.faults;
    if (fault !== undefined) {
      const more = check.faults.length > 1 ? `, and ${check.faults.length - 1} more` : '';
      throw new UserError('not-whole', `The bundle is not whole: ${fault.where}: ${fault.message}${more}.`, {
        hint: '`tourniquet verify BUNDLE` lists all of it. Nothing was imported.',
      });
    }
    for (const part of ['output', 'evidence', 'quarantine'])
      await mkdir(join(draft, part), { recursive: true, mode: 0o700 });
    await accept(check, incidentFolder(draft));
    const place = join(root, check.about.incidentId);
    await syncFolder(draft);
    await rename(draft, place);
    await syncFolder(dirname(place));
    await chmod(place, 0o700);
    return { folder: incidentFolder(place), check };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** So much stays free for whatever else lives on that file system. */
const KEEP_FREE = 256 * 1024 * 1024;

async function refuseWithoutRoom(root: string, totalBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  if (totalBytes + KEEP_FREE <= free) return;
  throw new UserError(
    'no-room',
    `The bundle says that it holds ${formatBytes(totalBytes)}; ${formatBytes(free)} are free in ${root}.`,
    { hint: 'Import it into a larger place with --incident-dir.' },
  );
}
