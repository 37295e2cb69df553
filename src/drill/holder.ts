import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runTool } from '../host/run-tool.ts';
import { UserError } from '../text/user-error.ts';
import { HOLDER_SCRIPT } from './inside/holder-script.ts';
import { PEERS_SCRIPT } from './inside/peers-script.ts';
import { SETUP_SCRIPT } from './inside/setup-script.ts';
import type { Layer } from './layers.ts';
import { probeSandbox } from './probe.ts';
import { bootId, isAlive, isSameProcess, readRecord, type SandboxRecord } from './sandbox-record.ts';

/** What is known of a sandbox before it stands. */
export type PlannedSandbox = Pick<
  SandboxRecord,
  'id' | 'folder' | 'mode' | 'scenario' | 'seed' | 'startedAt' | 'bootId' | 'hostname' | 'network'
>;

const START_WAIT_MS = 60_000;
const END_WAIT_MS = 5_000;

/** Starts the process that holds a sandbox and waits until it stands. Throws UserError `no-sandbox`. */
export async function startHolder(planned: PlannedSandbox, layers: readonly Layer[]): Promise<SandboxRecord> {
  const { folder, mode, id, hostname, network } = planned;
  mkdirSync(join(folder, 'served'), { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries({
    'sandbox.json': JSON.stringify(planned),
    'setup.sh': SETUP_SCRIPT,
    'holder.mjs': HOLDER_SCRIPT,
    'peers.mjs': PEERS_SCRIPT,
    touched: '',
  })) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  await runTool([
    // A new session, and no pipe of ours, so that it does not end with us.
    ...['sh', '-c', 'log=$1; shift; exec "$@" < /dev/null > "$log" 2>&1', 'sh', join(folder, 'holder.log')],
    ...['setsid', '--fork', 'unshare', '--net', ...(mode === 'user' ? ['--user', '--map-root-user'] : [])],
    ...[process.execPath, '--no-warnings', join(folder, 'holder.mjs'), folder, mode, id, hostname, network],
    ...layers.flatMap((layer) => [layer.kind, layer.path]),
  ]);
  for (const until = Date.now() + START_WAIT_MS; Date.now() < until; await pause(4)) {
    const record = readRecord(folder);
    if (record !== null) return record;
    // `unshare` itself may have been refused; then there is nobody to say so but its last words.
    if (existsSync(join(folder, 'failed')) || readText(join(folder, 'holder.log')) !== '') break;
  }
  const said = [readText(join(folder, 'failed')), readText(join(folder, 'holder.log'))]
    .filter(Boolean)
    .join('\n');
  removeFolder(folder);
  throw await refusal(said || `it did not stand within ${START_WAIT_MS / 1000} s`);
}

/** Ends the sandbox and its holder, and takes its folder away. */
export async function endHolder(record: SandboxRecord): Promise<void> {
  const isThere = () => isAlive(record) || isSameProcess(record.holderPid, record.holderStart);
  // The holder ends init and then itself; both are ended by force only if it does not.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (record.bootId !== bootId() || !isThere()) break;
    signalProcess(record.holderPid, record.holderStart, signal);
    if (signal === 'SIGKILL') signalProcess(record.initPid, record.initStart, signal);
    for (const until = Date.now() + END_WAIT_MS; isThere() && Date.now() < until; ) await pause(5);
  }
  removeFolder(record.folder);
}

/** A sandbox being built has no state yet; after a minute it never will. */
export function isStarting(folder: string): boolean {
  const planned = readText(join(folder, 'sandbox.json'));
  const startedAt = planned === '' ? 0 : Number(JSON.parse(planned).startedAt);
  return Date.now() - startedAt < 60_000 && !existsSync(join(folder, 'failed'));
}

/** Why there can be no drill, and what to do. */
export async function refusal(said: string): Promise<UserError> {
  const probe = await probeSandbox();
  const reason = probe.ok ? `The sandbox could not be built: ${said}` : (probe.reason ?? said);
  return new UserError('no-sandbox', `No drill can be started. ${reason}`, {
    hint: probe.hint ?? 'Run `tourniquet doctor` to see what this machine lacks.',
  });
}

/** Removes a sandbox's folder, and the one around it if that was the last. */
function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  removeIfEmpty(dirname(folder));
}

export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others are in it.
  }
}

function signalProcess(pid: number, start: string, signal: NodeJS.Signals): void {
  if (!isSameProcess(pid, start)) return;
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
