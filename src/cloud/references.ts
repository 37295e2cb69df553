import { type CloudCheck, type CloudRequest, type CloudValue, valuesAt } from '../operations/cloud.ts';

/** What the first answer of an operation had at the paths that its other requests speak of. */
export type KnownResults = Readonly<Record<string, string>>;

interface Known {
  readonly results: KnownResults;
  /** What the `after` check sees now; null where it was not looked. */
  readonly after: CloudValue;
}

/** The paths of the first answer that are needed later. Only those are kept: an answer may hold anything. */
export function neededPaths(requests: readonly CloudRequest[]): readonly string[] {
  return [...new Set(requests.flatMap(({ parameters }) => references(parameters, '$result')))];
}

export function needsAfter(requests: readonly CloudRequest[]): boolean {
  return requests.some(({ parameters }) => references(parameters, '$after').length > 0);
}

/** The request with what was only known later; null if something that it needs is not known. */
export function resolveRequest(request: CloudRequest, known: Known): CloudRequest | null {
  let isComplete = true;
  const resolve = (value: CloudValue): CloudValue => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const { $result, $after } = value as { $result?: CloudValue; $after?: CloudValue };
    if (typeof $result === 'string' || typeof $after === 'string') {
      const told =
        typeof $result === 'string' ? known.results[$result] : valuesAt(known.after, String($after))[0];
      if (told === undefined) isComplete = false;
      return told ?? null;
    }
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, resolve(part)]));
  };
  const parameters = resolve(request.parameters) as CloudRequest['parameters'];
  return isComplete ? { ...request, parameters } : null;
}

/** How an answer stands to a check. Pure. */
export function judge(
  check: CloudCheck,
  answer: CloudValue,
): { readonly state: 'holds' | 'pending' | 'differs'; readonly seen: readonly string[] } {
  const seen = valuesAt(answer, check.at);
  const isThere = check.is.every((one) => seen.includes(one));
  if (isThere && seen.every((one) => check.is.includes(one))) return { state: 'holds', seen };
  const onTheWay = new Set([...(check.pending ?? []), ...check.is]);
  const isPending = check.pending !== undefined && seen.length > 0 && seen.every((one) => onTheWay.has(one));
  return { state: isPending ? 'pending' : 'differs', seen };
}

function references(value: CloudValue, sign: '$result' | '$after'): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((part: CloudValue) => references(part, sign));
  return Object.entries(value).flatMap(([name, part]) =>
    name === sign && typeof part === 'string' ? [part] : references(part, sign),
  );
}
