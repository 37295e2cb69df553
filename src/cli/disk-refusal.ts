import { printable } from '../text/printable.ts';
import { systemErrorText } from '../text/system-error-text.ts';
import { UserError } from '../text/user-error.ts';

/** errno(3): what a disk says that is no fault of the program. */
const SAID: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left',
  EDQUOT: "this account's share of the disk is used up",
  EROFS: 'the file system is read-only',
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  EIO: 'the disk does not answer',
};

/** An error of the file system as what the responder can do about it; null: it is something else. */
export function diskRefusal(error: unknown): UserError | null {
  if (!(error instanceof Error)) return null;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const said = SAID[systemErrorText(code ?? '')];
  if (said === undefined || syscall === undefined || syscall.startsWith('spawn')) return null;
  const what = path === undefined ? 'A file' : printable(path);
  return new UserError('folder-unwritable', `${what} cannot be read or written: ${said}.`, {
    hint: 'Make room or mount it writable, then try again; or name another folder with --incident-dir.',
    cause: error,
  });
}
