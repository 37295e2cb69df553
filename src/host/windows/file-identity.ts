import type { FileIdentity } from '../../operations/identity.ts';
import type { RowOf } from './answers.ts';

/** Between 1601 and 1970, in the 100 ns of a FILETIME. https://learn.microsoft.com/windows/win32/sysinfo/file-times */
const EPOCH = 116_444_736_000_000_000n;

function fromFiletime(filetime: string): bigint {
  return (BigInt(filetime) - EPOCH) * 100n;
}

/**
 * A file as it is recognised on Windows: by volume, time of creation, size, time of writing and content. Owner and mode
 * are an access list there, which a receipt keeps whole. null for one that cannot be read.
 */
export function windowsFileIdentity(row: RowOf<'scan/files'>): FileIdentity | null {
  if (row.sha256 === null) return null;
  return {
    path: row.path,
    kind: row.isLink ? 'symlink' : 'file',
    device: row.path.slice(0, 2).toUpperCase(),
    inode: row.created,
    sizeBytes: Number(row.sizeBytes),
    mode: 0,
    uid: -1,
    gid: -1,
    mtimeNs: String(fromFiletime(row.written)),
    sha256: row.sha256,
  };
}

/** Whether it is still the one that was planned for. */
export function isSameFile(planned: FileIdentity, row: RowOf<'scan/files'> | undefined): boolean {
  const now = row === undefined ? null : windowsFileIdentity(row);
  return (
    now !== null &&
    now.kind === planned.kind &&
    now.inode === planned.inode &&
    now.sizeBytes === planned.sizeBytes &&
    now.mtimeNs === planned.mtimeNs &&
    now.sha256 === planned.sha256
  );
}
