import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeHostBytes } from '../text/host-bytes.ts';
import { UserError } from '../text/user-error.ts';
import type { SandboxRecord } from './sandbox-record.ts';
import type { Manifest, Ordinary, Part, Trace } from './scene.ts';
import type { Staged } from './staged.ts';

/** What a drill is judged by, from the scene as it was planted and as it was seen when it stood. */
export function makeManifest(
  record: SandboxRecord,
  parts: readonly Part[],
  staged: Staged,
  more: Pick<Manifest, 'miner' | 'notes'>,
): Manifest {
  const judged = parts.filter((part) => part.role !== 'stage');
  const badLines = judged.flatMap((part) =>
    part.kind === 'lines'
      ? part.lines.filter((line) => line.role === 'infection').map((line) => ({ ...line, path: part.path }))
      : [],
  );
  const infection: Trace[] = [];
  const ordinary: Ordinary[] = [];
  for (const part of judged) {
    if (part.kind === 'lines' || part.kind === 'empty' || part.kind === 'command') continue;
    if (part.kind === 'mount') {
      const path = staged.mounts[part.what];
      if (path !== undefined) infection.push({ kind: 'mount', what: part.what, place: path, path });
      continue;
    }
    if (part.kind === 'process') {
      const process = staged.processes[part.what];
      const place = [part.file, ...part.args].join(' ');
      if (part.role === 'infection')
        infection.push(processTrace(part.what, process?.pid, more.miner.program, part.saysThatItRuns));
      else if (process) ordinary.push({ kind: 'process', what: part.what, place, ...process });
      continue;
    }
    const state = staged.seen.files[part.path];
    if (part.role === 'infection')
      infection.push({
        ...{ kind: 'file', what: part.what, place: part.path, path: part.path },
        ...(part.kind === 'link' ? { target: part.target } : {}),
      });
    else if (state)
      ordinary.push({ kind: 'file', what: part.what, place: part.path, path: part.path, state });
  }
  for (const line of badLines) infection.push({ kind: 'line', place: line.path, ...line });
  for (const path of new Set(judged.flatMap((part) => (part.kind === 'lines' ? [part.path] : [])))) {
    const state = staged.seen.files[path];
    const bad = badLines.filter((line) => line.path === path).map((line) => asLatin1(line.text));
    const cleanText = withoutLines(staged.seen.texts[path] ?? '', bad);
    if (state) {
      ordinary.push({
        kind: 'text',
        what: 'file shared with the infection',
        place: path,
        path,
        state,
        cleanText,
        badLines: bad,
      });
    }
  }
  const own = new Set(judged.flatMap((part) => ('path' in part ? [part.path] : [])));
  const baseline = Object.fromEntries(
    Object.entries(staged.seen.tree).filter(
      ([path]) => !own.has(path) && !path.startsWith(`${more.miner.folder}/`),
    ),
  );
  return {
    scenario: record.scenario,
    seed: record.seed,
    infectedAt: Date.now(),
    infection,
    ordinary,
    planted: staged.seen.files,
    baseline,
    ...more,
  };
}

/** Of several miners each is known for itself; the others are whatever looks like the one. */
function processTrace(what: string, pid: number | undefined, program: string, isOne = false): Trace {
  const place = pid === undefined ? 'a running process' : `process ${pid} at first`;
  return isOne
    ? { kind: 'process', what, place, part: what, named: [`/proc/${pid}`] }
    : { kind: 'process', what, place: 'a running process', named: [program] };
}

export function readManifest(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  } catch (cause) {
    throw new UserError(
      'no-manifest',
      `${folder} holds no record of an infection, so there is nothing to score.`,
      {
        hint: 'Only a sandbox started with a scenario is scored: `tourniquet drill --scenario noisy`.',
        cause,
      },
    );
  }
}

/** The text without these whole lines, wherever they stand. */
export function withoutLines(text: string, lines: readonly string[]): string {
  return text
    .split('\n')
    .filter((line) => !lines.includes(line))
    .join('\n');
}

/** The bytes of a host string, one character each. */
export function asLatin1(text: string): string {
  return Buffer.from(encodeHostBytes(text)).toString('latin1');
}
