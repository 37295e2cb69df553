import type { ChangeSign } from '../../src/findings/change-sign.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Host, HostFacts } from '../../src/host/host.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { OperationOutcome, Prepared, Verification } from '../../src/operations/receipt.ts';

/** What the paper host did, in order: `perform kill-process.1.2`, `undo …`. */
export interface PaperHost extends Host {
  readonly deeds: string[];
  /** Operations of which what has read the file was told once more. */
  readonly toldAnew: string[];
  /** Ids of operations that are in force. */
  readonly inForce: Set<string>;
  /** Changed by a test to make the next ones behave so. */
  refuse: (operation: Operation) => string | null;
  fail: (operation: Operation) => string | null;
  verdict: (operation: Operation) => Verification['status'] | null;
  /** Found at every look, beside the six addresses that are not blocked. */
  findings: readonly Finding[];
  confirmWithinMs: number | null;
  /** Told at the next waiting for a change. */
  signs: ChangeSign[];
}

/**
 * A host that exists on paper: it remembers what was done to it and nothing else. For the engine and runner, whose
 * behaviour does not depend on what an operation is. Doing an operation twice is what it never forgives.
 */
export function paperHost(): PaperHost {
  const deeds: string[] = [];
  const toldAnew: string[] = [];
  const failed = new Set<string>();
  const inForce = new Set<string>();
  const blocked = new Map<string, string>();
  const outcome = (operation: Operation, message: string): OperationOutcome => ({
    status: 'done',
    receipt: { kind: operation.kind, id: operation.id },
    evidence: [],
    message,
    exitCode: null,
    confirmBefore: null,
  });
  const host: PaperHost = {
    deeds,
    toldAnew,
    inForce,
    refuse: () => null,
    fail: () => null,
    verdict: () => null,
    findings: [],
    confirmWithinMs: null,
    signs: [],
    facts: async () => paperFacts,
    scan: async () => ({
      findings: [...host.findings, ...talking(blocked)],
      unknowns: [],
      counts: {},
      tookMs: 1,
    }),
    async awaitChange({ waitMs }, { signal }) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
      return { signs: host.signs.splice(0), cpuMs: 0, noticed: 0, polled: 0 };
    },
    async prepare(operation, context): Promise<Prepared> {
      const stale = host.refuse(operation);
      if (stale) return { status: 'refused', refusal: { code: 'stale', message: stale } };
      const file = await context.evidence.open('seen.txt', 'paper');
      await file.write(Buffer.from(operation.id));
      return {
        status: 'ready',
        receipt: { kind: operation.kind, id: operation.id },
        evidence: [await file.close()],
      };
    },
    async perform(operation, receipt, context) {
      const why = host.fail(operation);
      if (why) {
        failed.add(operation.id);
        return { ...outcome(operation, why), status: 'failed', receipt };
      }
      if (inForce.has(operation.id)) throw new Error(`done twice: ${operation.id}`);
      inForce.add(operation.id);
      if (operation.kind === 'block-address') blocked.set(operation.id, operation.address);
      deeds.push(`perform ${operation.id}`);
      context.onOutput('stdout', Buffer.from(`output of ${operation.id}\n`));
      const confirmBefore = host.confirmWithinMs === null ? null : Date.now() + host.confirmWithinMs;
      return {
        ...outcome(operation, 'done'),
        confirmBefore: operation.kind === 'isolate-host' ? confirmBefore : null,
      };
    },
    async verify(operation) {
      const status = host.verdict(operation) ?? (inForce.has(operation.id) ? 'holds' : 'does-not-hold');
      return { status, detail: `on paper: ${status}` };
    },
    async confirm(operation) {
      deeds.push(`confirm ${operation.id}`);
      return { status: inForce.has(operation.id) ? 'holds' : 'does-not-hold', detail: 'confirmed' };
    },
    async undo(operation) {
      // What failed may have been done in part: it can be taken back, once, and then there was nothing.
      if (!inForce.delete(operation.id) && !failed.delete(operation.id))
        throw new Error(`undone twice: ${operation.id}`);
      blocked.delete(operation.id);
      deeds.push(`undo ${operation.id}`);
      return outcome(operation, 'taken back');
    },
    async readAnew(operation) {
      toldAnew.push(operation.id);
      return '';
    },
    admit: async () => undefined,
    close: async () => undefined,
  };
  return host;
}

/** Six remote ends; a blocked one is silent. */
function talking(blocked: ReadonlyMap<string, string>): Finding[] {
  const silent = new Set(blocked.values());
  const addresses = [1, 2, 3, 4, 5, 6].map((n) => `203.0.113.${n}`).filter((address) => !silent.has(address));
  return addresses.map((remoteAddress) => ({
    id: `connection:${remoteAddress}`,
    subject: {
      kind: 'connection',
      protocol: 'tcp',
      remoteAddress,
      remotePort: 3333,
      state: 'established',
      process: null,
      isNamedOnly: false,
    },
    title: remoteAddress,
    verdict: 'malicious',
    score: 90,
    reasons: [],
    places: [],
    attack: [],
    times: null,
    owner: null,
    related: [],
  }));
}

const paperFacts: HostFacts = {
  hostname: 'paper',
  platform: 'linux',
  distribution: 'Paper 1',
  kernel: '6.1.0',
  architecture: 'x64',
  bootId: '00000000-0000-0000-0000-000000000000',
  upSeconds: 3600,
  cores: 2,
  loadAverage: 0.1,
  memoryBytes: 1_000_000_000,
  isRoot: true,
  user: 'root',
  serviceManager: 'none',
  firewall: 'nft',
  packageManager: 'apt',
  container: null,
  responder: {
    peerAddress: '198.51.100.4',
    peerPort: 50000,
    localPort: 22,
    account: 'ana',
    uid: 0,
    protectedPids: [],
    keyFingerprint: null,
  },
  tools: {},
  isDrill: false,
};
