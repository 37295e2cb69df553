import { createHash } from 'node:crypto';
import type { OperationContext } from '../../../src/host/host.ts';
import type { OperationProgress } from '../../../src/operations/progress.ts';

/** What an operation is handed, with what it says and how far it is kept. */
export function windowsContext() {
  const output: Uint8Array[] = [];
  const progress: OperationProgress[] = [];
  const context: OperationContext = {
    ...{ incidentId: 'web-07-1', fence: 'web-07-1:1', secrets: {} },
    onOutput: (_stream, bytes) => void output.push(bytes),
    onProgress: (one) => void progress.push(one),
    evidence: {
      async open(name, source) {
        const pieces: Uint8Array[] = [];
        return {
          write: async (bytes) => void pieces.push(bytes),
          async close() {
            const bytes = Buffer.concat(pieces);
            const sha256 = createHash('sha256').update(bytes).digest('hex');
            return { name, sha256, sizeBytes: bytes.length, source };
          },
        };
      },
    },
  };
  return { context, progress, said: () => Buffer.concat(output).toString('utf8') };
}
