import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { EvidenceSink } from './host.ts';
import { CHUNKS_IN_FLIGHT, evidenceRequests, MAX_CHUNK_BYTES } from './protocol.ts';

/**
 * Evidence of one call, sent to the client piece by piece. Only a few pieces are on their way at a time, so that
 * the reading goes no faster than the other end writes; a piece that could not be written fails the next write
 * or the close.
 */
export function evidenceToClient(connection: MessageConnection, call: number): EvidenceSink {
  return {
    async open(name, source) {
      const writer = await connection.sendRequest(evidenceRequests.open, { call, name, source });
      const inFlight: Promise<unknown>[] = [];
      return {
        async write(bytes) {
          for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
            const data = Buffer.from(bytes.subarray(at, at + MAX_CHUNK_BYTES)).toString('base64');
            const sent = connection.sendRequest(evidenceRequests.write, { writer, data });
            // Its failure is seen when its turn comes; until then it must not count as unhandled.
            sent.catch(() => {});
            inFlight.push(sent);
            if (inFlight.length >= CHUNKS_IN_FLIGHT) await inFlight.shift();
          }
        },
        async close() {
          await Promise.all(inFlight);
          return connection.sendRequest(evidenceRequests.close, { writer });
        },
      };
    },
  };
}
