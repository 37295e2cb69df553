import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { FileIdentity } from '../../operations/identity.ts';
import type { EvidenceFile, Refusal } from '../../operations/receipt.ts';
import { type OpenFolder, openParent, WalkError } from '../safe-path.ts';
import { readFlags } from './file-flags.ts';
import { readXattrs } from './file-xattrs.ts';
import { withNotedFlags } from './flag-notes.ts';
import { copyToEvidence, type FileNow, lookAt, whatChanged } from './opened-file.ts';
import { errorCode } from './outcome.ts';
import type { PerformContext } from './performer.ts';
import { protectedFile } from './protected-targets.ts';

/** A file that is about to be changed: open, found to be what was planned against, and copied to the evidence. */
export interface FileTarget {
  readonly folder: OpenFolder;
  readonly name: Buffer;
  readonly now: FileNow;
  readonly evidence: EvidenceFile;
  /** What undo needs beside the file itself; null where it could not be read. */
  readonly before: FileBefore;
}

export interface FileBefore {
  readonly ctimeNs: string;
  readonly flags: string | null;
  readonly xattrs: string | null;
  readonly parentFlags: string | null;
  readonly parentMtimeNs: string;
}

export type Opened =
  | { readonly status: 'open'; readonly target: FileTarget }
  | { readonly status: 'refused'; readonly refusal: Refusal };

/** Opens the target of an operation, with all the checks that come before any change. The caller closes the folder. */
export async function openTarget(
  file: FileIdentity,
  context: PerformContext,
  keepBytes: boolean,
): Promise<Opened> {
  const reason = protectedFile(file, context);
  if (reason !== null) return refuse('responder', `${reason} It is left alone. Take it out of the plan.`);
  let folder: OpenFolder | null = null;
  try {
    const place = openParent(file.path);
    folder = place.folder;
    const opened = await lookOver(file, context, keepBytes, folder, place.name);
    if (opened.status === 'refused') folder.close();
    return opened;
  } catch (error) {
    folder?.close();
    if (context.signal?.aborted) return refuse('invalid', 'It was cancelled before anything was changed.');
    if (error instanceof WalkError)
      return refuse(refusalCode(error), `${error.message} Scan again and plan anew.`);
    return refuse(
      'evidence',
      `${file.path} could not be read or copied to the evidence (${errorCode(error)}), so it is not touched.`,
    );
  }
}

async function lookOver(
  file: FileIdentity,
  context: PerformContext,
  keepBytes: boolean,
  folder: OpenFolder,
  name: Buffer,
): Promise<Opened> {
  const { now, evidence } = await copyToEvidence(
    context.evidence,
    evidenceStem(file.path),
    file.path,
    (sink) => lookAt(folder, name, { sink, keepBytes, signal: context.signal }),
  );
  if (now === null) return refuse('stale', `${file.path} is not there any more. Scan again and plan anew.`);
  if (now === 'not-a-file')
    return refuse(
      'stale',
      `${file.path} is no file any more (a folder, FIFO, socket or device now). Scan again and plan anew.`,
    );
  if (now === 'changing')
    return refuse(
      'stale',
      `${file.path} changed while it was read: something is writing to it. Stop that first, then plan anew.`,
    );
  const change = whatChanged(file, now);
  if (change !== null)
    return refuse(
      'stale',
      `${file.path} is not what was planned against; ${change}. Scan again and plan anew.`,
    );
  const [flags, xattrs, parentFlags] = await Promise.all([
    now.kind === 'symlink' ? '' : readFlags(folder, name),
    readXattrs(folder, name),
    readFlags(folder, '.'),
  ]);
  const before: FileBefore = {
    ctimeNs: now.ctimeNs,
    flags: withNotedFlags(context.hostFolder, now, flags),
    xattrs,
    parentFlags: withNotedFlags(context.hostFolder, inodeOf(folder), parentFlags),
    parentMtimeNs: folderMtimeNs(folder),
  };
  return { status: 'open', target: { folder, name, now, evidence, before } };
}

/** Device and inode of an open folder. */
export function inodeOf(folder: OpenFolder): { readonly device: string; readonly inode: string } {
  const { dev, ino } = lstatSync(folder.child('.'), { bigint: true });
  return { device: dev.toString(), inode: ino.toString() };
}

export function folderMtimeNs(folder: OpenFolder): string {
  return lstatSync(folder.child('.'), { bigint: true }).mtimeNs.toString();
}

/** The last component as evidence may be named: [A-Za-z0-9._-], not hidden. */
function evidenceStem(path: string): string {
  const stem = basename(path)
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 80);
  return stem === '' ? '_' : stem;
}

function refusalCode(error: WalkError): Refusal['code'] {
  if (error.code === 'invalid') return 'invalid';
  return error.code === 'not-allowed' || error.code === 'unavailable' ? 'unavailable' : 'stale';
}

function refuse(code: Refusal['code'], message: string): Opened {
  return { status: 'refused', refusal: { code, message } };
}
