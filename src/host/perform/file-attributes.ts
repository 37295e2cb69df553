import { chmodSync, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { O_PATH, type OpenFolder } from '../safe-path.ts';
import { changeFlags, type Flags, readFlags } from './file-flags.ts';
import { readXattrs } from './file-xattrs.ts';

/** What set-attributes changes, as a file has it. null where it cannot be told (tool missing, file system without). */
export interface Attributes {
  readonly mode: number;
  /** The bytes of the extended attribute `security.capability` as `0x…` (capabilities(7)); '' for none. */
  readonly capabilities: string | null;
  readonly flags: Flags | null;
}

export interface AttributeChange {
  readonly mode: number;
  /** As `setcap` reads them, `0x…` for exact bytes, '' for none; null: left as they are. */
  readonly capabilities: string | null;
  /** null: left as they are. */
  readonly flags: Flags | null;
}

/** Reads them from a name in an open folder; null if it is not there. */
export async function readAttributes(folder: OpenFolder, name: Buffer): Promise<Attributes | null> {
  let mode: number;
  try {
    mode = withOpened(folder, name, (fd) => Number(fstatSync(fd).mode) & 0o7777);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const [flags, xattrs] = await Promise.all([readFlags(folder, name), readXattrs(folder, name)]);
  return { mode, flags, capabilities: xattrs === null ? null : capabilitiesIn(xattrs) };
}

/** Flags off, then mode and capabilities, then flags on. Returns what went wrong, null if nothing. */
export async function changeAttributes(
  folder: OpenFolder,
  name: Buffer,
  now: Attributes,
  change: AttributeChange,
): Promise<string | null> {
  const unflagged = await changeFlags(folder, name, '-', now.flags);
  if (unflagged !== null) return unflagged;
  const problem = await changeUnflagged(folder, name, now, change);
  const flagged = await changeFlags(folder, name, '+', change.flags ?? now.flags);
  return problem ?? flagged;
}

async function changeUnflagged(
  folder: OpenFolder,
  name: Buffer,
  now: Attributes,
  { mode, capabilities }: AttributeChange,
): Promise<string | null> {
  if (mode !== now.mode) {
    try {
      withOpened(folder, name, (fd) => chmodSync(`/proc/self/fd/${fd}`, mode));
    } catch (error) {
      return `its mode could not be set (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    }
  }
  if (capabilities === null || capabilities === now.capabilities) return null;
  return setCapabilities(folder.childForOthers(name), capabilities);
}

async function setCapabilities(path: string, capabilities: string): Promise<string | null> {
  const argv =
    capabilities === ''
      ? ['setfattr', '-h', '-x', CAPABILITY, '--', path]
      : capabilities.startsWith('0x')
        ? ['setfattr', '-h', '-n', CAPABILITY, '-v', capabilities, '--', path]
        : ['setcap', capabilities, path];
  const result = await runTool(argv, { timeoutMs: 10_000 });
  return result.exitCode === 0 ? null : toolFailure(argv[0] ?? '', result);
}

/** Whether it has the capabilities of this text; null if `setcap` cannot tell. */
export async function hasCapabilities(
  folder: OpenFolder,
  name: Buffer,
  text: string,
): Promise<boolean | null> {
  const result = await runTool(['setcap', '-q', '-v', text, folder.childForOthers(name)], {
    timeoutMs: 10_000,
  });
  if (result.failedToStart !== null || result.exitCode === null) return null;
  return result.exitCode === 0;
}

const CAPABILITY = 'security.capability';

function capabilitiesIn(xattrs: string): string {
  return new RegExp(`^${CAPABILITY}=(0x[0-9a-f]*)$`, 'm').exec(xattrs)?.[1] ?? '';
}

/** Of the inode itself, without opening it for reading and without following it. */
function withOpened<T>(folder: OpenFolder, name: Buffer, act: (fd: number) => T): T {
  const fd = openSync(folder.child(name), O_PATH | constants.O_NOFOLLOW);
  try {
    return act(fd);
  } finally {
    closeSync(fd);
  }
}
