import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLargeIncident } from './large-incident.ts';
import { inTurn, type Measurement, ms, processTime } from './measure.ts';
import { tourniquet } from './program.ts';

const FORMATS = ['md', 'html', 'json', 'csv', 'timesketch', 'stix', 'asciicast', 'hashes', 'yara', 'sigma'];

/**
 * Every export of an incident with 10,000 events, 5,000 findings and 1 GB of output, as the program is started;
 * `verify` against `sha256sum` on the same files.
 */
export async function transcripts(): Promise<Measurement[]> {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-benchmark-'));
  try {
    const { id, files } = await makeLargeIncident(root);
    const program = [...tourniquet, '--incident-dir', root];
    const bare = processTime([process.execPath, '-e', '']);
    const rows: Measurement[] = [];
    for (const format of FORMATS) {
      const path = join(root, `out.${format}`);
      const argv = [...program, 'transcript', id, '--format', format, '-o', path];
      const { tookMs, megabytes } = timed(argv);
      const { size } = await stat(path);
      rows.push({
        what: `transcript ${format}, ${(size / 1e6).toFixed(1)} MB, most memory ${megabytes.toFixed(0)} MB`,
        ours: ms(tookMs),
        against: 'bare Node',
        theirs: ms(bare),
        ratio: tookMs / bare,
      });
      await rm(path);
    }
    const list = join(root, 'files');
    await writeFile(list, files.map((file) => `${file}\0`).join(''));
    const verify = await inTurn(
      3,
      () => processTime([...program, 'verify', id]),
      () => processTime(['sh', '-c', 'xargs -0 sha256sum < "$0"', list]),
    );
    rows.push({
      what: 'verify of 1 GB of outputs and 10,000 records',
      ours: ms(verify.ours),
      against: 'sha256sum of the same files',
      theirs: ms(verify.theirs),
      ratio: verify.ratio,
    });
    return rows;
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Wall time and the largest resident set of the program, as it counts it itself at its end. */
function timed(argv: readonly string[]): { readonly tookMs: number; readonly megabytes: number } {
  const [node = '', ...rest] = argv;
  const count =
    "process.on('exit',()=>process.stderr.write(`\\nmaxRSS ${process.resourceUsage().maxRSS}\\n`))";
  const start = performance.now();
  const { stderr, status } = spawnSync(node, ['--import', `data:text/javascript,${count}`, ...rest], {
    encoding: 'utf8',
  });
  const tookMs = performance.now() - start;
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
  return { tookMs, megabytes: Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1000 };
}
