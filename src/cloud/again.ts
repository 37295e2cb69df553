import { setTimeout as pause } from 'node:timers/promises';
import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { cloudError } from './cloud-error.ts';

const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;

export interface Patience {
  readonly signal?: AbortSignal | undefined;
  readonly firstPauseMs?: number | undefined;
}

/**
 * Asks again what was throttled or, where it only reads, broken off; longer after each time. A change that was broken off
 * may have happened: it is not made a second time. Rejects with CloudError.
 */
export async function again(
  request: CloudRequest,
  once: () => Promise<CloudValue>,
  { signal, firstPauseMs = FIRST_PAUSE_MS }: Patience,
): Promise<CloudValue> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      const failure = cloudError(error, request);
      const mayRepeat =
        failure.kind === 'throttled' || (failure.kind === 'network' && READS.test(request.action));
      if (!mayRepeat || attempt >= MOST_ATTEMPTS || signal?.aborted) throw failure;
      await pause(firstPauseMs * 2 ** (attempt - 1));
    }
  }
}

const READS = /^(?:Describe|List|Get)/;
