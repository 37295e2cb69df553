/**
 * Runs inside a test's namespace: performs operations and makes TCP connections there, one JSON request a line on
 * standard input, one answer a line on standard output. Ends with its standard input.
 */
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { ConfirmedBy, HostFacts } from '../../src/host/host.ts';
import type { OperationPerformer, PerformContext } from '../../src/host/perform/performer.ts';
import { performers } from '../../src/host/perform/registry.ts';
import { readBootId } from '../../src/host/process-identity.ts';
import type { Operation, OperationKind } from '../../src/operations/operation.ts';
import type { Receipt } from '../../src/operations/receipt.ts';

export interface DriverRequest {
  readonly id: number;
  readonly method: 'prepare' | 'perform' | 'verify' | 'confirm' | 'undo' | 'listen' | 'open' | 'echo';
  readonly operation?: Operation;
  readonly receipt?: Receipt;
  readonly how?: ConfirmedBy;
  readonly facts?: Partial<HostFacts>;
  readonly endpoint?: { readonly host: string; readonly port: number };
}

const connections = new Map<string, Socket>();

async function answer(request: DriverRequest): Promise<unknown> {
  const { operation, receipt = { kind: 'run-command' }, endpoint = { host: '', port: 0 } } = request;
  const performer = performers[
    operation?.kind ?? 'run-command'
  ] as unknown as OperationPerformer<OperationKind>;
  if (operation !== undefined) {
    if (request.method === 'prepare') return performer.prepare(operation, contextOf(request));
    if (request.method === 'perform') return performer.perform(operation, receipt, contextOf(request));
    if (request.method === 'verify') return performer.verify(operation, receipt);
    if (request.method === 'confirm')
      return performer.confirm?.(operation, receipt, request.how ?? 'responder');
    return performer.undo(operation, receipt, contextOf(request));
  }
  if (request.method === 'listen') return listen(endpoint.port);
  const key = `${endpoint.host} ${endpoint.port}`;
  if (request.method === 'open') {
    const socket = await open(endpoint.host, endpoint.port);
    if (socket !== null) connections.set(key, socket);
    return socket !== null;
  }
  const socket = connections.get(key);
  return socket === undefined ? false : echo(socket);
}

function contextOf({ facts }: DriverRequest): PerformContext {
  return {
    incidentId: 'incident-1',
    whileFenced: (deed) => deed(),
    hostFolder: '/run/tourniquet/incident-1',
    secrets: {},
    onOutput: () => undefined,
    onProgress: (progress) => process.stdout.write(`${JSON.stringify({ progress })}\n`),
    evidence: {
      open: async (name, source) => ({
        write: async () => undefined,
        close: async () => ({ name, source, sizeBytes: 0, sha256: '' }),
      }),
    },
    facts: { ...FACTS, ...facts },
  };
}

const FACTS: HostFacts = {
  hostname: 'stage',
  platform: 'linux',
  distribution: 'stage',
  kernel: '',
  architecture: 'x64',
  bootId: readBootId(),
  upSeconds: 1,
  cores: 1,
  loadAverage: 0,
  memoryBytes: 0,
  isRoot: true,
  user: 'root',
  serviceManager: 'none',
  firewall: 'nft',
  packageManager: 'none',
  container: null,
  tools: {},
  isDrill: false,
  hardware: null,
  responder: {
    peerAddress: null,
    peerPort: null,
    localPort: null,
    account: 'root',
    uid: 0,
    protectedPids: [],
    keyFingerprint: null,
  },
};

function listen(port: number): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  return new Promise((resolve) => server.listen(port, '::', () => resolve(true)));
}

const PATIENCE_MS = 1200;

function open(host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => finish(null), PATIENCE_MS);
    const finish = (result: Socket | null) => {
      clearTimeout(timer);
      if (result === null) socket.destroy();
      resolve(result);
    };
    socket.on('error', () => finish(null));
    socket.once('connect', () => finish(socket));
  });
}

function echo(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), PATIENCE_MS);
    const finish = (isBack: boolean) => {
      clearTimeout(timer);
      socket.removeAllListeners('data');
      resolve(isBack);
    };
    socket.on('data', () => finish(true));
    socket.write('x');
  });
}

createInterface(process.stdin)
  .on('line', (line) => {
    const request = JSON.parse(line) as DriverRequest;
    answer(request).then(
      (result) => process.stdout.write(`${JSON.stringify({ id: request.id, result: result ?? null })}\n`),
      (error: Error) =>
        process.stdout.write(
          `${JSON.stringify({ id: request.id, error: `${error.name}: ${error.message}\n${error.stack}` })}\n`,
        ),
    );
  })
  .on('close', () => process.exit(0));
