import type { ProcessIdentity } from '../../operations/identity.ts';
import type { EvidenceFile } from '../../operations/receipt.ts';
import type { EvidenceSink, EvidenceWriter } from '../host.ts';
import { matchProcess, readProcess } from '../process-identity.ts';
import { copyMemory } from './memory-evidence.ts';
import { errorCode } from './outcome.ts';
import { copyMagicLink, copyProcFile, isNameless, listDescriptors, readProcLink } from './process-files.ts';
import { readSockets } from './process-sockets.ts';

export interface CollectOptions {
  readonly evidence: EvidenceSink;
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
  /** How much of its memory is kept; 0: none. */
  readonly memoryBytes?: number;
}

export interface ProcessEvidence {
  readonly files: readonly EvidenceFile[];
  /** What could not be read, and why. */
  readonly missing: readonly string[];
  readonly hasExecutable: boolean;
  /** False if it ended, or the number passed on, while it was copied. */
  readonly wasThereToTheEnd: boolean;
}

const MOST_EXE_BYTES = 1024 * 1024 * 1024;
const MOST_TEXT_BYTES = 16 * 1024 * 1024;
const MOST_FD_BYTES = 20 * 1024 * 1024;
const MOST_FD_FILES = 50;

/** Raw files of /proc/PID, as they are: cmdline and environ with their NULs, environ with whatever secrets it has. */
const TEXTS = [
  'cmdline',
  'environ',
  'maps',
  'status',
  'stat',
  'cgroup',
  'limits',
  'mountinfo',
  'loginuid',
  'io',
  'wchan',
];
const LINKS = ['exe', 'cwd', 'root', 'ns/net', 'ns/pid', 'ns/mnt', 'ns/user'];

/**
 * Copies a process out of /proc into `process-<pid>/`: executable (deleted and memfd too), the texts above,
 * deleted files that it holds open, its sockets, and summary.json with the hash of each. What cannot be read is
 * listed, not an error: processes end while they are looked at.
 */
export async function collectEvidence(
  target: ProcessIdentity,
  options: CollectOptions,
): Promise<ProcessEvidence> {
  const { pid } = target;
  const folder = `process-${pid}`;
  const files: EvidenceFile[] = [];
  const missing: string[] = [];
  const copies: Record<string, unknown>[] = [];

  const take = async (
    name: string,
    source: string,
    copy: (open: () => Promise<EvidenceWriter>) => Promise<{ isCut: boolean } | null>,
  ) => {
    options.signal?.throwIfAborted();
    const opened: EvidenceWriter[] = [];
    try {
      const made = await copy(async () => {
        const writer = await fromSink(options.evidence.open(`${folder}/${name}`, source));
        opened.push(writer);
        return { write: (bytes) => fromSink(writer.write(bytes)), close: () => writer.close() };
      });
      if (made === null) missing.push(`${source}: no regular file`);
      else if (made.isCut) missing.push(`${source}: longer than the limit, the beginning was kept`);
    } catch (error) {
      if (options.signal?.aborted || error instanceof SinkFailure) throw error;
      missing.push(`${source}: ${errorCode(error)}`);
    } finally {
      for (const writer of opened) {
        const file = await writer.close();
        files.push(file);
        copies.push({ name: file.name, source, sha256: file.sha256, sizeBytes: file.sizeBytes });
        options.onBytes?.(file.sizeBytes);
      }
    }
    return opened.length > 0;
  };

  const hasExecutable = await take('exe', `/proc/${pid}/exe`, (open) =>
    copyMagicLink(`/proc/${pid}/exe`, open, MOST_EXE_BYTES, options.signal),
  );
  for (const name of TEXTS) {
    const path = `/proc/${pid}/${name}`;
    await take(name, path, async (open) => copyProcFile(path, await open(), MOST_TEXT_BYTES, options.signal));
  }
  const descriptors = listDescriptors(pid);
  if (descriptors === null) missing.push(`/proc/${pid}/fd: could not be listed`);
  let taken = 0;
  for (const { number, target: to } of descriptors ?? []) {
    const link = `/proc/${pid}/fd/${number}`;
    if (to === null || !to.startsWith('/') || !isNamelessNow(link)) continue;
    taken += 1;
    if (taken > MOST_FD_FILES) {
      missing.push(
        `${link}: more than ${MOST_FD_FILES} deleted files are held open; the rest was not copied`,
      );
      break;
    }
    await take(`fd-${number}`, `${link} → ${to}`, (open) =>
      copyMagicLink(link, open, MOST_FD_BYTES, options.signal),
    );
  }

  let memory: Awaited<ReturnType<typeof copyMemory>> = null;
  const { memoryBytes = 0 } = options;
  if (memoryBytes > 0)
    await take('memory', `/proc/${pid}/mem`, async (open) => {
      memory = await copyMemory(pid, memoryBytes, open, options.signal);
      return { isCut: false };
    });

  const state = readProcess(pid);
  const summary = {
    process: target,
    state:
      state === null
        ? null
        : {
            state: state.state,
            parentPid: state.parentPid,
            groupId: state.groupId,
            sessionId: state.sessionId,
            threads: state.threads,
          },
    links: Object.fromEntries(LINKS.map((name) => [name, readProcLink(`/proc/${pid}/${name}`)])),
    descriptors,
    sockets: readSockets(pid, descriptors ?? []),
    files: copies,
    // Addresses beside where each region begins in the file `memory`.
    memory,
    missing,
  };
  const match = matchProcess(target);
  const writer = await options.evidence.open(`${folder}/summary.json`, `/proc/${pid}`);
  await writer.write(Buffer.from(`${JSON.stringify(summary, null, 2)}\n`));
  files.push(await writer.close());
  return { files, missing, hasExecutable, wasThereToTheEnd: match.status === 'same' };
}

function isNamelessNow(link: string): boolean {
  try {
    return isNameless(link);
  } catch {
    return false;
  }
}

/** A full or lost evidence folder must stop us; a process that vanishes must not. */
class SinkFailure extends Error {}

async function fromSink<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new SinkFailure(`the evidence could not be written (${errorCode(error)})`, { cause: error });
  }
}
