import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensurePrivateFolder, writeFileDurably } from '../perform/private-folder.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import type { Change } from './firewall.ts';

/**
 * What takes isolation back when nobody confirms it: it must outlive the runner, the agent, the terminal and the
 * SSH session. Where systemd runs, its own timer; elsewhere a process in a session of its own.
 *
 * Who comes first makes the claim folder, and mkdir(2) lets only one come first: a timer that has claimed
 * cannot be confirmed away half way, and one that finds it claimed does nothing. If the claim can be neither made
 * nor found (full disk, folder gone), the timer reverts: rather not isolated than locked out.
 */
const REVERT_SCRIPT = `#!/bin/sh
# Takes the isolation of tourniquet back unless it was confirmed: revert-isolation.sh SECONDS CLAIM TOKEN BACKEND TOOL...
# Written by tourniquet; safe to run by hand with SECONDS 0.
exec </dev/null >/dev/null 2>&1
trap '' HUP INT TERM
left=$1 claim=$2 token=$3 backend=$4
shift 4
[ "$left" -gt 0 ] && echo $$ >"$claim.pid"
while [ "$left" -gt 0 ]; do
  [ -d "$claim" ] && exit 0
  sleep 1
  left=$((left - 1))
done
mkdir "$claim" || { [ -d "$claim" ] && exit 0; }
: >"$claim/reverted"
case $backend in
nft)
  "$1" list chain inet tourniquet_isolate "isolation_$token" && "$1" delete table inet tourniquet_isolate
  ;;
iptables)
  for tool; do
    for way in INPUT:IN OUTPUT:OUT FORWARD:FWD; do
      chain=TOURNIQUET-\${way#*:}-$token
      "$tool" -w 5 -D "\${way%:*}" -j "$chain"
      "$tool" -w 5 -F "$chain"
      "$tool" -w 5 -X "$chain"
    done
  done
  ;;
esac
exit 0
`;

export interface RevertTimer {
  /** Private folder of this incident on the host; the script lies there. */
  readonly folder: string;
  readonly claim: string;
  readonly token: string;
  /** As {@link Firewall.revertArguments} gives them. */
  readonly tools: readonly string[];
  readonly afterMs: number;
}

export type ArmedBy = 'systemd-run' | 'setsid';

export async function armRevertTimer(
  timer: RevertTimer,
  isSystemdRunning: boolean,
): Promise<{ readonly armedBy: ArmedBy; readonly pid: number | null } | { readonly failure: string }> {
  const script = join(timer.folder, 'revert-isolation.sh');
  ensurePrivateFolder(timer.folder);
  writeFileDurably(script, REVERT_SCRIPT);
  const seconds = Math.max(1, Math.ceil(timer.afterMs / 1000));
  const rest = [timer.claim, timer.token, ...timer.tools];
  if (isSystemdRunning) {
    const armed = await runTool([
      ...['systemd-run', `--unit=${unitOf(timer.token)}`, '--collect', `--on-active=${seconds}s`],
      // A timer is otherwise up to a minute late (systemd.timer(5), AccuracySec).
      ...['--timer-property=AccuracySec=100ms', '--', '/bin/sh', script, '0', ...rest],
    ]);
    if (armed.exitCode === 0) return { armedBy: 'systemd-run', pid: null };
  }
  if ((await findTool('setsid')) === null)
    return { failure: 'setsid is not installed (package util-linux, or busybox)' };
  const started = await runTool([
    ...['sh', '-c', 'setsid /bin/sh "$@" </dev/null >/dev/null 2>&1 & echo $!', 'sh'],
    ...[script, String(seconds), ...rest],
  ]);
  const pid = await appears(`${timer.claim}.pid`);
  if (pid !== null) return { armedBy: 'setsid', pid };
  // It is not to come to life when nobody counts on it any more.
  endProcess(Number(started.stdout.toString('latin1')));
  return { failure: 'it was started, but does not run' };
}

/**
 * Makes the isolation stay as far as the timer is concerned. Not ok if the timer was faster, or if the claim cannot be
 * written down. Claiming again is ok.
 */
export async function disarmRevertTimer(
  claim: string,
  token: string,
  armedBy: ArmedBy | null,
): Promise<Change> {
  try {
    ensurePrivateFolder(dirname(claim));
    mkdirSync(claim, { mode: 0o700 });
    writeFileSync(join(claim, 'confirmed'), '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      return {
        ok: false,
        message: `the confirmation could not be written to ${claim} (${(error as Error).message})`,
      };
    if (hasReverted(claim)) return { ok: false, message: 'the time to confirm was over' };
  }
  // The timer would find the claim and do nothing; this only tidies up.
  if (armedBy === 'systemd-run') await runTool(['systemctl', 'stop', `${unitOf(token)}.timer`]);
  return { ok: true };
}

/** The claim folder of an isolation of this incident. */
export function claimOf(hostFolder: string, token: string): string {
  return join(hostFolder, `isolation-${token}`);
}

export function hasReverted(claim: string): boolean {
  return statSync(join(claim, 'reverted'), { throwIfNoEntry: false }) !== undefined;
}

/** A host with a miner on every core starts a shell late. */
const APPEARS_WITHIN_MS = 15_000;

/** The process says that it runs by writing its number; until then nothing may be isolated. */
async function appears(path: string): Promise<number | null> {
  for (let waitedMs = 0; waitedMs < APPEARS_WITHIN_MS; waitedMs += 20) {
    const pid = Number(readText(path));
    if (pid > 0) return pid;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

function endProcess(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function unitOf(token: string): string {
  return `tourniquet-revert-${token}`;
}
