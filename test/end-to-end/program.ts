import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JournalRecord } from '../../src/engine/event.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The argv of the program as a user starts it: through the launcher, which also builds what is stale. */
export const tourniquet: readonly string[] = [process.execPath, join(root, 'src', 'launcher.mjs')];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it to its end, without a terminal. */
export function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  timeoutMs = 120_000,
): Ended {
  const [file = '', ...before] = tourniquet;
  const result = spawnSync(file, [...before, ...args], {
    encoding: 'utf8',
    timeout: timeoutMs,
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Starts it without a terminal and gives its lines as they come. */
export function start(args: readonly string[]) {
  const [file = '', ...before] = tourniquet;
  const child = spawn(file, [...before, ...args], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // For whoever reads why a test failed.
  child.stderr.on('data', (bytes) => process.stderr.write(bytes));
  return child;
}

/** A folder of incidents of its own. Drills that were begun in it are ended with it. */
export class Incidents {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Incidents> {
    return new Incidents(await mkdtemp(join(tmpdir(), 'tourniquet-e2e-')));
  }

  /** The newest incident's name. */
  newest(): string {
    const { stdout } = run(['--incident-dir', this.folder, 'incidents', '--json']);
    const { incidents } = JSON.parse(stdout) as { incidents: { id: string }[] };
    const id = incidents[0]?.id;
    if (id === undefined) throw new Error('there is no incident');
    return id;
  }

  async records(id: string): Promise<JournalRecord[]> {
    const text = await readFile(join(this.folder, id, 'journal.jsonl'), 'utf8');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as JournalRecord);
  }

  async sandboxId(id: string): Promise<string> {
    const transport = JSON.parse(await readFile(join(this.folder, id, 'host.json'), 'utf8')) as {
      sandboxId: string;
    };
    return transport.sandboxId;
  }

  async end(): Promise<void> {
    // By the folders, not by the list: a test may have altered a journal so that it is no incident any more.
    for (const id of await readdir(this.folder)) {
      const sandbox = await this.sandboxId(id).catch(() => undefined);
      if (sandbox) run(['drill', '--end', sandbox]);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
