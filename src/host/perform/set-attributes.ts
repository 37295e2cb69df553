import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import type { OperationOutcome, Receipt, Verification } from '../../operations/receipt.ts';
import { type OpenFolder, openParent, WalkError } from '../safe-path.ts';
import { findTool } from '../tool-lookup.ts';
import { type Attributes, changeAttributes, hasCapabilities, readAttributes } from './file-attributes.ts';
import { changedSince, fileBefore, plannedFile } from './file-change.ts';
import { flagWords } from './file-flags.ts';
import { openTarget } from './file-target.ts';
import { dropFlagNote, writeFlagNote } from './flag-notes.ts';
import { lookAt } from './opened-file.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { responderKeyLine } from './protected-targets.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({
  file: plannedFile,
  before: fileBefore,
  mode: z.number(),
  capabilities: z.string().nullable(),
  flags: z.string().nullable(),
});
/** A key list with more than this is not read for the responder's key. */
const MOST_KEY_BYTES = 1024 * 1024;
type SetAttributes = OperationOf<'set-attributes'>;
type Fields = z.infer<typeof fields>;

/** Changes mode, capabilities and flags of a file and nothing else; its bytes go to the evidence first. */
export const setAttributes: OperationPerformer<'set-attributes'> = {
  async prepare(operation, context) {
    const { file, capabilities, flags } = operation;
    const senseless = whyNot(operation);
    if (senseless !== null) return refused('invalid', `${file.path} was left as it is: ${senseless}.`);
    const opened = await openTarget(file, context, file.sizeBytes <= MOST_KEY_BYTES);
    if (opened.status === 'refused') return opened;
    const { folder, name, evidence, before } = opened.target;
    try {
      const lines = Buffer.from(opened.target.now.bytes ?? [])
        .toString('latin1')
        .split('\n');
      if (
        operation.mode !== undefined &&
        shutsOut(operation.mode) &&
        responderKeyLine(lines, context) !== null
      )
        return refused(
          'responder',
          `${file.path} holds the key you logged in with, and sshd does not read it with mode ${octal(operation.mode)}.`,
        );
      const now = await readAttributes(folder, name);
      if (now === null)
        return refused('stale', `${file.path} is not there any more. Scan again and plan anew.`);
      if (flags !== undefined && now.flags === null)
        return refused('unavailable', await missing(file.path, 'its flags', 'lsattr', 'e2fsprogs'));
      if (capabilities !== undefined && now.capabilities === null)
        return refused('unavailable', await missing(file.path, 'its capabilities', 'getfattr', 'attr'));
      if (capabilities !== undefined && capabilities !== '' && (await findTool('setcap')) === null)
        return refused('unavailable', await missing(file.path, 'capabilities', 'setcap', 'libcap2-bin'));
      return ready(
        {
          kind: 'set-attributes',
          file: { ...file },
          before: { ...before },
          mode: now.mode,
          capabilities: now.capabilities,
          // With those that an earlier cut-off left off.
          flags: before.flags,
        },
        [evidence],
      );
    } finally {
      folder.close();
    }
  },

  async perform(operation, receipt, context) {
    const before = readReceipt('set-attributes', fields, receipt);
    return at(operation, receipt, async (folder, name) => {
      const stale = changedSince(folder, name, before);
      if (stale !== null)
        return failed(
          receipt,
          `${operation.file.path} ${stale}. Nothing was changed. Scan again and plan anew.`,
        );
      if (context.signal?.aborted)
        return failed(receipt, `Cancelled; ${operation.file.path} was not changed.`);
      writeFlagNote(context.hostFolder, before.file, before.flags);
      const problem = await changeAttributes(folder, name, asBefore(before), {
        mode: operation.mode ?? before.mode,
        capabilities: operation.capabilities ?? null,
        flags: operation.flags ?? null,
      });
      dropFlagNote(context.hostFolder, before.file);
      const now = await judge(operation, before, folder, name);
      return problem === null && now.status === 'holds'
        ? done(receipt, now.detail)
        : failed(receipt, `${operation.file.path} is not as planned: ${problem ?? now.detail}`);
    });
  },

  async verify(operation, receipt) {
    const before = readReceipt('set-attributes', fields, receipt);
    try {
      const { folder, name } = openParent(operation.file.path);
      try {
        return await judge(operation, before, folder, name);
      } finally {
        folder.close();
      }
    } catch (error) {
      return verified('unknown', error instanceof WalkError ? error.message : errorCode(error));
    }
  },

  async undo(operation, receipt) {
    const before = readReceipt('set-attributes', fields, receipt);
    const { path } = operation.file;
    return at(operation, receipt, async (folder, name) => {
      const standing = await lookAt(folder, name);
      const now = await readAttributes(folder, name);
      const isSame =
        standing !== null &&
        typeof standing === 'object' &&
        // A number of an inode is given to the next file made, so it alone says nothing.
        standing.sha256 === before.file.sha256 &&
        standing.inode === before.file.inode &&
        standing.device === before.file.device;
      if (!isSame || now === null)
        return failed(
          receipt,
          `${path} is another file now, or gone: what it had before is not given to that.`,
        );
      if (now.mode !== before.mode && now.mode !== (operation.mode ?? before.mode))
        return failed(
          receipt,
          `The mode of ${path} was set to ${octal(now.mode)} by something else since, and that is left. It was ${octal(before.mode)}.`,
        );
      const problem = await changeAttributes(folder, name, now, asBefore(before));
      const after = await readAttributes(folder, name);
      const isBack =
        after?.mode === before.mode &&
        (operation.capabilities === undefined || after.capabilities === before.capabilities) &&
        (before.flags === null || after.flags === before.flags);
      return problem === null && isBack
        ? done(receipt, `${path} has its attributes as before: ${words(asBefore(before))}.`)
        : failed(receipt, `${path} has not all its attributes as before: ${problem ?? 'they did not stay'}.`);
    });
  },
};

/** A key list that its owner cannot read, or others can write to (sshd_config(5), StrictModes). */
function shutsOut(mode: number): boolean {
  return (mode & 0o400) === 0 || (mode & 0o022) !== 0;
}

function whyNot({ file, mode, capabilities, flags }: SetAttributes): string | null {
  if (file.kind === 'symlink') return 'it is a symlink, which has no attributes of its own';
  if (mode === undefined && capabilities === undefined && flags === undefined)
    return 'nothing was named to set';
  if (mode !== undefined && (!Number.isInteger(mode) || mode < 0 || mode > 0o7777)) return 'that is no mode';
  if (flags !== undefined && !/^i?a?$/.test(flags)) return `“${flags}” are no flags (i, a)`;
  if (capabilities !== undefined && !/^(?:[a-z][a-z0-9_,=+ -]*)?$/.test(capabilities))
    return `“${capabilities}” are no capabilities (cap_from_text(3))`;
  return null;
}

async function missing(path: string, what: string, tool: string, packageName: string): Promise<string> {
  return (await findTool(tool)) === null
    ? `${tool} is not on this host, so ${what} of ${path} cannot be changed and checked. Install ${packageName}, then try again.`
    : `The file system of ${path} does not tell ${what}: it has none, so there is nothing to change.`;
}

async function at(
  operation: SetAttributes,
  receipt: Receipt,
  act: (folder: OpenFolder, name: Buffer) => Promise<OperationOutcome>,
): Promise<OperationOutcome> {
  try {
    const { folder, name } = openParent(operation.file.path);
    try {
      return await act(folder, name);
    } finally {
      folder.close();
    }
  } catch (error) {
    if (error instanceof WalkError) return failed(receipt, `${error.message} Nothing was changed.`);
    return failed(receipt, `${operation.file.path} could not be changed (${errorCode(error)}).`);
  }
}

async function judge(
  operation: SetAttributes,
  before: Fields,
  folder: OpenFolder,
  name: Buffer,
): Promise<Verification> {
  const { path } = operation.file;
  const now = await readAttributes(folder, name);
  if (now === null) return verified('unknown', `${path} is not there any more.`);
  const differences: string[] = [];
  if (operation.mode !== undefined && now.mode !== operation.mode)
    differences.push(`its mode is ${octal(now.mode)}, not ${octal(operation.mode)}`);
  if (operation.flags !== undefined) {
    if (now.flags === null) return verified('unknown', `The flags of ${path} cannot be read.`);
    if (now.flags !== operation.flags) differences.push(`it is ${flagWords(now.flags) || 'without flags'}`);
  }
  if (operation.capabilities !== undefined) {
    const has =
      operation.capabilities === ''
        ? now.capabilities === null
          ? null
          : now.capabilities === ''
        : await hasCapabilities(folder, name, operation.capabilities);
    if (has === null) return verified('unknown', `The capabilities of ${path} cannot be read.`);
    if (!has) differences.push('its capabilities are others');
  }
  if (differences.length > 0) return verified('does-not-hold', `${path}: ${differences.join('; ')}.`);
  const was = before.mode === now.mode ? '' : ` (mode ${octal(before.mode)} before)`;
  return verified('holds', `${path}: ${words(now)}${was}.`);
}

function asBefore({ mode, capabilities, flags }: Fields): Attributes {
  return { mode, capabilities, flags };
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function words({ mode, capabilities, flags }: Attributes): string {
  return [
    `mode ${octal(mode)}`,
    ...(capabilities === null ? [] : [capabilities === '' ? 'no capabilities' : 'with capabilities']),
    ...(flags === null ? [] : [flagWords(flags) || 'no flags']),
  ].join(', ');
}
