import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, fsyncSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandText } from '../../operations/operation.ts';
import { encodeHostBytes } from '../../text/host-bytes.ts';
import { toFsPath } from '../file-identity.ts';
import { readBootId, readProcess } from '../process-identity.ts';
import { cleanEnvironment } from '../run-tool.ts';
import { COMMAND_WRAPPER } from './command-wrapper.ts';
import { ensurePrivateFolder, fsyncFolder } from './private-folder.ts';
import { waitFor } from './process-target.ts';

/**
 * A command in a session of its own (setsid(2)), which goes on when the runner, its terminal or its SSH connection
 * go away. All that is known of it is in its folder: `stdout`, `stderr`, `started`, `exit`.
 */
export interface CommandSession {
  readonly folder: string;
  /** /proc/sys/kernel/random/boot_id when it was prepared: after a reboot nothing of it is left. */
  readonly bootId: string;
}

export type SessionState =
  | { readonly status: 'not-started' }
  | { readonly status: 'running'; readonly pid: number }
  | { readonly status: 'ended'; readonly exitCode: number }
  /** It was started and is gone without a word: killed, or the machine went down. */
  | { readonly status: 'vanished' };

/** What the folder and /proc say of it. Reads only. */
export function readSession(session: CommandSession): SessionState {
  const exit = readExit(session.folder);
  if (exit !== null) return { status: 'ended', exitCode: exit };
  const started = readStarted(session.folder);
  if (started === null) return { status: 'not-started' };
  const now = session.bootId === readBootId() ? readProcess(started.pid) : null;
  if (now !== null && now.identity.startTicks === started.startTicks && now.state !== 'Z')
    return { status: 'running', pid: started.pid };
  // It may have ended between the two looks.
  const late = readExit(session.folder);
  return late === null ? { status: 'vanished' } : { status: 'ended', exitCode: late };
}

/**
 * {@link readSession}, but a wrapper that was spawned a moment ago gets the time to write down who it is. What has not
 * begun then never will, however late the host gets round to it: it would be done a second time.
 */
export async function readSessionPatiently(session: CommandSession): Promise<SessionState> {
  if (!isFolder(session.folder)) return { status: 'not-started' };
  for (let turn = 0; turn < 3; turn += 1) {
    await waitFor(() => readSession(session).status !== 'not-started', 2_000);
    const state = readSession(session);
    if (state.status !== 'not-started' || forestall(session.folder)) return state;
  }
  return { status: 'vanished' };
}

/** True if it was not begun, and will not be. False: the wrapper was first. */
export function forestall(folder: string): boolean {
  const claim = join(folder, 'claim');
  try {
    mkdirSync(toFsPath(claim), { mode: 0o700 });
    closeSync(openSync(toFsPath(join(claim, 'forestalled')), 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
    return lstatSync(toFsPath(join(claim, 'forestalled')), { throwIfNoEntry: false }) !== undefined;
  }
}

/** Where nothing was begun yet: what is tried again is begun again, beside what its earlier tries left. */
export async function newSession(folder: string): Promise<CommandSession> {
  const bootId = readBootId();
  for (let number = 1; ; number += 1) {
    const session = { folder: number === 1 ? folder : `${folder}-${number}`, bootId };
    if (!isFolder(session.folder)) return session;
    if ((await readSessionPatiently(session)).status === 'running') return session;
  }
}

export interface StartOptions {
  readonly command: CommandText;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string | null;
}

/** Starts it. Throws if the shell cannot be started. */
export async function startSession(session: CommandSession, options: StartOptions): Promise<ChildProcess> {
  ensurePrivateFolder(session.folder);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const stdout = openSync(join(session.folder, 'stdout'), flags, 0o600);
  const stderr = openSync(join(session.folder, 'stderr'), flags, 0o600);
  try {
    fsyncFolder(session.folder);
    const child = spawn(
      '/bin/sh',
      ['-c', COMMAND_WRAPPER, 'tourniquet', session.folder, ...argvOf(options.command)],
      {
        detached: true,
        stdio: ['ignore', stdout, stderr],
        cwd: toFsPath(options.workingFolder ?? '/').toString(),
        env: { ...cleanEnvironment(), HOME: homeFolder(), ...options.environment },
      },
    );
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return child;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

/** Where tools keep their logins: the command, its check and its undo find the same. */
export function homeFolder(): string {
  return process.env.HOME ?? '/';
}

/** An argv as it is; a shell text of the playbook for /bin/sh. */
export function argvOf(command: CommandText): readonly string[] {
  return 'argv' in command ? command.argv : ['/bin/sh', '-c', command.shell, 'sh'];
}

/**
 * How long ago it was started, by the clock that counts from boot: one that is set, forwards or back, must neither end
 * a command early nor let it run for ever. 0 if it was not.
 */
export function elapsedMs(session: CommandSession): number {
  const started = readStarted(session.folder);
  const upSeconds = Number.parseFloat(readText('/proc/uptime') ?? '');
  const elapsed = upSeconds * 1000 - (Number(started?.startTicks || Number.NaN) * 1000) / TICKS_PER_SECOND;
  return Number.isFinite(elapsed) ? Math.max(0, elapsed) : 0;
}

/** USER_HZ: what /proc counts in, 100 on every architecture that Node runs on (time(7)). */
const TICKS_PER_SECOND = 100;

/** Makes what the session left behind durable. */
export function settleSession(session: CommandSession): void {
  for (const name of ['stdout', 'stderr', 'started', 'exit']) {
    try {
      const fd = openSync(join(session.folder, name), constants.O_RDONLY);
      fsyncSync(fd);
      closeSync(fd);
    } catch {
      // Not there: then it has not come to that.
    }
  }
  fsyncFolder(session.folder);
}

/** Whether a value can be passed to a program at all: a NUL ends it. */
export function isPassable(text: string): boolean {
  return !encodeHostBytes(text).includes(0);
}

function readExit(folder: string): number | null {
  const text = readText(join(folder, 'exit'));
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function readStarted(folder: string): { pid: number; startTicks: string } | null {
  const text = readText(join(folder, 'started'));
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid: Number.parseInt(text, 10), startTicks: fields[19] ?? '' };
}

function readText(path: string): string | null {
  try {
    return readFileSync(toFsPath(path), 'latin1').trim();
  } catch {
    return null;
  }
}

function isFolder(path: string): boolean {
  return lstatSync(toFsPath(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
