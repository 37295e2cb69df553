/**
 * The client of an agent (agent.ts): a Host at the far end of any command that gives its stdin and stdout.
 *
 * Rules of this boundary:
 *  - The other end is on the host that is responded to, so its answers are hostile: checked for shape
 *    (answers.ts), evidence names never leave the evidence folder, nothing unbounded is gathered.
 *  - A lost connection rejects what is going on with UserError `host-lost`; the incident can be resumed.
 */
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { Operation } from '../operations/operation.ts';
import { type AgentLine, type ConnectOptions, openAgentLine } from './agent-line.ts';
import {
  checkChanges,
  checkFacts,
  checkOutcome,
  checkPrepared,
  checkScan,
  checkVerification,
} from './answers.ts';
import type { Host, OperationContext, ScanContext } from './host.ts';
import { notifications, type OperationCall, requests } from './protocol.ts';
import { type EvidenceFromAgent, evidenceFromAgent } from './remote-evidence.ts';

/** Starts the agent by its transport, e.g. `['ssh', 'web-1', 'tourniquet', 'agent']`. Throws UserError `agent-start`. */
export async function connectHost(argv: readonly string[], options: ConnectOptions = {}): Promise<Host> {
  const contexts = new Map<number, OperationContext>();
  const scans = new Map<number, ScanContext>();
  let evidence: EvidenceFromAgent | undefined;
  const line = await openAgentLine(argv, options, (connection) => {
    evidence = evidenceFromAgent(connection, contexts);
    hearNotifications(connection, contexts, scans);
  });
  return createRemoteHost(line, contexts, scans, evidence as EvidenceFromAgent);
}

function hearNotifications(
  connection: MessageConnection,
  contexts: ReadonlyMap<number, OperationContext>,
  scans: ReadonlyMap<number, ScanContext>,
): void {
  connection.onNotification(notifications.output, ({ call, stream, data }) =>
    contexts
      .get(call)
      ?.onOutput(stream === 'stderr' ? 'stderr' : 'stdout', Buffer.from(String(data), 'base64')),
  );
  connection.onNotification(notifications.scanProgress, ({ call, progress }) =>
    scans.get(call)?.onProgress?.(progress),
  );
  connection.onNotification(notifications.operationProgress, ({ call, progress }) =>
    contexts.get(call)?.onProgress(progress),
  );
}

function createRemoteHost(
  { connection, ask, close }: AgentLine,
  contexts: Map<number, OperationContext>,
  scans: Map<number, ScanContext>,
  evidence: EvidenceFromAgent,
): Host {
  let lastCall = 0;
  let closing: Promise<void> | null = null;

  /** One call about an operation, with its context known to what the agent says meanwhile. */
  async function askAbout<T>(
    operation: Operation,
    context: OperationContext,
    send: (call: OperationCall, token: Parameters<Parameters<AgentLine['ask']>[1]>[0]['token']) => Promise<T>,
  ): Promise<T> {
    const call = ++lastCall;
    const { incidentId, secrets, fence = '' } = context;
    contexts.set(call, context);
    try {
      return await ask(context.signal, ({ token }) =>
        send({ call, operation, incidentId, secrets, fence }, token),
      );
    } finally {
      contexts.delete(call);
      await evidence.abandon(call);
    }
  }

  return {
    facts: async () =>
      checkFacts(await ask(undefined, ({ token }) => connection.sendRequest(requests.facts, token))),
    async scan(request, context) {
      const call = ++lastCall;
      scans.set(call, context);
      try {
        const answer = await ask(context.signal, ({ token }) =>
          connection.sendRequest(requests.scan, { call, request }, token),
        );
        return checkScan(answer);
      } finally {
        scans.delete(call);
      }
    },
    async awaitChange(request, { signal }) {
      return checkChanges(
        await ask(signal, ({ token }) => connection.sendRequest(requests['await-change'], request, token)),
      );
    },
    async prepare(operation, context) {
      const answer = await askAbout(operation, context, (call, token) =>
        connection.sendRequest(requests.prepare, call, token),
      );
      return evidence.check(checkPrepared(answer, operation.kind));
    },
    async perform(operation, receipt, context) {
      const answer = await askAbout(operation, context, (call, token) =>
        connection.sendRequest(requests.perform, { ...call, receipt }, token),
      );
      return evidence.check(checkOutcome(answer, operation.kind));
    },
    async undo(operation, receipt, context) {
      const answer = await askAbout(operation, context, (call, token) =>
        connection.sendRequest(requests.undo, { ...call, receipt }, token),
      );
      return evidence.check(checkOutcome(answer, operation.kind));
    },
    async readAnew(operation, context) {
      const answer: unknown = await askAbout(operation, context, (call, token) =>
        connection.sendRequest(requests['read-anew'], call, token),
      );
      return String(answer).slice(0, 4000);
    },
    async verify(operation, receipt, secrets = {}) {
      const parameters = { operation, receipt, secrets };
      return checkVerification(
        await ask(undefined, ({ token }) => connection.sendRequest(requests.verify, parameters, token)),
      );
    },
    async confirm(operation, receipt, how) {
      const parameters = { operation, receipt, how };
      return checkVerification(
        await ask(undefined, ({ token }) => connection.sendRequest(requests.confirm, parameters, token)),
      );
    },
    async admit(incidentId, fence) {
      await ask(undefined, ({ token }) =>
        connection.sendRequest(requests.admit, { incidentId, fence }, token),
      );
    },
    async close() {
      closing ??= close();
      await closing;
    },
  };
}
