import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { EvidenceFile } from '../operations/receipt.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { EvidenceWriter, OperationContext } from './host.ts';
import { evidenceRequests, MAX_CHUNK_BYTES } from './protocol.ts';

interface OpenWriter {
  readonly call: number;
  readonly writer: EvidenceWriter;
  /** Writes one after the other, though requests may come in one after the other without waiting. */
  last: Promise<unknown>;
}

export interface EvidenceFromAgent {
  /** Closes what a call left open, so that no descriptor leaks when the agent dies in the middle. */
  abandon(call: number): Promise<void>;
  /** Throws if an answer names evidence that was received here, with another hash or size. */
  check<T extends { readonly evidence: readonly EvidenceFile[] } | { readonly status: 'refused' }>(
    answer: T,
  ): T;
}

/** Receives the agent's evidence into the sink of the call that it belongs to. */
export function evidenceFromAgent(
  connection: MessageConnection,
  contexts: ReadonlyMap<number, OperationContext>,
): EvidenceFromAgent {
  const open = new Map<number, OpenWriter>();
  const received = new Map<string, EvidenceFile>();
  let lastWriter = 0;

  connection.onRequest(evidenceRequests.open, async ({ call, name, source }) => {
    const context = contexts.get(call);
    if (context === undefined) throw new Error('no such call');
    if (!isEvidenceName(name)) throw new Error('not a name for evidence');
    const writer = await context.evidence.open(name, String(source));
    lastWriter += 1;
    open.set(lastWriter, { call, writer, last: Promise.resolve() });
    return lastWriter;
  });
  connection.onRequest(evidenceRequests.write, async ({ writer, data }) => {
    const to = open.get(writer);
    if (to === undefined) throw new Error('no such writer');
    const bytes = Buffer.from(String(data), 'base64');
    if (bytes.length > MAX_CHUNK_BYTES) throw new Error('too much at once');
    to.last = to.last.then(() => to.writer.write(bytes));
    await to.last;
    return null;
  });
  connection.onRequest(evidenceRequests.close, async ({ writer }) => {
    const to = open.get(writer);
    if (to === undefined) throw new Error('no such writer');
    open.delete(writer);
    await to.last;
    const file = await to.writer.close();
    received.set(file.name, file);
    return file;
  });

  return {
    async abandon(call) {
      for (const [id, { call: owner, last, writer }] of open) {
        if (owner !== call) continue;
        open.delete(id);
        await last.catch(() => {});
        await writer.close().catch(() => {});
      }
    },
    check(answer) {
      for (const file of 'evidence' in answer ? answer.evidence : []) {
        const ours = received.get(file.name);
        if (ours && (ours.sha256 !== file.sha256 || ours.sizeBytes !== file.sizeBytes)) {
          throw new UserError(
            'host-answer',
            `The host says of the evidence ${printable(file.name)} something else than what it sent: the agent there cannot be trusted.`,
            { hint: 'Take the evidence from outside (a disk image), not through this host.' },
          );
        }
      }
      return answer;
    },
  };
}

/** Relative, plain, and never upwards (Host's EvidenceSink). */
export function isEvidenceName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length <= 512 &&
    name.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && part !== '.' && part !== '..')
  );
}
