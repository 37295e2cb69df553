import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurn, type Measurement, ms, processTime } from './measure.ts';
import { tourniquet } from './program.ts';

const STEPS = 20;

/** What a `run:` step costs above its command: prepare, journal, own session, output file, verify. */
export async function stepCost(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-benchmark-'));
  try {
    const many = join(folder, 'many.yaml');
    const none = join(folder, 'none.yaml');
    await writeFile(many, playbook('many', STEPS));
    await writeFile(none, playbook('none', 1));
    const run = (file: string) =>
      processTime([
        ...tourniquet,
        '--incident-dir',
        join(folder, 'incidents'),
        'run',
        file,
        '--yes',
        '--json',
      ]);
    const commands = Array.from({ length: STEPS }, () => '/bin/sh -c true').join('\n');
    const result = await inTurn(
      3,
      () => (run(many) - run(none)) / (STEPS - 1),
      () => processTime(['/bin/sh', '-c', commands]) / STEPS,
    );
    return [
      {
        what: 'one step that runs `true`, recorded',
        ours: ms(result.ours),
        against: 'the bare command from a shell',
        theirs: ms(result.theirs),
        ratio: result.ratio,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function playbook(name: string, steps: number): string {
  const lines = [`name: ${name}`, 'title: Benchmark', 'platform: any', 'steps:'];
  for (let n = 1; n <= steps; n++) {
    lines.push(`  - id: step-${n}`, `    name: Step ${n}`, '    run: "true"', '    risk: read-only');
  }
  return `${lines.join('\n')}\n`;
}
