import { createHash } from 'node:crypto';
import { declaredPaths } from '../../findings/allow.ts';
import type { IdMaker } from '../../findings/draft.ts';
import type { Finding } from '../../findings/finding.ts';
import { indicatorsWith } from '../../findings/indicators.ts';
import { judge } from '../../findings/judge.ts';
import type { Observation } from '../../findings/observation.ts';
import type { ScanOutcome, ScanRequest, ScanScope } from '../../findings/scan.ts';
import { suspectsOf } from '../../findings/trace-signals.ts';
import { withoutSecrets } from '../../findings/without-secrets.ts';
import type { HostFacts, ScanContext } from '../host.ts';
import { askMounts } from '../silent-mounts.ts';
import type { CpuSample } from './cpu-samples.ts';
import { type CpuMemory, finishCpu, firstSample } from './cpu-use.ts';
import { examineFiles } from './examine-files.ts';
import { type Gathered, gatherNothing } from './gathered.ts';
import { type Look, OutOfTime, readLines } from './look.ts';
import { identifyObserved, observeFiles, verifyObserved } from './observe-files.ts';
import { ownershipOf } from './ownership.ts';
import type { Ownership } from './owning.ts';
import { parsePasswd } from './passwd.ts';
import { observeMentioned, pathsOf } from './paths-led-to.ts';
import { ENUMERATORS, scopesToRead } from './registry.ts';
import { scopesOf } from './scope-of.ts';
import { settingOf } from './setting.ts';
import { inspectSuspects } from './suspects.ts';
import { toldUnknowns } from './told-unknowns.ts';

export type ScanHostContext = ScanContext & {
  readonly facts: HostFacts;
  /** Looks at this tree instead of `/` (its /proc too). */
  readonly root?: string;
  /** For one scope; what is left then is not read, and that is said. */
  readonly longestScopeMs?: number;
  /** Of whoever looks again and again. */
  readonly cpuMemory?: CpuMemory;
};

const ASKS_TOOLS: ReadonlySet<ScanScope> = new Set([
  'packages',
  'second-opinion',
  'hidden-processes',
  'impairment',
  'set-id',
]);

const SILENT =
  'the mount does not answer (its server is gone, or its program hangs); nothing behind it was looked at';
const LONGEST_SCOPE_MS = 15_000;
/** Each round answers what the judges asked for: hashes first, then whether package files are as they came. */
const MOST_ROUNDS = 8;

/**
 * Looks at the host and judges what it saw. Changes nothing.
 * Never throws for what the host does: what could not be looked at is in `unknowns`.
 */
export async function scanHost(request: ScanRequest, context: ScanHostContext): Promise<ScanOutcome> {
  const startedMs = performance.now();
  const silent = await askMounts();
  const look: Look = lookAt(request, context);
  const [anyScope] = request.scopes;
  if (anyScope !== undefined)
    for (const what of silent) look.unknowns.push({ scope: anyScope, what, reason: SILENT });
  const ownership = ownershipOf(look);
  const gathered = gatherNothing();
  const scopes = scopesToRead(request.scopes);
  const counts: Partial<Record<ScanScope, number>> = {};
  const samples = request.sampleMs > 0 && request.scopes.includes('processes');
  const first: CpuSample | null = samples ? firstSample(look, context.cpuMemory) : null;
  let done = 0;
  const run = async (scope: ScanScope): Promise<void> => {
    if (context.signal?.aborted) look.unknowns.push({ scope, what: scope, reason: 'the look was cancelled' });
    else {
      context.onProgress?.({ scope, done, total: scopes.length });
      const untilMs = performance.now() + (context.longestScopeMs ?? LONGEST_SCOPE_MS);
      const count = await enumerate(scope, { ...look, untilMs }, gathered, ownership);
      if (count !== null && request.scopes.includes(scope)) counts[scope] = count;
    }
    done += 1;
  };
  // Those that wait for the host's own tools, or give way, go on beside the reading, which is one after the other.
  const beside = scopes.filter((scope) => ASKS_TOOLS.has(scope)).map(run);
  for (const scope of scopes) if (!ASKS_TOOLS.has(scope)) await run(scope);
  const waitedMs = first === null ? 0 : await finishCpu(look, gathered, first, context.cpuMemory);
  await Promise.all(beside);
  const findings = await judgeAll(look, gathered, ownership, scopes, context.onProgress);
  return {
    findings: findings
      .filter((finding) => scopesOf(finding).some((scope) => request.scopes.includes(scope)))
      .map(withoutSecrets),
    unknowns: toldUnknowns(look.unknowns.filter(({ scope }) => request.scopes.includes(scope))),
    counts,
    tookMs: Math.round(performance.now() - startedMs),
    ...(first === null ? {} : { busyPercent: busyPercent(gathered), waitedMs: Math.round(waitedMs) }),
  };
}

function lookAt(request: ScanRequest, context: ScanHostContext): Look {
  const blind: Look = {
    root: context.root ?? '',
    facts: context.facts,
    request,
    signal: context.signal,
    unknowns: [],
    accounts: [],
    indicators: indicatorsWith(request.indicators),
  };
  return { ...blind, accounts: parsePasswd(readLines(blind, 'accounts', '/etc/passwd') ?? []) };
}

function busyPercent({ processes }: Gathered): number {
  return Math.round(processes.reduce((sum, { cpuPercent }) => sum + (cpuPercent ?? 0), 0));
}

/** null if the part failed as a whole, which is then said. */
async function enumerate(
  scope: ScanScope,
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
): Promise<number | null> {
  try {
    return await ENUMERATORS[scope](look, gathered, ownership);
  } catch (error) {
    if (error instanceof OutOfTime) {
      const reason = 'there was more to read than there was time for; what was read until then is shown';
      look.unknowns.push({ scope, what: scope, reason });
      return null;
    }
    const { code } = error as NodeJS.ErrnoException;
    // A bug in reading one part must not keep the responder from seeing the others.
    const reason =
      code === undefined ? `it failed unexpectedly (${String(error)})` : `reading failed (${code})`;
    look.unknowns.push({ scope, what: scope, reason });
    return null;
  }
}

async function judgeAll(
  look: Look,
  gathered: Gathered,
  ownership: Ownership,
  scopes: readonly ScanScope[],
  onProgress: ScanContext['onProgress'],
): Promise<readonly Finding[]> {
  const files = await observeFiles(
    look,
    new Set([
      ...pathsOf(gathered),
      ...declaredPaths(look.request.allow ?? []),
      ...(look.request.foundBefore ?? []).map(({ path }) => path),
    ]),
    ownership,
  );
  await observeMentioned(look, files, ownership);
  const setting = settingOf(look, gathered, scopes);
  let isInspected = look.root !== '' || !scopes.includes('processes');
  let isExamined = false;
  for (let round = 0; ; round += 1) {
    const judgement = judge({ ...gathered, files, setting } satisfies Observation, makeId);
    const isDone = judgement.identify.length === 0 && judgement.verify.length === 0;
    if (isDone && !isInspected) {
      isInspected = true;
      const configs = await inspectSuspects(look, gathered, suspectsOf(judgement.findings));
      if (configs !== null) {
        for (const [path, file] of await observeFiles(look, configs, ownership)) files.set(path, file);
        continue;
      }
    }
    if (isDone && !isExamined) {
      isExamined = true;
      if (
        await examineFiles(look, gathered, files, judgement.findings, setting.protectedExeInodes, onProgress)
      )
        continue;
    }
    if (isDone || round >= MOST_ROUNDS) return judgement.findings;
    identifyObserved(look, files, judgement.identify);
    await verifyObserved(files, judgement.verify, ownership);
  }
}

const makeId: IdMaker = (kind, key) =>
  `${kind}:${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
