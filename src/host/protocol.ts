/**
 * What agent and client say to each other over stdio: JSON-RPC 2.0 with `Content-Length` headers.
 *
 *  client → agent: initialize (first, once), admit, facts, scan, await-change, prepare, perform, verify, confirm, undo,
 *  read-anew, close
 *  agent → client, while one of those is going on: evidence-open, evidence-write, evidence-close (answered, so
 *  that a slow line slows the reading down), output, scan-progress, operation-progress (not answered)
 *
 * `call` ties the agent's messages to the client's call. Bytes are base64.
 */
import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc/node';
import type { ChangeReport } from '../findings/change-sign.ts';
import type { ScanOutcome, ScanProgress, ScanRequest } from '../findings/scan.ts';
import type { Operation } from '../operations/operation.ts';
import type { OperationProgress } from '../operations/progress.ts';
import type {
  EvidenceFile,
  OperationOutcome,
  Prepared,
  Receipt,
  Verification,
} from '../operations/receipt.ts';
import type { ChangeRequest, ConfirmedBy, HostFacts, Secrets } from './host.ts';
import type { ToldResponder } from './responder.ts';

/** Goes up with every change that the other side would not understand. */
export const PROTOCOL_VERSION = 4;
/** Of evidence and output in one message. */
export const MAX_CHUNK_BYTES = 256 * 1024;
/** Of one message; a scan of a large host is a few MiB. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Evidence messages on their way at once: enough to fill a slow line, little enough to hold in memory. */
export const CHUNKS_IN_FLIGHT = 4;

export interface OperationCall {
  readonly call: number;
  readonly operation: Operation;
  readonly incidentId: string;
  readonly secrets: Secrets;
  readonly fence: string;
}
export interface ReceiptCall extends OperationCall {
  readonly receipt: Receipt;
}

export const requests = {
  initialize: new RequestType<
    { readonly protocol: number; readonly responder: ToldResponder },
    { readonly protocol: number; readonly pid: number },
    void
  >('initialize'),
  admit: new RequestType<{ readonly incidentId: string; readonly fence: string }, null, void>('admit'),
  facts: new RequestType0<HostFacts, void>('facts'),
  scan: new RequestType<{ readonly call: number; readonly request: ScanRequest }, ScanOutcome, void>('scan'),
  'await-change': new RequestType<ChangeRequest, ChangeReport, void>('await-change'),
  prepare: new RequestType<OperationCall, Prepared, void>('prepare'),
  perform: new RequestType<ReceiptCall, OperationOutcome, void>('perform'),
  undo: new RequestType<ReceiptCall, OperationOutcome, void>('undo'),
  'read-anew': new RequestType<OperationCall, string, void>('read-anew'),
  verify: new RequestType<
    { readonly operation: Operation; readonly receipt: Receipt; readonly secrets: Secrets },
    Verification,
    void
  >('verify'),
  confirm: new RequestType<
    { readonly operation: Operation; readonly receipt: Receipt; readonly how: ConfirmedBy },
    Verification,
    void
  >('confirm'),
  close: new RequestType0<null, void>('close'),
} as const;

export const evidenceRequests = {
  open: new RequestType<
    { readonly call: number; readonly name: string; readonly source: string },
    number,
    void
  >('evidence-open'),
  write: new RequestType<{ readonly writer: number; readonly data: string }, null, void>('evidence-write'),
  close: new RequestType<{ readonly writer: number }, EvidenceFile, void>('evidence-close'),
} as const;

export const notifications = {
  output: new NotificationType<{
    readonly call: number;
    readonly stream: 'stdout' | 'stderr';
    readonly data: string;
  }>('output'),
  scanProgress: new NotificationType<{ readonly call: number; readonly progress: ScanProgress }>(
    'scan-progress',
  ),
  operationProgress: new NotificationType<{ readonly call: number; readonly progress: OperationProgress }>(
    'operation-progress',
  ),
} as const;
