import { systemErrorText } from '../text/system-error-text.ts';
import { HostError } from './host-error.ts';
import { WalkError } from './safe-path.ts';

/** What the host gave is an expected outcome in words; any other error is a bug and is thrown on. */
export function describeSystemError(error: unknown): string {
  // Something on the way was exchanged or taken away since it was looked at.
  if (error instanceof WalkError) return `${error.message} Scan again and plan anew.`;
  if (error instanceof HostError) return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  if (isSystemError(error)) {
    const meaning = MEANINGS[systemErrorText(String(error.code))] ?? 'Look at the host, then try again.';
    return `${systemErrorText(error.message)}. ${meaning}`;
  }
  throw error;
}

export function isSystemError(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

const MEANINGS: Readonly<Record<string, string>> = {
  EHOSTDOWN: 'Bring back whoever serves it, or detach it (`umount -l`), then try again.',
  ENOSPC: 'The disk is full: make room, then try again.',
  EDQUOT: 'The quota is used up: make room, then try again.',
  EROFS: 'The file system is mounted read-only: remount it, then try again.',
  EACCES: 'That needs more rights: run tourniquet as root.',
  EPERM:
    'That is not allowed, even so: an immutable file, a missing capability or a security module is in the way.',
  EMFILE: 'Too many files are open: close something, then try again.',
};
