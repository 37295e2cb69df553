/**
 * A sandbox of this machine to practise in: everything of it can be seen inside, nothing that is done inside stays.
 *
 * Rules of this boundary:
 *  - Nothing outlives a sandbox: no mount, process, network or file. All mounts are in namespaces that end with it.
 *  - It is held by a process of its own (inside/holder-script.ts), not by the one that starts it.
 *  - It protects from accidents. It is no wall against a hostile program.
 */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runTool } from '../host/run-tool.ts';
import { UserError } from '../text/user-error.ts';
import { enterCommand } from './enter.ts';
import { HOLDER_SCRIPT } from './inside/holder-script.ts';
import { PEERS_SCRIPT } from './inside/peers-script.ts';
import { SETUP_SCRIPT } from './inside/setup-script.ts';
import { planLayers } from './layers.ts';
import { missingTools, probeSandbox } from './probe.ts';
import {
  bootId,
  isAlive,
  isSameProcess,
  readRecord,
  type SandboxRecord,
  sandboxesFolder,
} from './sandbox-record.ts';
import { type DrillScenario, infect } from './scenario.ts';

export { probeSandbox, type SandboxProbe } from './probe.ts';
export type { SandboxRecord } from './sandbox-record.ts';
export { DRILL_SCENARIOS, type DrillScenario } from './scenario.ts';

export interface SandboxOptions {
  /** `none`: just the sandbox, nothing in it. */
  readonly scenario: DrillScenario;
  /** Makes names and texts reproducible; default: random. */
  readonly seed?: number;
  readonly hostname?: string;
  /** Folders that must be seen inside wherever they lie; default: the runtime's and the program's. */
  readonly needed?: readonly string[];
}

export interface Sandbox {
  readonly id: string;
  /** Pid of its init as seen outside. */
  readonly initPid: number;
  /** Outside, 0700: records, the manifest of what was planted, logs of the pretend peers. */
  readonly folder: string;
  readonly record: SandboxRecord;
  /** The argv that runs `argv` inside, as root there; also marks the sandbox as touched. */
  agentCommand(argv: readonly string[]): string[];
  /** Ends everything in it and takes its folder away. Does nothing if it has ended. */
  end(): Promise<void>;
}

/** Starts a sandbox, some 0.3 s with an infection. Throws UserError `no-sandbox` with the reason if it cannot be had. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const id = randomBytes(3).toString('hex');
  const missing = await missingTools();
  if (missing.length > 0) throw await refused('');
  const folder = join(sandboxesFolder(), id);
  const mode = process.getuid?.() === 0 ? 'root' : 'user';
  mkdirSync(join(folder, 'served'), { recursive: true, mode: 0o700 });
  const seed = options.seed ?? randomBytes(4).readUInt32LE();
  const made = {
    id,
    folder,
    mode,
    scenario: options.scenario,
    seed,
    startedAt: Date.now(),
    bootId: bootId(),
  };
  for (const [name, text] of Object.entries({
    'sandbox.json': JSON.stringify(made),
    'setup.sh': SETUP_SCRIPT,
    'holder.mjs': HOLDER_SCRIPT,
    'peers.mjs': PEERS_SCRIPT,
    touched: '',
  })) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  const layers = planLayers(mode, options.needed ?? ownFolders());
  await runTool([
    // A new session, and no pipe of ours, so that it does not end with us.
    ...['sh', '-c', 'log=$1; shift; exec "$@" < /dev/null > "$log" 2>&1', 'sh', join(folder, 'holder.log')],
    ...['setsid', '--fork', 'unshare', '--net', ...(mode === 'user' ? ['--user', '--map-root-user'] : [])],
    ...[process.execPath, join(folder, 'holder.mjs'), folder, mode, id, options.hostname ?? `drill-${id}`],
    ...layers.flatMap((layer) => [layer.kind, layer.path]),
  ]);
  const record = await waitForStart(folder);
  const sandbox = makeSandbox(record);
  try {
    await infect(sandbox, options.scenario, seed);
  } catch (error) {
    await sandbox.end();
    throw error;
  }
  return sandbox;
}

/** The living sandboxes of this user, oldest first. What dead ones left behind is taken away. */
export function listSandboxes(): SandboxRecord[] {
  const parent = sandboxesFolder();
  const living: SandboxRecord[] = [];
  for (const id of readdirSync(parent)) {
    const folder = join(parent, id);
    const record = readRecord(folder);
    if (record === null ? isStarting(folder) : isAlive(record)) {
      if (record !== null) living.push(record);
    } else {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  removeIfEmpty(parent);
  return living.sort((a, b) => a.startedAt - b.startedAt);
}

/** The living sandbox with this id. Throws UserError `no-such-sandbox`. */
export function openSandbox(id: string): Sandbox {
  const record = /^[0-9a-f]{6}$/.test(id) ? readRecord(join(sandboxesFolder(), id)) : null;
  if (record === null || !isAlive(record)) {
    throw new UserError(
      'no-such-sandbox',
      `The drill's sandbox ${id} is not there any more, so nothing inside it can be looked at.`,
      {
        hint: 'List what is alive with `tourniquet drill --list`, or start a new one with `tourniquet drill`.',
      },
    );
  }
  touch(record);
  return makeSandbox(record);
}

function makeSandbox(record: SandboxRecord): Sandbox {
  return {
    id: record.id,
    initPid: record.initPid,
    folder: record.folder,
    record,
    agentCommand(argv) {
      touch(record);
      return enterCommand(record, argv);
    },
    end: () => endSandbox(record),
  };
}

const END_WAIT_MS = 5_000;

async function endSandbox(record: SandboxRecord): Promise<void> {
  const isThere = () => isAlive(record) || isSameProcess(record.holderPid, record.holderStart);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    // The holder ends init and then itself; it is ended by force only if it does not.
    const pids = signal === 'SIGTERM' ? [record.holderPid] : [record.initPid, record.holderPid];
    if (!isThere()) break;
    if (record.bootId === bootId()) for (const pid of pids) signalProcess(pid, signal);
    for (const until = Date.now() + END_WAIT_MS; isThere() && Date.now() < until; ) await pause(5);
  }
  rmSync(record.folder, { recursive: true, force: true });
  removeIfEmpty(dirname(record.folder));
}

async function waitForStart(folder: string): Promise<SandboxRecord> {
  for (const until = Date.now() + START_WAIT_MS; Date.now() < until; await pause(4)) {
    const record = readRecord(folder);
    if (record !== null) return record;
    if (existsSync(join(folder, 'failed'))) break;
    // `unshare` itself may have been refused; then there is nobody to say so but its last words.
    if (readText(join(folder, 'holder.log')) !== '') break;
  }
  const said = [readText(join(folder, 'failed')), readText(join(folder, 'holder.log'))]
    .filter(Boolean)
    .join('\n');
  rmSync(folder, { recursive: true, force: true });
  removeIfEmpty(dirname(folder));
  throw await refused(said || `it did not stand within ${START_WAIT_MS / 1000} s`);
}

const START_WAIT_MS = 15_000;

async function refused(said: string): Promise<UserError> {
  const probe = await probeSandbox();
  const reason = probe.ok ? `The sandbox could not be built: ${said}` : (probe.reason ?? said);
  return new UserError('no-sandbox', `No drill can be started. ${reason}`, {
    hint: probe.hint ?? 'Run `tourniquet doctor` to see what this machine lacks.',
  });
}

/** A sandbox being built has no state yet; after a minute it never will. */
function isStarting(folder: string): boolean {
  const made = readText(join(folder, 'sandbox.json'));
  const startedAt = made === '' ? 0 : Number(JSON.parse(made).startedAt);
  return Date.now() - startedAt < 60_000 && !existsSync(join(folder, 'failed'));
}

function ownFolders(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  // src/drill/ in a checkout, dist/ in a bundle.
  return [dirname(process.execPath), here.endsWith('/src/drill') ? dirname(dirname(here)) : here];
}

function touch(record: SandboxRecord): void {
  const now = new Date();
  utimesSync(join(record.folder, 'touched'), now, now);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others are in it.
  }
}
