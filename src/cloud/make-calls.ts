/**
 * One cloud operation: prepared, performed, verified, undone. Every call that changes something is followed by a look at
 * what came of it; an answer alone is not believed.
 */
import { done, failed, ready, refused, verified } from '../host/perform/outcome.ts';
import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { valuesAt } from '../operations/cloud.ts';
import type { OperationOf } from '../operations/operation.ts';
import type { OperationOutcome, Prepared, Receipt, Verification } from '../operations/receipt.ts';
import { cloudError } from './cloud-error.ts';
import { isSo, type Listening, look, resultsOf, shown, waitFor } from './look-at-cloud.ts';
import type { CloudProvider } from './provider.ts';
import { type KnownResults, neededPaths, needsAfter, resolveRequest } from './references.ts';

type Call = OperationOf<'cloud-call'>;

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
  const wanted = neededPaths([...call.requests, call.after.request, ...call.undo]);
  for (const [index, stage] of call.requests.entries()) {
    const { until, ...request } = stage;
    // What was wanted is there: of what led to it nothing is asked for again, but what follows it may be missing.
    if (now.state !== 'differs' && (until === undefined || index < call.requests.length - 1)) continue;
    if (until !== undefined && (await isSo(provider, until, results))) continue;
    try {
      const answer = await provider.call(complete(request, results), listening.signal);
      if (index === 0) results = resultsIn(answer, wanted);
    } catch (error) {
      const { code, message } = cloudError(error, request);
      // One of several that a runner before this one had made; whether all is well is looked at in the end.
      if (index > 0 && IS_SO_ALREADY.test(code)) continue;
      const kept: Receipt = { ...receipt, results };
      return failed(kept, index === 0 ? message : await takeBack(call, kept, message, provider, listening));
    }
    if (until === undefined) continue;
    const reached = await waitFor(
      { ...call, after: until },
      { ...receipt, results },
      provider,
      listening,
      everyMs,
    );
    if (reached.status !== 'holds') return failed({ ...receipt, results }, reached.detail);
  }
  const kept: Receipt = { ...receipt, results };
  const waited = await waitFor(call, kept, provider, listening, everyMs);
  if (waited.status === 'holds')
    return done(kept, now.state === 'holds' ? `it was so already: ${waited.detail}` : waited.detail);
  return failed(kept, waited.detail);
}

const IS_SO_ALREADY = /AlreadyExist|Duplicate/i;

async function takeBack(
  call: Call,
  kept: Receipt,
  message: string,
  provider: CloudProvider,
  listening: Listening,
): Promise<string> {
  if (call.undo.length === 0) return `${message} What had been done before it stays. ${call.undoNote}`;
  const back = await undoCall(call, kept, provider, listening);
  return `${message} What had been done before it: ${back.message}`;
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
      if (failure.kind !== 'missing' && !IS_SO_ALREADY.test(failure.code))
        return failed(receipt, failure.message);
    }
  }
  return done(receipt, call.undo.map(({ action }) => action).join(', '));
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
