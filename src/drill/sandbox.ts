/**
 * A sandbox of this machine to practise in: everything of it can be seen inside, nothing that is done inside stays.
 *
 * Rules of this boundary:
 *  - Nothing outlives a sandbox: no mount, process, network or file. All mounts are in namespaces that end with it.
 *  - It is held by a process of its own (inside/holder-script.ts), not by the one that starts it.
 *  - It protects from accidents. It is no wall against a hostile program.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../text/user-error.ts';
import { enterCommand } from './enter.ts';
import { endHolder, isStarting, refusal, removeIfEmpty, startHolder } from './holder.ts';
import { planLayers } from './layers.ts';
import { missingTools } from './probe.ts';
import type { Sandbox } from './sandbox-handle.ts';
import { bootId, isAlive, readRecord, type SandboxRecord, sandboxesFolder } from './sandbox-record.ts';
import { infect } from './scenario.ts';
import type { DrillScenario } from './scenario-words.ts';

export { probeSandbox, type SandboxProbe } from './probe.ts';
export type { Sandbox } from './sandbox-handle.ts';
export type { SandboxRecord } from './sandbox-record.ts';
export { DRILL_SCENARIOS, type DrillScenario } from './scenario-words.ts';

export interface SandboxOptions {
  /** `none`: just the sandbox, nothing in it. */
  readonly scenario: DrillScenario;
  /** Makes names and texts reproducible; default: random. */
  readonly seed?: number;
  readonly hostname?: string;
  /** Folders that must be seen inside wherever they lie; default: the runtime's and the program's. */
  readonly needed?: readonly string[];
  /** `loopback`: do not even try a network of its own for the pretend peers. Default: try. */
  readonly network?: 'veth' | 'loopback';
}

/** Starts a sandbox, some 0.4 s with an infection. Throws UserError `no-sandbox` with the reason if it cannot be had. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  if ((await missingTools()).length > 0) throw await refusal('');
  const id = randomBytes(3).toString('hex');
  const mode = process.getuid?.() === 0 ? 'root' : 'user';
  const seed = options.seed ?? randomBytes(4).readUInt32LE();
  const record = await startHolder(
    {
      ...{ id, folder: join(sandboxesFolder(), id), mode, scenario: options.scenario, seed },
      ...{ startedAt: Date.now(), bootId: bootId() },
      ...{ hostname: options.hostname ?? `drill-${id}`, network: options.network ?? 'veth' },
    },
    planLayers(mode, options.needed ?? ownFolders()),
  );
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
    if (record !== null && isAlive(record)) living.push(record);
    else if (record !== null || !isStarting(folder)) rmSync(folder, { recursive: true, force: true });
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
    end: () => endHolder(record),
  };
}

function ownFolders(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  // src/drill/ in a checkout, dist/ in a bundle.
  return [dirname(process.execPath), here.endsWith('/src/drill') ? dirname(dirname(here)) : here];
}

function touch(record: SandboxRecord): void {
  const now = new Date();
  try {
    utimesSync(join(record.folder, 'touched'), now, now);
  } catch {
    // It has just ended; whoever enters is told so by nsenter.
  }
}
