import type {
  Event,
  HostSummary,
  JournalRecord,
  OutputRef,
  Session,
  StepPlan,
} from '../../src/engine/event.ts';
import type { Finding, Subject } from '../../src/findings/finding.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { formatLine, NO_HASH } from '../../src/journal/record-line.ts';
import { describeOperation } from '../../src/operations/describe.ts';
import type { FileIdentity, ProcessIdentity } from '../../src/operations/identity.ts';
import type { OperationTarget, RunCommand } from '../../src/operations/operation.ts';
import type { OperationOutcome } from '../../src/operations/receipt.ts';
import { worstRisk } from '../../src/operations/risk.ts';
import type { Playbook, Step } from '../../src/playbook/playbook.ts';

/** Makers of whole, valid values from the few details that a test cares about. */

export function makeStep(id: string, details: Partial<Step> = {}): Step {
  return {
    id,
    title: `${id.slice(0, 1).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`,
    why: `Why ${id} is done.`,
    attack: [],
    uses: 'kill-process',
    with: {},
    run: null,
    verify: null,
    undo: null,
    env: {},
    manual: null,
    if: null,
    needs: [],
    needsEvidenceFrom: [],
    timeoutMs: 60_000,
    retries: 0,
    onFailure: 'stop',
    risk: null,
    line: 1,
    ...details,
  };
}

export function makePlaybook(steps: readonly Step[], details: Partial<Playbook> = {}): Playbook {
  return {
    name: 'cryptominer-linux',
    title: 'A miner on a Linux host',
    summary: 'Stop the bleeding.',
    platform: 'linux',
    inputs: {},
    env: {},
    steps,
    ...details,
  };
}

export const HOST: HostSummary = {
  hostname: 'web-07',
  distribution: 'Debian GNU/Linux 12 (bookworm)',
  kernel: '6.1.0-18-amd64',
  cores: 4,
  bootId: '6e2f1f6c-0000-4000-8000-000000000000',
  isRoot: true,
  isDrill: false,
  serviceManager: 'systemd',
  firewall: 'nft',
};

export const SESSION: Session = {
  responder: 'ana',
  account: 'root',
  peerAddress: '10.8.0.4',
  front: 'test',
  pid: 4242,
  version: '0.1.0',
};

export function makeProcess(pid: number, name: string): ProcessIdentity {
  return {
    pid,
    startTicks: String(pid * 100),
    bootId: HOST.bootId,
    exePath: `/tmp/${name}`,
    exeInode: `2049:${pid}`,
    name,
  };
}

export function makeFile(path: string): FileIdentity {
  return {
    path,
    kind: 'file',
    device: '2049',
    inode: '77',
    sizeBytes: 120,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtimeNs: '1763870000000000000',
    sha256: 'a'.repeat(64),
  };
}

export function makeFinding(id: string, details: Partial<Finding> = {}): Finding {
  const subject: Subject = details.subject ?? {
    kind: 'process',
    process: makeProcess(812, 'kworkerds'),
    parentPid: 1,
    uid: 0,
    commandLine: ['/tmp/kworkerds', '-o', 'pool:3333'],
    workingFolder: '/tmp',
    cgroup: null,
    cpuPercent: 99,
    sessionId: 812,
  };
  return {
    id,
    subject,
    title: 'kworkerds (812)',
    verdict: 'malicious',
    score: 100,
    reasons: [{ code: 'pool-connection', text: 'stratum login seen', weight: 80 }],
    places: [{ path: '/proc/812/exe' }],
    attack: ['T1496'],
    times: null,
    owner: 'root',
    related: [],
    ...details,
  };
}

export function makeLook(findings: readonly Finding[], details: Partial<ScanOutcome> = {}): ScanOutcome {
  return { findings, unknowns: [], counts: {}, tookMs: 1200, ...details };
}

export function makePlan(
  stepId: string,
  number: number,
  targets: readonly OperationTarget[],
  details: Partial<StepPlan> & { readonly because?: readonly string[] } = {},
): StepPlan {
  const { because = [], ...rest } = details;
  const operations = targets.map((target, index) => ({
    ...target,
    id: `${stepId}.${number}.${index + 1}`,
    because,
  }));
  return {
    number,
    operations,
    hash: `${stepId}-${number}-${JSON.stringify(operations).length}`,
    risk: worstRisk(operations.map((operation) => describeOperation(operation).risk)),
    checkedAfter: 'it is gone for 3 s',
    remarks: [],
    watch: null,
    ...rest,
  };
}

export function makeOutcome(
  kind: OperationTarget['kind'],
  details: Partial<OperationOutcome> = {},
): OperationOutcome {
  return {
    status: 'done',
    receipt: { kind },
    evidence: [],
    message: 'done as planned',
    exitCode: null,
    confirmBefore: null,
    ...details,
  };
}

export const OPENED_AT_MS = Date.UTC(2026, 10, 23, 4, 12, 0);

/** Events as a journal would hold them, a second apart. `by` tells who, per event; else the runner. */
export function makeRecords(
  events: readonly (Event | { readonly event: Event; readonly by: string })[],
): JournalRecord[] {
  return events.map((entry, index) => ({
    seq: index + 1,
    at: new Date(OPENED_AT_MS + index * 1000).toISOString(),
    by: 'event' in entry ? entry.by : 'runner',
    event: 'event' in entry ? entry.event : entry,
  }));
}

export function makeOpening(playbook: Playbook, host: Partial<HostSummary> = {}): Event[] {
  return [
    {
      kind: 'incident-opened',
      format: 1,
      incidentId: 'web-07-20261123-0412',
      playbook,
      playbookSha256: 'b'.repeat(64),
      host: { ...HOST, ...host },
    },
    { kind: 'runner-attached', session: SESSION },
  ];
}

/** What stands in `journal.jsonl` of these records, and the hash that its last line has. */
export function makeJournal(records: readonly JournalRecord[]): {
  readonly text: string;
  readonly head: string;
} {
  let head = NO_HASH;
  const lines = records.map((record) => {
    const { line, hash } = formatLine(record, head);
    head = hash;
    return `${line}\n`;
  });
  return { text: lines.join(''), head };
}

/** A command of the playbook that ended well. */
export const COMMAND: RunCommand = {
  kind: 'run-command',
  command: { shell: 'true' },
  environment: {},
  secretNames: [],
  workingFolder: null,
  timeoutMs: 1000,
  risk: 'read-only',
  verify: null,
  undo: null,
};

/** A plan that was made, approved and done; `outputOf` says what is kept of what an operation printed. */
export function makeDone(
  stepId: string,
  plan: StepPlan,
  outputOf: (operationId: string) => OutputRef | null = () => null,
): Event[] {
  return [
    { kind: 'plan-made', stepId, plan },
    { kind: 'plan-approved', stepId, planHash: plan.hash, how: 'key' },
    ...plan.operations.flatMap(({ id, kind }): Event[] => {
      const at = { stepId, operationId: id };
      const outcome = makeOutcome(kind, { exitCode: kind === 'run-command' ? 0 : null });
      return [
        { kind: 'operation-started', ...at, receipt: { kind }, evidence: [] },
        { kind: 'operation-finished', ...at, outcome, output: outputOf(id) },
      ];
    }),
  ];
}
