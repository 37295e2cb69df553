import { createHash } from 'node:crypto';
import { indicatorsWith } from '../../findings/indicators.ts';
import type { ScanOutcome, ScanRequest, ScanScope, ScanUnknown } from '../../findings/scan.ts';
import { judgeWindows } from '../../findings/windows/judge-windows.ts';
import { NOTHING_OBSERVED, type WindowsObservation } from '../../findings/windows/observed.ts';
import { samePath } from '../../findings/windows/windows-paths.ts';
import type { FileIdentity } from '../../operations/identity.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import type { HostFacts, ScanContext } from '../host.ts';
import { scopesOf } from '../scan/scope-of.ts';
import type { RowName, RowOf } from './answers.ts';
import { ask } from './ask.ts';
import { windowsFileIdentity } from './file-identity.ts';
import type { ParameterValue } from './frames.ts';
import type { PowerShellSession } from './powershell-session.ts';

type Reader = (reading: Reading) => Promise<Partial<WindowsObservation> | null>;

interface Reading {
  readonly request: ScanRequest;
  rows<N extends RowName>(
    name: N,
    parameters?: Readonly<Record<string, ParameterValue>>,
  ): Promise<readonly RowOf<N>[] | null>;
}

/** What a scope reads here. A scope that is not among them is about things that Windows does not have. */
const READERS: { readonly [S in ScanScope]?: Reader } = {
  processes: async ({ rows, request }) => {
    const processes = await rows('scan/processes', { SampleMs: request.sampleMs });
    return processes && { processes };
  },
  connections: async ({ rows }) => {
    const connections = await rows('scan/connections');
    return connections && { connections };
  },
  'hosts-file': async ({ rows }) => {
    const found = await rows('scan/hosts-file');
    const file = found?.[0];
    if (file === undefined) return found && { hosts: null };
    const lines = decodeHostBytes(Buffer.from(file.bytes, 'base64')).split('\n');
    return {
      hosts: {
        path: file.path,
        isUsualPlace: file.isUsualPlace,
        lines: lines.map((line) => line.replace(/\r$/, '')),
      },
    };
  },
  cron: async ({ rows }) => {
    const tasks = await rows('scan/scheduled-tasks');
    return tasks && { tasks };
  },
  units: async ({ rows }) => {
    const services = await rows('scan/services');
    return services && { services };
  },
  session: async ({ rows }) => {
    const runEntries = await rows('scan/run-keys');
    const startupFiles = await rows('scan/startup-folders');
    if (runEntries === null && startupFiles === null) return null;
    return { runEntries: runEntries ?? [], startupFiles: startupFiles ?? [] };
  },
  boot: async ({ rows }) => {
    const subscriptions = await rows('scan/wmi-subscriptions');
    return subscriptions && { subscriptions };
  },
  impairment: async ({ rows }) => {
    const defender = await rows('scan/defender');
    const firewall = await rows('scan/firewall-profiles');
    if (defender === null && firewall === null) return null;
    return { defender: defender?.[0] ?? null, firewall: firewall ?? [] };
  },
  accounts: async ({ rows }) => {
    const accounts = await rows('scan/accounts');
    const sessions = await rows('scan/sessions');
    if (accounts === null && sessions === null) return null;
    return { accounts: accounts ?? [], sessions: sessions ?? [] };
  },
  packages: async ({ rows }) => {
    const updates = await rows('scan/updates');
    return updates && { updates };
  },
  'entry-points': async ({ rows }) => {
    const desktop = await rows('scan/remote-desktop');
    const phpCgi = await rows('scan/php-cgi');
    if (desktop === null && phpCgi === null) return null;
    return { remoteDesktop: desktop?.[0] ?? null, phpCgi: phpCgi ?? [] };
  },
};

/** Windows Update asks its server. */
const LONGEST_MS = 180_000;
const MOST_ROUNDS = 4;

/** Reads what the scopes ask for, judges it, and says what could not be looked at. Changes nothing. */
export async function scanWindows(
  session: PowerShellSession,
  facts: HostFacts,
  request: ScanRequest,
  context: ScanContext,
): Promise<ScanOutcome> {
  const startedMs = performance.now();
  const unknowns: ScanUnknown[] = [];
  const counts: Partial<Record<ScanScope, number>> = {};
  let seen: WindowsObservation = NOTHING_OBSERVED;
  // A process is judged by what starts it, an entry by what runs: both are read if one is asked for.
  const scopes = [...new Set<ScanScope>([...request.scopes, ...NEEDED])].filter((scope) => scope in READERS);
  for (const [done, scope] of scopes.entries()) {
    context.onProgress?.({ scope, done, total: scopes.length });
    const read = await READERS[scope]?.({ request, rows: rowsOf(session, scope, unknowns, context.signal) });
    if (read === null || read === undefined) continue;
    seen = { ...seen, ...read };
    counts[scope] = Object.values(read).reduce(
      (sum, part) => sum + (Array.isArray(part) ? part.length : part === null ? 0 : 1),
      0,
    );
  }
  const setting = {
    indicators: indicatorsWith(request.indicators),
    id: makeId,
    bootId: facts.bootId,
    protectedPids: facts.responder.protectedPids,
    responderAddress: facts.responder.peerAddress,
    allow: request.allow ?? [],
  };
  let judgement = judgeWindows(seen, setting);
  for (let round = 0; round < MOST_ROUNDS && judgement.identify.length > 0; round += 1) {
    const rows = rowsOf(session, 'dropped-files', unknowns, context.signal);
    const files = await filesOf(rows, seen.files, judgement.identify);
    if (files.size === seen.files.size) break;
    seen = { ...seen, files };
    judgement = judgeWindows(seen, setting);
  }
  const asked = new Set(request.scopes);
  const busy = seen.processes.filter(({ pid }) => pid !== 0).map(({ cpuPercent }) => cpuPercent ?? 0);
  return {
    findings: judgement.findings.filter((finding) => scopesOf(finding).some((scope) => asked.has(scope))),
    unknowns: unknowns.filter(({ scope }) => asked.has(scope)),
    counts: Object.fromEntries(Object.entries(counts).filter(([scope]) => asked.has(scope as ScanScope))),
    tookMs: Math.round(performance.now() - startedMs),
    ...(request.sampleMs > 0 && scopes.includes('processes')
      ? { busyPercent: Math.round(busy.reduce((sum, percent) => sum + percent, 0)) }
      : {}),
  };
}

const NEEDED: readonly ScanScope[] = ['processes', 'connections', 'cron', 'units', 'session', 'boot'];

function rowsOf(
  session: PowerShellSession,
  scope: ScanScope,
  unknowns: ScanUnknown[],
  signal: AbortSignal | undefined,
): Reading['rows'] {
  return async (name, parameters = {}) => {
    const answer = await ask(session, name, parameters, { timeoutMs: LONGEST_MS, signal });
    if (answer.status === 'unanswered') {
      unknowns.push({ scope, what: name.slice(name.indexOf('/') + 1), reason: answer.reason });
      return null;
    }
    if (answer.misshapen > 0)
      unknowns.push({
        scope,
        what: name.slice(name.indexOf('/') + 1),
        reason: `${answer.misshapen} of its entries were answered in a form that cannot be read`,
      });
    return answer.rows;
  };
}

async function filesOf(
  rows: Reading['rows'],
  known: ReadonlyMap<string, FileIdentity>,
  paths: readonly string[],
): Promise<ReadonlyMap<string, FileIdentity>> {
  const files = new Map(known);
  for (const row of (await rows('scan/files', { Path: paths })) ?? []) {
    const identity = windowsFileIdentity(row);
    if (identity !== null) files.set(samePath(row.path), identity);
  }
  return files;
}

function makeId(kind: string, key: string): string {
  return `${kind}:${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}
