import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostFacts } from '../../../src/host/host.ts';
import type { PerformContext } from '../../../src/host/perform/performer.ts';
import { waitFor } from '../../../src/host/perform/process-target.ts';
import { readBootId, readProcess } from '../../../src/host/process-identity.ts';
import type { ProcessIdentity } from '../../../src/operations/identity.ts';
import type { EvidenceFile, OperationOutcome, Prepared, Receipt } from '../../../src/operations/receipt.ts';

/** A temporary host folder and evidence folder around which operations are carried out on this machine's own temp files. */
export interface Stage {
  readonly root: string;
  readonly hostFolder: string;
  readonly evidenceFolder: string;
  readonly output: { stdout: string; stderr: string };
  readonly progress: { done: number; total: number | null }[];
  context(changes?: ContextChanges): PerformContext;
  path(name: string): string;
  end(): void;
}

interface ContextChanges {
  readonly signal?: AbortSignal;
  readonly secrets?: Record<string, string>;
  readonly protectedPids?: readonly number[];
  readonly keyFingerprint?: string;
  readonly onEvidence?: (name: string) => Promise<void>;
  readonly hostFolder?: string;
}

export function makeStage(under: string = tmpdir()): Stage {
  const root = mkdtempSync(join(under, 'tourniquet-perform-'));
  mkdirSync(join(root, 'scene'));
  return openStage(root);
}

/** A stage that was made before, perhaps by another process. */
export function openStage(root: string): Stage {
  const hostFolder = join(root, 'state');
  const evidenceFolder = join(root, 'evidence');
  const output = { stdout: '', stderr: '' };
  const progress: { done: number; total: number | null }[] = [];
  return {
    root,
    hostFolder,
    evidenceFolder,
    output,
    progress,
    path: (name) => join(root, 'scene', name),
    end: () => {
      runIfThere('chattr', ['-R', '-ia', root]);
      rmSync(root, { recursive: true, force: true });
    },
    context: (changes = {}) => ({
      incidentId: 'incident-1',
      whileFenced: (deed) => deed(),
      hostFolder: changes.hostFolder ?? hostFolder,
      facts: factsWith(changes),
      secrets: changes.secrets ?? {},
      ...(changes.signal === undefined ? {} : { signal: changes.signal }),
      onOutput: (stream, bytes) => {
        output[stream] += Buffer.from(bytes).toString('latin1');
      },
      onProgress: (step) => {
        progress.push(step);
      },
      evidence: {
        async open(name, source) {
          if (!/^[A-Za-z0-9._/-]+$/.test(name)) throw new Error(`evidence cannot be named ${name}`);
          await changes.onEvidence?.(name);
          const path = join(evidenceFolder, name);
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          const pieces: Uint8Array[] = [];
          return {
            write: async (bytes) => {
              pieces.push(Buffer.from(bytes));
            },
            close: async (): Promise<EvidenceFile> => {
              const bytes = Buffer.concat(pieces);
              writeFileSync(path, bytes, { mode: 0o600 });
              return { name, source, sizeBytes: bytes.length, sha256: sha256(bytes) };
            },
          };
        },
      },
    }),
  };
}

function factsWith(changes: ContextChanges): HostFacts {
  return {
    hostname: 'stage',
    platform: 'linux',
    distribution: 'stage',
    kernel: '',
    architecture: 'x64',
    bootId: readBootId(),
    upSeconds: 1,
    cores: 1,
    loadAverage: 0,
    memoryBytes: 0,
    isRoot: true,
    user: 'root',
    serviceManager: 'none',
    firewall: 'none',
    packageManager: 'none',
    container: null,
    tools: {},
    isDrill: false,
    responder: {
      peerAddress: null,
      peerPort: null,
      localPort: null,
      account: 'root',
      uid: 0,
      protectedPids: changes.protectedPids ?? [],
      keyFingerprint: changes.keyFingerprint ?? null,
    },
  };
}

/** What must be as before once an operation is undone. */
export function fingerprint(path: string) {
  const stats = lstatSync(path, { bigint: true });
  const isLink = stats.isSymbolicLink();
  const attributes = runIfThere('getfattr', [
    '-h',
    '-d',
    '-m',
    '-',
    '-e',
    'hex',
    '--absolute-names',
    '--',
    path,
  ]);
  const bytes = isLink ? readlinkSync(path, { encoding: 'buffer' }) : readFileSync(path);
  return {
    sha256: sha256(bytes),
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    mtimeNs: stats.mtimeNs,
    inode: stats.ino,
    attributes,
    flags: isLink ? '' : flagsOf(path),
    parentMtimeNs: lstatSync(dirname(path), { bigint: true }).mtimeNs,
  };
}

/** Its output, or nothing where the tool is not installed, its right is missing or the file system has no such thing. */
export function runIfThere(tool: string, argv: readonly string[]): string {
  try {
    return execFileSync(tool, argv, { stdio: ['ignore', 'pipe', 'ignore'] }).toString('latin1');
  } catch {
    return '';
  }
}

export function flagsOf(path: string): string {
  const field = runIfThere('lsattr', ['-d', '--', path]).split(' ')[0] ?? '';
  return [...'ia'].filter((flag) => field.includes(flag)).join('');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The receipt of a prepare that must have gone well; through JSON, as the journal would give it back. */
export function receiptOf(prepared: Prepared): Receipt {
  if (prepared.status === 'refused')
    throw new Error(`refused: ${prepared.refusal.code}: ${prepared.refusal.message}`);
  return JSON.parse(JSON.stringify(prepared.receipt)) as Receipt;
}

export function refusalOf(prepared: Prepared) {
  if (prepared.status === 'ready') throw new Error('it was not refused');
  return prepared.refusal;
}

export function mustBeDone(outcome: OperationOutcome): Receipt {
  if (outcome.status !== 'done') throw new Error(`failed: ${outcome.message}`);
  return JSON.parse(JSON.stringify(outcome.receipt)) as Receipt;
}

/** A process of our own, with who it is. `end` is safe to call whatever became of it. */
export interface Actor {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
  end(): Promise<void>;
}

export async function startActor(
  argv: readonly string[],
  isReady: (pid: number) => boolean = () => true,
): Promise<Actor> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;
  // Between fork and execve it is still a copy of us.
  const own = readProcess(process.pid)?.identity.exeInode;
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const isUp = () => readProcess(pid)?.identity.exeInode !== own && isReady(pid);
  if (!(await waitFor(() => hasEnded() || isUp(), 10_000)) || hasEnded())
    throw new Error(`${file} did not get ready`);
  const identity = readProcess(pid)?.identity;
  if (identity === undefined) throw new Error(`${file} ended at once`);
  return {
    child,
    identity,
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A file with all that a move or an edit must keep, as far as this user may set it. */
export function plantFile(path: string, contents: string | Uint8Array): string {
  writeFileSync(path, contents, { mode: 0o751 });
  runIfThere('setfattr', ['-n', 'user.mark', '-v', 'hello', path]);
  runIfThere('setfacl', ['-m', 'u:12345:r', path]);
  runIfThere('chown', ['1234:4321', path]);
  chmodSync(path, 0o4751);
  utimesSync(path, 1_600_000_000.123456, 1_600_000_000.654321);
  return path;
}
