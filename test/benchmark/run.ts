// Measures and writes results.md beside this file; the README's figures are copied from there.
//   npm run benchmark            everything
//   npm run benchmark journal    one of them; `drill` and `screens` write their own parts of results.md
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build.mjs';
import { drillTable } from './drills.ts';
import { journalAppend } from './journal.ts';
import type { Measurement } from './measure.ts';
import { scans } from './scan.ts';
import { screensTable } from './screens.ts';
import { startUp } from './start-up.ts';
import { stepCost } from './step-cost.ts';
import { transcripts } from './transcript.ts';
import { watchCost } from './watch-cost.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  start: startUp,
  scan: scans,
  journal: journalAppend,
  step: stepCost,
  transcript: transcripts,
  watch: watchCost,
};

/** Times depend on what else runs, bytes and processor time do not. */
const about = () =>
  `On one pseudo-terminal in one run, at a load of ${loadavg()[0]?.toFixed(0)} on ${cpus().length} cores: bytes, memory and processor time do not depend on it, all other times do. The bare Ink app is a list, or a list beside an output, as Ink draws it by itself.`;

await build();
const wanted = process.argv.slice(2);
const rows: Measurement[] = [];
for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name}…\n`);
  rows.push(...(await measure()));
}
const table = [
  '| what | tourniquet | against | it | ratio |',
  '| --- | --- | --- | --- | --- |',
  ...rows.map(
    (row) => `| ${row.what} | ${row.ours} | ${row.against} | ${row.theirs} | ${row.ratio.toFixed(2)} |`,
  ),
];
const text = `# Measured\n\nMedians, both in turn in the same run, ${cpus().length} cores, Node ${process.versions.node}. Ratios hold from machine to machine, times do not.\n\n${table.join('\n')}\n`;
const results = join(dirname(fileURLToPath(import.meta.url)), 'results.md');
const isAll = wanted.length === 0;
if (rows.length > 0) process.stdout.write(text);
if (isAll) {
  const [, ...parts] = (await readFile(results, 'utf8')).split(/^(?=## )/m);
  await writeFile(results, [text, ...parts].join('\n'));
}
if (isAll || wanted.includes('screens')) {
  process.stderr.write('measuring screens…\n');
  await writePart('The terminal', `${about()}\n\n${await screensTable()}\n`);
}
// The drills take ten minutes: their part can be measured and written by itself.
if (isAll || wanted.includes('drill')) {
  await writePart('Drills', await drillTable());
}

/** A part of results.md that is measured by itself, in the place of what was measured before. */
async function writePart(title: string, body: string): Promise<void> {
  const part = `## ${title}\n\n${body.trim()}\n`;
  process.stdout.write(part);
  const before = await readFile(results, 'utf8');
  const parts = before.split(/^(?=## )/m).filter((one) => !one.startsWith(`## ${title}\n`));
  await writeFile(results, `${[...parts.map((one) => one.trim()), part.trim()].join('\n\n')}\n`);
}
