/**
 * Looking at what came of calls, and waiting until it is as it should be. Reads only.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { OperationContext } from '../host/host.ts';
import { verified } from '../host/perform/outcome.ts';
import { type CloudCheck, type CloudValue, valuesAt } from '../operations/cloud.ts';
import type { OperationOf } from '../operations/operation.ts';
import type { Receipt, Verification } from '../operations/receipt.ts';
import { cloudError } from './cloud-error.ts';
import type { CloudProvider } from './provider.ts';
import { judge, type KnownResults, resolveRequest } from './references.ts';

type Call = OperationOf<'cloud-call'>;
export type Listening = Pick<OperationContext, 'signal' | 'onProgress'>;

export type Looked =
  | { readonly failure: string }
  | (ReturnType<typeof judge> & { readonly answer: CloudValue });

export async function waitFor(
  call: Pick<Call, 'after' | 'waitMs'>,
  receipt: Receipt,
  provider: CloudProvider,
  { signal, onProgress }: Listening,
  everyMs: number,
): Promise<Verification> {
  const began = performance.now();
  for (;;) {
    const looked = await look(provider, call.after, resultsOf(receipt));
    if (!('failure' in looked)) {
      const detail = `${call.after.request.action} shows ${shown(looked.seen)}`;
      if (looked.state === 'holds') return verified('holds', detail);
      // The provider may show what was just made a moment later: only a state of its own ends the waiting.
      if (looked.state === 'differs' && looked.seen.length > 0 && call.after.pending !== undefined)
        return verified('does-not-hold', `it came to nothing: ${detail}`);
      const percent = call.after.progress && valuesAt(looked.answer, call.after.progress)[0];
      if (percent) onProgress({ done: Number.parseInt(percent, 10) || 0, total: 100, unit: 'percent' });
      if (performance.now() - began > call.waitMs)
        return verified(
          'unknown',
          `It is not through after the time given: ${detail}. Take the step up again later.`,
        );
    } else if (performance.now() - began > call.waitMs) return verified('unknown', looked.failure);
    if (signal?.aborted)
      return verified('unknown', 'the waiting was cut short; what was begun goes on in the cloud');
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

export async function look(
  provider: CloudProvider,
  check: CloudCheck,
  results: KnownResults,
): Promise<Looked> {
  const request = resolveRequest(check.request, { results, after: null });
  // It speaks of something that was not made yet.
  if (request === null) return { state: 'differs', seen: [], answer: null };
  try {
    const answer = await provider.call(request);
    return { ...judge(check, answer), answer };
  } catch (error) {
    const failure = cloudError(error, check.request);
    if (failure.kind === 'missing') return { ...judge(check, null), answer: null };
    return { failure: failure.message };
  }
}

export async function isSo(
  provider: CloudProvider,
  check: CloudCheck,
  results: KnownResults,
): Promise<boolean> {
  const looked = await look(provider, check, results);
  return !('failure' in looked) && looked.state === 'holds';
}

export function resultsOf(receipt: Receipt): KnownResults {
  const { results } = receipt;
  if (typeof results !== 'object' || results === null || Array.isArray(results)) return {};
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, String(value)]));
}

export function shown(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : values.join(', ');
}
