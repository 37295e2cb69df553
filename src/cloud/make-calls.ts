/**
 * One cloud operation: prepared, performed, verified, undone. Every call that changes something is followed by a look at
 * what came of it; an answer alone is not believed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { OperationContext } from '../host/host.ts';
import { done, failed, ready, refused, verified } from '../host/perform/outcome.ts';
import type { CloudCheck, CloudRequest, CloudValue } from '../operations/cloud.ts';
import { valuesAt } from '../operations/cloud.ts';
import type { OperationOf } from '../operations/operation.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../operations/receipt.ts';
import { cloudError } from './cloud-error.ts';
import type { CloudProvider } from './provider.ts';
import { judge, type KnownResults, neededPaths, needsAfter, resolveRequest } from './references.ts';

type Call = OperationOf<'cloud-call'>;
type Listening = Pick<OperationContext, 'signal' | 'onProgress'>;

/** Between two looks at something that takes its time. */
const LOOK_EVERY_MS = 3000;

export async function prepareCall(call: Call, provider: CloudProvider): Promise<Prepared> {
  const before: string[] = [];
  for (const check of call.before) {
    const looked = await look(provider, check, {});
    if ('failure' in looked) return refused('unavailable', looked.failure);
    if (looked.state !== 'holds')
      return refused(
        'stale',
        `It is no longer as it was planned against: ${check.request.action} shows ${shown(looked.seen)} instead of ${shown(check.is)}.`,
      );
    before.push(...looked.seen);
  }
  const now = await look(provider, call.after, {});
  // What is there already was made by somebody else, or by a runner before this one; either way it is not made twice.
  const wasThere = !('failure' in now) && now.state !== 'differs';
  return ready({ kind: 'cloud-call', before, wasThere, results: {} });
}

export async function performCall(
  call: Call,
  receipt: Receipt,
  provider: CloudProvider,
  listening: Listening,
  everyMs = LOOK_EVERY_MS,
): Promise<OperationOutcome> {
  let results: KnownResults = {};
  // A runner before this one may have begun it: what is on its way is waited for, not begun again.
  const now = await look(provider, call.after, {});
  if ('failure' in now) return failed(receipt, now.failure);
  if (now.state === 'differs') {
    const wanted = neededPaths([...call.requests, call.after.request, ...call.undo]);
    for (const [index, request] of call.requests.entries()) {
      try {
        const answer = await provider.call(complete(request, results), listening.signal);
        if (index === 0) results = resultsIn(answer, wanted);
      } catch (error) {
        const { message } = cloudError(error, request);
        const kept: Receipt = { ...receipt, results };
        if (index === 0) return failed(kept, message);
        const back = await undoCall(call, kept, provider, listening);
        return failed(kept, `${message} What had been done before it: ${back.message}`);
      }
    }
  }
  const kept: Receipt = { ...receipt, results };
  const waited = await waitFor(call, kept, provider, listening, everyMs);
  if (waited.status === 'holds')
    return done(kept, now.state === 'holds' ? `it was so already: ${waited.detail}` : waited.detail);
  return failed(kept, waited.detail);
}

export async function verifyCall(
  call: Call,
  receipt: Receipt,
  provider: CloudProvider,
): Promise<Verification> {
  const looked = await look(provider, call.after, resultsOf(receipt));
  if ('failure' in looked) return verified('unknown', looked.failure);
  const detail = `${call.after.request.action} shows ${shown(looked.seen)}`;
  if (looked.state === 'pending') return verified('in-progress', detail);
  return verified(looked.state === 'holds' ? 'holds' : 'does-not-hold', detail);
}

export async function undoCall(
  call: Call,
  receipt: Receipt,
  provider: CloudProvider,
  { signal }: Pick<Listening, 'signal'>,
): Promise<OperationOutcome> {
  if (call.undo.length === 0) return failed(receipt, call.undoNote);
  if (receipt.wasThere === true) return done(receipt, 'it was there before: it is left as it was');
  const results = resultsOf(receipt);
  let after: CloudValue = null;
  if (needsAfter(call.undo)) {
    const looked = await look(provider, call.after, results);
    if ('failure' in looked) return failed(receipt, looked.failure);
    if (looked.seen.length === 0) return done(receipt, 'it is gone already');
    after = looked.answer;
  }
  for (const request of call.undo) {
    const resolved = resolveRequest(request, { results, after });
    // One of several that is gone already.
    if (resolved === null && needsAfter([request])) continue;
    if (resolved === null)
      return failed(receipt, `What ${request.action} would need to be told is not known.`);
    try {
      await provider.call(resolved, signal);
    } catch (error) {
      const failure = cloudError(error, request);
      if (failure.kind !== 'missing' && !/AlreadyExist|Duplicate/i.test(failure.code))
        return failed(receipt, failure.message);
    }
  }
  return done(receipt, call.undo.map(({ action }) => action).join(', '));
}

async function waitFor(
  call: Call,
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

type Looked = { readonly failure: string } | (ReturnType<typeof judge> & { readonly answer: CloudValue });

async function look(provider: CloudProvider, check: CloudCheck, results: KnownResults): Promise<Looked> {
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

function complete(request: CloudRequest, results: KnownResults): CloudRequest {
  const resolved = resolveRequest(request, { results, after: null });
  if (resolved === null) throw new Error(`${request.action}: the answer before does not say what it needs`);
  return resolved;
}

function resultsIn(answer: CloudValue, paths: readonly string[]): KnownResults {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const [value] = valuesAt(answer, path);
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

function resultsOf(receipt: Receipt): KnownResults {
  const { results } = receipt;
  if (typeof results !== 'object' || results === null || Array.isArray(results)) return {};
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, String(value)]));
}

function shown(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : values.join(', ');
}
