import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../host/run-tool.ts';
import { UserError } from '../text/user-error.ts';
import { bareInfection, bareNames, withoutSystemd } from './bare-infection.ts';
import { bareOrdinary, bareOrdinaryBelow } from './bare-ordinary.ts';
import { hidesInfection } from './hides-infection.ts';
import { hidesNames } from './hides-names.ts';
import { hidesOrdinary } from './hides-ordinary.ts';
import { hostileInfection, hostileNames } from './hostile-infection.ts';
import { hostileOrdinary } from './hostile-ordinary.ts';
import { installerScript, type MinerNames } from './inside/miner-script.ts';
import { STAGE_SCRIPT } from './inside/stage-script.ts';
import { watchdogInstaller } from './inside/watchdog-scripts.ts';
import type { LookRequest } from './look.ts';
import { makeManifest } from './manifest.ts';
import { noisyInfection, noisyNames } from './noisy-infection.ts';
import { agentUnit, noisyOrdinary, noisyOrdinaryBelow } from './noisy-ordinary.ts';
import { pendingUpgrade } from './patches.ts';
import { makeRandom, type Random } from './random.ts';
import type { Sandbox } from './sandbox-handle.ts';
import type { DrillScenario } from './scenario-words.ts';
import type { Part } from './scene.ts';
import { cronDaemon, findStage, ownEntriesAway, type Stage } from './stage.ts';
import type { Staged } from './staged.ts';
import { watchdogInfection, watchdogNames } from './watchdog-infection.ts';

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
  const patches = pendingUpgrade(stage.mode);
  const cron = cronDaemon(stage.mode);
  const ordinary = noisyOrdinary(stage, random);
  const infection = INFECTIONS[scenario](stage, random);
  const { names } = infection;
  const parts: Part[] = [
    ...ownEntriesAway(stage),
    ...(infection.stage ?? []),
    ...ordinary,
    ...infection.ordinary,
    ...infection.parts,
    ...noisyOrdinaryBelow(stage),
    ...(infection.below ?? []),
    ...patches.parts,
    ...cron.parts,
  ];
  mkdirSync(join(sandbox.folder, 'served'), { recursive: true });
  writeFileSync(join(sandbox.folder, 'served', names.download), infection.served);
  const staged = await runStage(sandbox, parts);
  const manifest = makeManifest(sandbox.record, parts, staged, {
    miner: { wallet: names.wallet, program: `${names.folder}/${names.program}`, folder: names.folder },
    notes: [
      ...sandbox.record.notes,
      ...(infection.notes ?? []),
      ...patches.notes,
      ...cron.notes,
      ...staged.notes,
    ],
  });
  writeFileSync(join(sandbox.folder, 'manifest.json'), JSON.stringify(manifest), { mode: 0o600 });
}

interface Infection {
  readonly names: MinerNames;
  /** What the pretend C2 server hands out. */
  readonly served: string;
  readonly parts: readonly Part[];
  /** What looks as odd as the infection and is fine, besides what every scenario has. */
  readonly ordinary: readonly Part[];
  /** The same, below the bad lines. */
  readonly below?: readonly Part[];
  /** What the sandbox is made into first. */
  readonly stage?: readonly Part[];
  /** What could not be had on this machine. */
  readonly notes?: readonly string[];
}

const INFECTIONS: Readonly<
  Record<Exclude<DrillScenario, 'none'>, (stage: Stage, random: Random) => Infection>
> = {
  noisy(stage, random) {
    const names = noisyNames(random);
    return {
      names,
      served: installerScript(names),
      parts: noisyInfection(names, stage, random),
      ordinary: agentUnit(),
    };
  },
  watchdog(stage, random) {
    const names = watchdogNames(random);
    return {
      names,
      served: watchdogInstaller(names),
      parts: watchdogInfection(names, stage),
      ordinary: agentUnit(),
    };
  },
  hides(stage, random) {
    const names = hidesNames(random);
    return {
      names,
      served: installerScript(names),
      ...hidesInfection(names, stage),
      ordinary: [...agentUnit(), ...hidesOrdinary()],
    };
  },
  bare(stage, random) {
    const names = bareNames(random);
    const { parts, notes } = withoutSystemd(stage.mode);
    return {
      ...{ names, served: installerScript(names), parts: bareInfection(names, stage), notes },
      ...{ stage: parts, ordinary: bareOrdinary(names), below: bareOrdinaryBelow() },
    };
  },
  'hostile-names'(stage, random) {
    const names = hostileNames(random);
    const parts = hostileInfection(names, stage, random);
    return { names, served: installerScript(names), parts, ordinary: hostileOrdinary(stage, random) };
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
    { input: JSON.stringify({ parts, look }), timeoutMs: 90_000 },
  );
  if (run.exitCode !== 0) {
    const said = run.failedToStart ?? run.stderr.toString().trim().slice(-2000);
    throw new UserError('no-infection', `The drill could not be set up in its sandbox: ${said}`, {
      hint: 'Nothing of it is left. Run `tourniquet doctor` to see what this machine lacks.',
    });
  }
  return JSON.parse(run.stdout.toString());
}
