import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectProcess } from '../../../src/host/perform/collect-process.ts';
import { killProcess } from '../../../src/host/perform/kill-process.ts';
import { tellingRegions } from '../../../src/host/perform/memory-evidence.ts';
import { type Actor, makeStage, mustBeDone, receiptOf, type Stage, sha256, startActor } from './stage.ts';

let stage: Stage;
let actor: Actor | undefined;
beforeEach(() => {
  stage = makeStage();
});
afterEach(async () => {
  await actor?.end();
  stage.end();
});

/** Put together at run time, so that it stands in the heap and nowhere in the program or its arguments. */
const HOLDS = 'a=stratum+tcp:/; b=/pool.example:; c=$a${b}3333; while :; do sleep 5; done';
const WORDS = 'stratum+tcp://pool.example:3333';

test('memory is kept up to the limit, most telling first, with its hash and where each region lay', async () => {
  actor = await startActor(
    ['/bin/sh', '-c', HOLDS],
    (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1') !== '',
  );
  const common = { id: 'kill.1.1', because: [], process: actor.identity, memoryBytes: 256 * 1024 * 1024 };
  const prepared = await killProcess.prepare({ ...common, kind: 'kill-process' }, stage.context());
  receiptOf(prepared);
  const files = prepared.status === 'ready' ? prepared.evidence : [];
  const memory = files.find(({ name }) => name.endsWith('/memory'));
  const bytes = readFileSync(join(stage.evidenceFolder, memory?.name ?? ''));
  expect(bytes.includes(WORDS)).toBe(true);
  expect(sha256(bytes)).toBe(memory?.sha256);
  const summary = JSON.parse(
    readFileSync(join(stage.evidenceFolder, `process-${actor.identity.pid}/summary.json`), 'utf8'),
  );
  const regions: { start: number; at: number; keptBytes: number }[] = summary.memory.regions;
  expect(regions.reduce((sum, { keptBytes }) => sum + keptBytes, 0)).toBe(bytes.length);
  expect(
    regions.every(
      ({ at }, index) =>
        at === (index === 0 ? 0 : (regions[index - 1]?.at ?? 0) + (regions[index - 1]?.keptBytes ?? 0)),
    ),
  ).toBe(true);
});

test('no more than the limit is kept, what is left out is counted, and none where none is asked for', async () => {
  actor = await startActor(['/bin/sleep', '600']);
  const common = { kind: 'collect-process', because: [], process: actor.identity } as const;
  for (const memoryBytes of [0, 12_345]) {
    const operation = { ...common, id: `collect.1.${memoryBytes}`, memoryBytes };
    const receipt = receiptOf(await collectProcess.prepare(operation, stage.context()));
    const outcome = await collectProcess.perform(operation, receipt, stage.context());
    mustBeDone(outcome);
    const memory = outcome.evidence.find(({ name }) => name.endsWith('/memory'));
    expect(memory?.sizeBytes).toBe(memoryBytes === 0 ? undefined : memoryBytes);
  }
  const summary = JSON.parse(
    readFileSync(join(stage.evidenceFolder, `process-${actor.identity.pid}/summary.json`), 'utf8'),
  );
  expect(summary.memory.leftOutBytes).toBeGreaterThan(0);
});

test('regions come in the order in which they tell most', () => {
  const maps = `
55d0-55d1 r-xp 00000000 fd:00 7 /usr/bin/x
55d1-55d2 rw-p 00000000 fd:00 7 /usr/bin/x
55e0-55f0 rw-p 00000000 00:00 0 [heap]
7000-7900 rw-p 00000000 00:00 0
7900-7910 rw-p 00000000 00:00 0
7a00-7a10 rwxp 00000000 00:00 0
7b00-7b10 r-xp 00000000 00:05 9 /memfd:x (deleted)
7c00-7c10 ---p 00000000 00:00 0
7d00-7d10 rw-s 00000000 00:06 9 /dev/dri/card0
7ffc-7ffd rw-p 00000000 00:00 0 [stack]
7ffe-7fff r--p 00000000 00:00 0 [vvar]
8000-8001 r-xp 00000000 00:00 0 [vdso]
`;
  expect(tellingRegions(maps).map(({ start }) => start.toString(16))).toEqual([
    '7a00',
    '7b00',
    '55e0',
    '7ffc',
    '7900',
    '7000',
    '55d1',
  ]);
});
