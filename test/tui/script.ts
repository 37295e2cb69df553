import type { HostSummary } from '../../src/engine/event.ts';
import type { Finding, Subject } from '../../src/findings/finding.ts';
import { describeOperation } from '../../src/operations/describe.ts';
import type { FileIdentity, ProcessIdentity } from '../../src/operations/identity.ts';
import type { Operation, OperationTarget } from '../../src/operations/operation.ts';
import { worstRisk } from '../../src/operations/risk.ts';
import type { InputDefinition, Playbook, Step } from '../../src/playbook/playbook.ts';
import type { Script } from './scripted-handle.ts';

/** A whole small response, with one step for each thing that a screen must be able to show. */

export const MINER: ProcessIdentity = {
  pid: 812,
  startTicks: '4711',
  bootId: 'b00710ad',
  exePath: '/tmp/.x/kworkerds (deleted)',
  exeInode: '8:1234',
  name: 'kworkerds',
};

export const CRON_FILE: FileIdentity = {
  path: '/etc/cron.d/sysupdate',
  kind: 'file',
  device: '8',
  inode: '99',
  sizeBytes: 61,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeNs: '1795406400000000000',
  sha256: '9'.repeat(64),
};

export function finding(id: string, subject: Subject, title: string, rest: Partial<Finding> = {}): Finding {
  return {
    id,
    subject,
    title,
    verdict: 'malicious',
    score: 90,
    reasons: [{ code: 'x', text: 'it was seen', weight: 90 }],
    places: [{ path: '/proc/812/exe' }],
    attack: ['T1496'],
    times: null,
    owner: 'root',
    related: [],
    ...rest,
  };
}

const process = (): Subject => ({
  kind: 'process',
  process: MINER,
  parentPid: 1,
  uid: 0,
  commandLine: ['./kworkerds', '-o', 'stratum+tcp://203.0.113.9:3333', '-p', 'x'],
  workingFolder: '/tmp/.x',
  cgroup: '/user.slice',
  cpuPercent: 397.2,
  sessionId: 812,
});

const connection = (address: string, port: number): Subject => ({
  kind: 'connection',
  protocol: 'tcp',
  remoteAddress: address,
  remotePort: port,
  state: 'ESTABLISHED',
  process: MINER,
  isNamedOnly: false,
});

export const FINDINGS = {
  process: finding('process:1', process(), 'kworkerds (812)', {
    score: 98,
    reasons: [
      { code: 'pool-connection', text: 'talks to a mining pool: 203.0.113.9 port 3333', weight: 60 },
      { code: 'deleted-exe', text: 'its executable was deleted while it runs', weight: 30 },
      { code: 'own-session', text: 'has a session of its own, as services do', weight: -5 },
    ],
    related: ['connection:1'],
  }),
  pool: finding('connection:1', connection('203.0.113.9', 3333), '203.0.113.9:3333', {
    score: 100,
    reasons: [{ code: 'stratum', text: 'stratum login seen', weight: 100 }],
  }),
  c2: finding('connection:2', connection('203.0.113.10', 80), '203.0.113.10:80', {
    verdict: 'suspicious',
    score: 60,
    reasons: [{ code: 'named', text: 'named in 2 entries', weight: 60 }],
  }),
  apt: finding('connection:3', connection('151.101.2.132', 443), '151.101.2.132:443', {
    verdict: 'benign',
    score: 5,
    reasons: [{ code: 'packaged', text: 'apt, package-owned', weight: -40 }],
    package: 'apt',
  }),
  cron: finding('file:1', { kind: 'file', role: 'cron-file', file: CRON_FILE }, '/etc/cron.d/sysupdate', {
    score: 85,
    reasons: [{ code: 'fetch-pipe-shell', text: 'fetches and runs: curl | sh', weight: 85 }],
    places: [{ path: '/etc/cron.d/sysupdate', line: 3 }],
    package: null,
    times: { mtimeNs: '1795406400000000000', ctimeNs: '1795406400000000000' },
  }),
} as const;

const STEP: Step = {
  id: '',
  title: '',
  why: '',
  attack: [],
  uses: 'manual',
  with: {},
  run: null,
  verify: null,
  undo: null,
  env: {},
  manual: null,
  if: null,
  needs: [],
  needsEvidenceFrom: [],
  timeoutMs: 600_000,
  retries: 0,
  onFailure: 'stop',
  risk: null,
  line: 1,
};

const INPUT: InputDefinition = {
  type: 'string',
  isList: false,
  description: '',
  isRequired: false,
  isSecret: false,
  default: null,
  options: [],
  pattern: null,
};

export const PLAYBOOK: Playbook = {
  name: 'cryptominer-linux',
  title: 'Cryptominer on a Linux server',
  summary: 'Stop a miner',
  platform: 'linux',
  inputs: {
    peers: {
      ...INPUT,
      type: 'cidr',
      isList: true,
      description: 'who may still connect',
      default: ['10.8.0.0/24'],
    },
    ticket: { ...INPUT, description: 'ticket number' },
  },
  env: {},
  steps: [
    {
      ...STEP,
      id: 'look',
      title: 'Look',
      uses: 'triage',
      why: 'See what is there before anything is touched, so that nothing is missed and nothing is destroyed by haste.',
    },
    {
      ...STEP,
      id: 'snapshot',
      title: 'Snapshot',
      uses: 'snapshot',
      attack: ['T1496'],
      why: 'Keep what will be gone afterwards: the program as it runs, its memory map, its connections.',
    },
    {
      ...STEP,
      id: 'isolate',
      title: 'Isolate',
      uses: 'isolate',
      why: 'Nobody else in or out while you work. Your own connection stays.',
    },
    {
      ...STEP,
      id: 'block-c2',
      title: 'Block C2',
      uses: 'block-c2',
      attack: ['T1496', 'T1071'],
      why: 'Cut the miner off from its pool before you stop it, so that it can neither report nor fetch a new copy.',
    },
    {
      ...STEP,
      id: 'kill',
      title: 'Kill process',
      uses: 'kill-process',
      why: 'Stop what mines. It was collected before.',
    },
    {
      ...STEP,
      id: 'purge',
      title: 'Purge persistence',
      uses: 'purge-persistence',
      why: 'What starts it again must go, or it is back at the next full hour.',
    },
    { ...STEP, id: 'update', title: 'Patch', uses: 'run', why: 'Close the way that they came in.' },
    {
      ...STEP,
      id: 'tell',
      title: 'Tell the owner',
      why: 'Whoever owns the machine decides on what follows.',
      manual: {
        instructions: ['Call the owner of the server.', 'Say what was found and what was done.'],
        record: ['Who was called', 'What they decided'],
      },
    },
    { ...STEP, id: 'watch', title: 'Watch', uses: 'watch', why: 'See whether it comes back.' },
  ],
};

export const HOST: HostSummary = {
  hostname: 'web-07',
  distribution: 'Debian 12',
  kernel: '6.1.0',
  cores: 4,
  bootId: 'b00710ad',
  isRoot: true,
  isDrill: false,
  serviceManager: 'systemd',
  firewall: 'nft',
};

/** Given to the operations that take themselves back. */
export const CONFIRM_BEFORE = Date.UTC(2026, 10, 23, 4, 14, 0);

function operation(id: string, target: OperationTarget, because: readonly string[] = []): Operation {
  return { ...target, id, because };
}

export function script(change: Partial<Script> & { readonly confirmBefore?: number } = {}): Script {
  const confirmBefore = change.confirmBefore ?? CONFIRM_BEFORE;
  const { process: miner, pool, c2, apt, cron } = FINDINGS;
  const found: Record<string, readonly Finding[]> = {
    look: [pool, miner, cron, c2, apt],
    snapshot: [miner],
    isolate: [],
    'block-c2': [pool, c2, apt],
    kill: [miner],
    purge: [cron],
  };
  return {
    playbook: PLAYBOOK,
    host: HOST,
    look: (step) => ({
      findings: found[step.id] ?? [],
      unknowns:
        step.id === 'look'
          ? [{ scope: 'units', what: 'user units of bob', reason: 'permission denied' }]
          : [],
    }),
    plan: (step, number) => {
      const operations = targetsOf(step.id, step.chosen).map((target, index) =>
        operation(`${step.id}.${number}.${index + 1}`, target, step.chosen),
      );
      return {
        operations,
        risk: worstRisk(operations.map((one) => describeOperation(one).risk)),
        checkedAfter:
          step.id === 'block-c2' ? 'no packet reaches either address for 3 s' : 'each is looked at again',
        remarks: step.id === 'kill' ? ['What it was is in the evidence of “Snapshot”.'] : [],
        watch: step.id === 'watch' ? { forMs: 600_000, everyMs: 30_000, scopes: ['processes'] } : null,
      };
    },
    perform: (one) => {
      if (one.kind === 'isolate-host') return { confirmBefore, message: 'isolated from all but 10.8.0.0/24' };
      if (one.kind === 'block-address') return { message: `nothing from or to ${one.address} any more` };
      return null;
    },
    ...change,
  };
}

function targetsOf(stepId: string, chosen: readonly string[]): readonly OperationTarget[] {
  switch (stepId) {
    case 'snapshot':
      return [
        { kind: 'collect-process', process: MINER },
        { kind: 'archive-files', paths: ['/etc', '/var/spool/cron'], name: 'configuration', maxBytes: 1e9 },
      ];
    case 'isolate':
      return [
        {
          kind: 'isolate-host',
          allowedPeers: ['10.8.0.0/24'],
          allowDns: true,
          confirmWithinMs: 60_000,
          mustReach: null,
          mustNotReach: null,
        },
      ];
    case 'block-c2':
      return [FINDINGS.pool, FINDINGS.c2, FINDINGS.apt].flatMap((one): OperationTarget[] =>
        chosen.includes(one.id) && one.subject.kind === 'connection'
          ? [{ kind: 'block-address', address: one.subject.remoteAddress }]
          : [],
      );
    case 'kill':
      return chosen.length === 0
        ? []
        : [
            { kind: 'freeze-process', process: MINER },
            { kind: 'kill-process', process: MINER },
          ];
    case 'purge':
      return chosen.length === 0 ? [] : [{ kind: 'quarantine-file', file: CRON_FILE }];
    case 'update':
      return [
        {
          kind: 'run-command',
          command: { argv: ['apt-get', 'upgrade'] },
          environment: {},
          secretNames: [],
          workingFolder: null,
          timeoutMs: 60_000,
          risk: 'disruptive',
          verify: null,
          undo: null,
        },
      ];
    default:
      return [];
  }
}
