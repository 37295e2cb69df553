import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../host/run-tool.ts';
import { UserError } from '../text/user-error.ts';
import { installerScript, type MinerNames } from './inside/miner-script.ts';
import { STAGE_SCRIPT } from './inside/stage-script.ts';
import { watchdogInstaller } from './inside/watchdog-scripts.ts';
import type { LookRequest } from './look.ts';
import { makeManifest } from './manifest.ts';
import { noisyInfection, noisyNames, type Stage } from './noisy-infection.ts';
import { noisyOrdinary, noisyOrdinaryBelow } from './noisy-ordinary.ts';
import { pendingUpgrade } from './patches.ts';
import { makeRandom, type Random } from './random.ts';
import type { Sandbox } from './sandbox-handle.ts';
import type { Part } from './scene.ts';
import type { Staged } from './staged.ts';
import { watchdogInfection, watchdogNames } from './watchdog-infection.ts';

export const DRILL_SCENARIOS = ['none', 'noisy', 'watchdog'] as const;
export type DrillScenario = (typeof DRILL_SCENARIOS)[number];

/** Configuration of the machine itself that a drill must leave alone, and how deep it is looked at. */
export const BASELINE_ROOTS: readonly (readonly [path: string, depth: number])[] = [
  ['/etc', 8],
  ['/var/spool/cron', 3],
  ['/root', 1],
  ['/root/.ssh', 1],
  ['/home', 2],
  ['/usr/local', 3],
];

/** Plants a scenario in a sandbox and saves the manifest outside it. Throws UserError `no-infection`. */
export async function infect(sandbox: Sandbox, scenario: DrillScenario, seed: number): Promise<void> {
  if (scenario === 'none') return;
  const random = makeRandom(seed);
  const stage = findStage(sandbox.record.mode);
  const infection = INFECTIONS[scenario](stage, random);
  const { names } = infection;
  const patches = pendingUpgrade(stage.mode);
  const cron = cronDaemon(stage.mode);
  const parts: Part[] = [
    ...ownEntriesAway(stage),
    ...noisyOrdinary(stage, random),
    ...infection.parts(),
    ...noisyOrdinaryBelow(stage),
    ...patches.parts,
    ...cron.parts,
  ];
  mkdirSync(join(sandbox.folder, 'served'), { recursive: true });
  writeFileSync(join(sandbox.folder, 'served', names.download), infection.served);
  const staged = await runStage(sandbox, parts);
  const manifest = makeManifest(sandbox.record, parts, staged, {
    miner: { wallet: names.wallet, program: `${names.folder}/${names.program}`, folder: names.folder },
    notes: [...sandbox.record.notes, ...patches.notes, ...cron.notes, ...staged.notes],
  });
  writeFileSync(join(sandbox.folder, 'manifest.json'), JSON.stringify(manifest), { mode: 0o600 });
}

interface Infection {
  readonly names: MinerNames;
  /** What the pretend C2 server hands out. */
  readonly served: string;
  parts(): Part[];
}

const INFECTIONS: Readonly<
  Record<Exclude<DrillScenario, 'none'>, (stage: Stage, random: Random) => Infection>
> = {
  noisy(stage, random) {
    const names = noisyNames(random);
    return { names, served: installerScript(names), parts: () => noisyInfection(names, stage, random) };
  },
  watchdog(stage, random) {
    const names = watchdogNames(random);
    return { names, served: watchdogInstaller(names), parts: () => watchdogInfection(names, stage) };
  },
};

async function runStage(sandbox: Sandbox, parts: readonly Part[]): Promise<Staged> {
  const files = parts.flatMap((part) => ('path' in part && part.role !== 'stage' ? [part.path] : []));
  const look: LookRequest = {
    files: [...new Set(files)],
    texts: [
      ...new Set(
        parts.flatMap((part) => (part.kind === 'lines' && part.role !== 'stage' ? [part.path] : [])),
      ),
    ],
    roots: BASELINE_ROOTS,
  };
  const run = await runTool(
    sandbox.agentCommand([process.execPath, '--input-type=module', '--eval', STAGE_SCRIPT]),
    { input: JSON.stringify({ parts, look }), timeoutMs: 20_000 },
  );
  if (run.exitCode !== 0) {
    const said = run.failedToStart ?? run.stderr.toString().trim().slice(-2000);
    throw new UserError('no-infection', `The drill could not be set up in its sandbox: ${said}`, {
      hint: 'Nothing of it is left. Run `tourniquet doctor` to see what this machine lacks.',
    });
  }
  return JSON.parse(run.stdout.toString());
}

function findStage(mode: 'root' | 'user'): Stage {
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { name, uid: Number(uid), gid: Number(gid) }] as const),
  );
  const root = { name: 'root', uid: 0, gid: 0 };
  const ordinary = ['www-data', 'apache', 'nginx', 'daemon'].find((name) => accounts.has(name));
  const group = /^crontab:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1];
  return {
    mode,
    crontabs:
      existsSync('/var/spool/cron') &&
      !existsSync('/var/spool/cron/crontabs') &&
      existsSync('/usr/sbin/crond')
        ? '/var/spool/cron'
        : '/var/spool/cron/crontabs',
    victim: (mode === 'root' && ordinary !== undefined && accounts.get(ordinary)) || root,
    crontabGid: mode === 'root' ? Number(group ?? 0) : 0,
    now: Date.now(),
  };
}

/** The machine's own cron entries must not run a second time in the sandbox. */
function ownEntriesAway(stage: Stage): Part[] {
  const away: Part[] = [stage.crontabs, '/etc/cron.d'].map((path) => ({
    ...{ kind: 'empty', role: 'stage', what: 'entries of the machine', path },
  }));
  const crontab = existsSync('/etc/crontab') ? readFileSync('/etc/crontab', 'utf8') : '';
  const kept = crontab.split('\n').filter((line) => /^\s*(#|$|\w+\s*=)|run-parts/.test(line));
  if (kept.join('\n') !== crontab) {
    away.push({
      ...{ kind: 'file', role: 'stage', what: 'entries of the machine', path: '/etc/crontab' },
      ...{ text: kept.join('\n'), mode: 0o644 },
    });
  }
  return away;
}

/** A real cron daemon, so that what comes back really does. */
function cronDaemon(mode: 'root' | 'user'): { parts: Part[]; notes: string[] } {
  if (mode === 'user') {
    return { parts: [], notes: ['no cron daemon runs inside: one cannot run jobs for an ordinary user'] };
  }
  const file = ['/usr/sbin/cron', '/usr/sbin/crond'].find((path) => existsSync(path));
  if (file === undefined) {
    return { parts: [], notes: ['no cron daemon is installed, so nothing comes back by cron'] };
  }
  const isBusybox = realpathSync(file).endsWith('busybox');
  const args = file.endsWith('crond') && !isBusybox ? ['-n'] : ['-f'];
  return {
    notes: [],
    parts: [{ kind: 'process', role: 'ordinary', what: 'cron daemon', file, args, workingFolder: '/' }],
  };
}
