import { createHash } from 'node:crypto';
import { isInterpreter, readArguments } from '../../findings/command-reading.ts';
import type { Examined } from '../../findings/file-rules.ts';
import type { Finding } from '../../findings/finding.ts';
import { isVouchedFor } from '../../findings/known-bad.ts';
import type { ObservedFile } from '../../findings/observation.ts';
import { suspectsOf } from '../../findings/trace-signals.ts';
import type { ScanContext } from '../host.ts';
import type { Gathered } from './gathered.ts';
import type { Look } from './look.ts';
import { readWhole } from './read-whole.ts';
import { scopesToRead } from './registry.ts';
import { RuleBudget } from './rule-budget.ts';

/** A file to be read whole, and where its result goes. */
interface Candidate {
  /** What is opened: a path of the host, or /proc/PID/exe. */
  readonly path: string;
  readonly named: string;
  readonly put: (examined: Examined) => void;
}

/**
 * Reads whole what suspects run, what starts by itself and what lies where no program belongs, as far as no package
 * vouches for it; holds its hash against the known ones and its content against the rules. Not the programs of the
 * responder's own session (`own`, inodes). Suspects first; bounded in bytes and time; what was passed over for that is
 * noted. Nothing is loaded if there is nothing to examine. Says whether anything was examined.
 */
export async function examineFiles(
  look: Look,
  gathered: Gathered,
  files: Map<string, ObservedFile>,
  findings: readonly Finding[],
  own: ReadonlySet<string>,
  onProgress: ScanContext['onProgress'],
): Promise<boolean> {
  const rules = look.request.rules ?? [];
  if (rules.length === 0 && look.indicators.hashes.size === 0) return false;
  const isWide = scopesToRead(look.request.scopes).includes('dropped-files');
  const candidates = candidatesOf(gathered, files, findings, own, isWide);
  const budget = new RuleBudget(look, rules);
  try {
    for (const [index, { path, named, put }] of candidates.entries()) {
      if (look.signal?.aborted) break;
      onProgress?.({ scope: 'dropped-files', done: index, total: candidates.length, part: 'rules' });
      const read = budget.mayRead() ? readWhole(look, path, budget.bytesLeft) : 'no-time';
      if (typeof read === 'string') budget.pass(named, read);
      else {
        const sha256 = createHash('sha256').update(read.bytes).digest('hex');
        put({ sha256, matches: await budget.match(named, sha256, read.bytes) });
      }
    }
  } finally {
    await budget.end();
  }
  return candidates.length > 0;
}

function candidatesOf(
  gathered: Gathered,
  files: Map<string, ObservedFile>,
  findings: readonly Finding[],
  own: ReadonlySet<string>,
  isWide: boolean,
): Candidate[] {
  const suspects = new Set(suspectsOf(findings));
  const byInode = new Map<string, Candidate>();
  const add = (key: string, candidate: Candidate): void => {
    const known = byInode.get(key);
    const put = (examined: Examined): void => {
      known?.put(examined);
      candidate.put(examined);
    };
    byInode.set(key, known === undefined ? candidate : { ...known, put });
  };
  const addFile = (path: string): void => {
    const file = files.get(path);
    if (file?.inode && !own.has(file.inode) && isWorthReading(file)) {
      const put = (examined: Examined) => void files.set(path, { ...(files.get(path) ?? file), examined });
      add(file.inode, { path: file.realPath ?? path, named: file.realPath ?? path, put });
    }
  };
  for (const [at, seen] of gathered.processes.entries()) {
    const { pid, exeInode } = seen.process;
    if (!suspects.has(pid) || seen.isProtected || exeInode === null) continue;
    const file = seen.exe === null ? undefined : files.get(seen.exe);
    const isAsItWas = file?.inode === exeInode && !seen.isDeleted;
    if (!(isAsItWas && (isVouchedFor(file) || isInterpreter(file?.path ?? '')))) {
      const put = (examined: Examined): void => {
        const latest = gathered.processes[at];
        if (latest !== undefined) gathered.processes[at] = { ...latest, examined };
      };
      add(exeInode, { path: `/proc/${pid}/exe`, named: `${seen.exe ?? seen.process.name} (${pid})`, put });
    }
    const { targets } = readArguments(seen.commandLine, { home: null, workingFolder: seen.workingFolder });
    if (seen.sharesOurFiles) for (const { path, use } of targets) if (use === 'run') addFile(path);
  }
  // What findings are about, then everything else that was led to, if that was asked for.
  for (const { subject } of findings) if (subject.kind === 'file') addFile(subject.file.path);
  if (!isWide) return [...byInode.values()];
  const lying = new Set(gathered.lyingAbout);
  for (const path of [...files.keys()].toSorted((a, b) => Number(lying.has(a)) - Number(lying.has(b))))
    addFile(path);
  return [...byInode.values()];
}

/** Programs and scripts that no package vouches for. */
function isWorthReading(file: ObservedFile): boolean {
  if (file.kind !== 'file' || file.sizeBytes === 0 || isVouchedFor(file)) return false;
  const isProgram = file.content === 'elf' || file.content === 'script' || (file.mode & 0o111) !== 0;
  return isProgram && !/^\/(proc|sys)\//.test(file.realPath ?? file.path);
}
