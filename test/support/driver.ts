import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConfirmedBy, HostFacts } from '../../src/host/host.ts';
import type { Operation, OperationTarget } from '../../src/operations/operation.ts';
import type { OperationProgress } from '../../src/operations/progress.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../../src/operations/receipt.ts';
import type { Namespace } from './namespace.ts';
import type { DriverRequest } from './performer-driver.ts';

/** The performers, at work inside a namespace. */
export interface Driver {
  readonly pid: number;
  readonly progress: OperationProgress[];
  prepare(target: OperationTarget, facts?: Partial<HostFacts>): Promise<Prepared>;
  /** Prepares and takes the receipt; throws if it is refused. */
  ready(target: OperationTarget, facts?: Partial<HostFacts>): Promise<Receipt>;
  perform(target: OperationTarget, receipt: Receipt, facts?: Partial<HostFacts>): Promise<OperationOutcome>;
  verify(target: OperationTarget, receipt: Receipt): Promise<Verification>;
  confirm(target: OperationTarget, receipt: Receipt, how: ConfirmedBy): Promise<Verification>;
  undo(target: OperationTarget, receipt: Receipt, facts?: Partial<HostFacts>): Promise<OperationOutcome>;
  /** Echoes whatever is sent to the port, on IPv4 and IPv6. */
  listen(port: number): Promise<void>;
  /** Whether a new connection is accepted; it is kept for `echo`. */
  open(host: string, port: number): Promise<boolean>;
  /** Whether the kept connection still carries bytes there and back. */
  echo(host: string, port: number): Promise<boolean>;
  /** SIGKILL: nothing of it gets to tidy up. */
  kill(): Promise<void>;
}

/** `over`: what it is started through, such as an `ssh` with where to. */
export function openDriver(namespace: Namespace, net?: string, over: readonly string[] = []): Driver {
  const script = fileURLToPath(new URL('./performer-driver.ts', import.meta.url));
  const child = namespace.start(
    [...over, process.execPath, '--disable-warning=ExperimentalWarning', script],
    net === undefined ? {} : { net },
  );
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const progress: OperationProgress[] = [];
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  exited.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('The driver has ended.'));
  });
  child.stdin?.on('error', () => undefined);
  if (child.stdout === null) throw new Error('The driver has no output.');
  createInterface(child.stdout).on('line', (line) => {
    const said = JSON.parse(line) as {
      id?: number;
      result?: unknown;
      error?: string;
      progress?: OperationProgress;
    };
    if (said.progress !== undefined) progress.push(said.progress);
    const asked = waiting.get(said.id ?? -1);
    if (asked === undefined) return;
    waiting.delete(said.id ?? -1);
    if (said.error === undefined) asked.resolve(said.result);
    else asked.reject(new Error(said.error));
  });
  let last = 0;
  const ask = <T>(request: Omit<DriverRequest, 'id'>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve: (value) => resolve(value as T), reject });
      child.stdin?.write(`${JSON.stringify({ ...request, id: last })}\n`);
    });
  const operationOf = (target: OperationTarget): Operation => ({ ...target, id: `step.1.1`, because: [] });
  const prepare: Driver['prepare'] = (target, facts = {}) =>
    ask({ method: 'prepare', operation: operationOf(target), facts });
  return {
    pid: child.pid ?? 0,
    progress,
    prepare,
    async ready(target, facts) {
      const prepared = await prepare(target, facts);
      if (prepared.status === 'refused')
        throw new Error(`${prepared.refusal.code}: ${prepared.refusal.message}`);
      return prepared.receipt;
    },
    perform: (target, receipt, facts = {}) =>
      ask({ method: 'perform', operation: operationOf(target), receipt, facts }),
    verify: (target, receipt) => ask({ method: 'verify', operation: operationOf(target), receipt }),
    confirm: (target, receipt, how) =>
      ask({ method: 'confirm', operation: operationOf(target), receipt, how }),
    undo: (target, receipt, facts = {}) =>
      ask({ method: 'undo', operation: operationOf(target), receipt, facts }),
    listen: (port) => ask({ method: 'listen', endpoint: { host: '::', port } }),
    open: (host, port) => ask({ method: 'open', endpoint: { host, port } }),
    echo: (host, port) => ask({ method: 'echo', endpoint: { host, port } }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
