import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSandbox, type Sandbox, startSandbox } from '../../src/drill/sandbox.ts';
import { SCENARIO_WORDS } from '../../src/drill/scenario-words.ts';
import { scoreDrill } from '../../src/drill/score.ts';
import type { JournalRecord } from '../../src/engine/event.ts';
import { runTool } from '../../src/host/run-tool.ts';
import { tourniquet } from './program.ts';

const SEED = 7;
/** Cron looks once a minute; what comes back by it does so within this. */
const A_MINUTE_MS = 62_000;

interface Fight {
  /** From the start, seconds; null: never. */
  readonly containedS: number | null;
  readonly evictedS: number | null;
  /** When the last thing was taken away, ms since the epoch; null: nothing was. */
  readonly evictedAtMs: number | null;
  readonly sandbox: Sandbox;
}

/** Each scenario fought by tourniquet and by the commands of the page, each in a sandbox of its own, as a table. */
export async function drillTable(): Promise<string> {
  const rows: string[] = [];
  for (const scenario of Object.keys(SCENARIO_WORDS) as (keyof typeof SCENARIO_WORDS)[]) {
    process.stderr.write(`measuring drill ${scenario}…\n`);
    const ours = await byTourniquet(scenario);
    const theirs = await byTheCommands(scenario);
    await pause(A_MINUTE_MS);
    rows.push(await row(scenario, 'tourniquet, unattended', ours));
    rows.push(await row('', 'the page’s commands', theirs));
  }
  return [
    'Seconds from the start until neither pool nor C2 could be reached and until the last thing was taken away; then,',
    'after another minute of cron, what the drill itself found: how much of the infection was gone, whether the miner',
    'had been started again since, what of the ordinary was damaged. The commands are those of `seed-page.sh` beside this file, as',
    'somebody types them who reads with good sense; they keep no evidence, and nothing of them can be taken back.',
    '',
    '| scenario | by | contained | done | evicted | started again | damaged | won |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function byTourniquet(scenario: string): Promise<Fight> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-benchmark-'));
  try {
    await runTool(
      [
        ...[...tourniquet, '--incident-dir', folder, 'drill', '--scenario', scenario, '--seed', String(SEED)],
        ...['--yes', '--max-risk', 'irreversible', '--input', 'watch-for=5s'],
      ],
      { timeoutMs: 300_000, environment: { HOME: folder } },
    );
    const incident = (await readdir(folder)).find((name) => name.startsWith('drill-'));
    if (incident === undefined) throw new Error(`there is no incident of ${scenario}`);
    const lines = (await readFile(join(folder, incident, 'journal.jsonl'), 'utf8')).trim().split('\n');
    const host = JSON.parse(await readFile(join(folder, incident, 'host.json'), 'utf8')) as {
      sandboxId: string;
    };
    const records = lines.map((line): JournalRecord => JSON.parse(line));
    return { ...timesOf(records), sandbox: openSandbox(host.sandboxId) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timesOf(records: readonly JournalRecord[]): Omit<Fight, 'sandbox'> {
  const start = Date.parse(records[0]?.at ?? '');
  const kinds = new Map<string, string>();
  let containedS: number | null = null;
  let evictedAtMs: number | null = null;
  for (const { at, event } of records) {
    if (event.kind === 'plan-made') for (const { id, kind } of event.plan.operations) kinds.set(id, kind);
    if (event.kind !== 'operation-finished') continue;
    const seconds = (Date.parse(at) - start) / 1000;
    if (kinds.get(event.operationId) === 'isolate-host') containedS ??= seconds;
    if (['kill-process', 'purge-persistence', 'reset-keys'].includes(event.stepId))
      evictedAtMs = Date.parse(at);
  }
  return { containedS, evictedS: evictedAtMs === null ? null : (evictedAtMs - start) / 1000, evictedAtMs };
}

async function byTheCommands(scenario: keyof typeof SCENARIO_WORDS): Promise<Fight> {
  const sandbox = await startSandbox({ scenario, seed: SEED });
  const script = await readFile(join(dirname(fileURLToPath(import.meta.url)), 'seed-page.sh'), 'utf8');
  const start = Date.now();
  const run = await runTool(sandbox.agentCommand(['/bin/bash', '-s']), { input: script, timeoutMs: 120_000 });
  const stamp = (name: string): number | null => {
    const seconds = new RegExp(`^${name} (\\d+\\.\\d+)$`, 'm').exec(run.stdout.toString())?.[1];
    return seconds === undefined ? null : Number(seconds) * 1000;
  };
  const since = (atMs: number | null): number | null => (atMs === null ? null : (atMs - start) / 1000);
  return {
    containedS: since(stamp('contained')),
    evictedS: since(stamp('evicted')),
    evictedAtMs: stamp('evicted'),
    sandbox,
  };
}

async function row(scenario: string, by: string, fight: Fight): Promise<string> {
  const { containedS, evictedS, evictedAtMs, sandbox } = fight;
  const score = await scoreDrill(sandbox);
  await sandbox.end();
  const seconds = (value: number | null) => (value === null ? 'never' : `${value.toFixed(1)} s`);
  const { evicted, damaged, isWon } = score;
  // What starts it again before it is taken away is what the response is for.
  const cameBack = score.cameBack.filter(({ at }) => at > (evictedAtMs ?? Number.POSITIVE_INFINITY));
  const back =
    cameBack.length === 0
      ? 'no'
      : `yes, by ${[...new Set(cameBack.map(({ by: entry }) => entry))].join(', ')}`;
  const hurt = damaged.length === 0 ? 'nothing' : damaged.map(({ what }) => what).join(', ');
  const cells = [
    scenario,
    by,
    seconds(score.contained ? containedS : null),
    seconds(evictedS),
    `${evicted.done} of ${evicted.of}`,
    back,
    hurt,
    isWon ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
}
