/**
 * What actions build their `parameters` from, so that durations, addresses and paths mean the same in `with:`
 * as in `inputs:`. Each accepts the written form and the already evaluated one, and gives the canonical value.
 */
import { z } from 'zod';
import {
  ADDRESS_EXPECTED,
  CIDR_EXPECTED,
  ENDPOINT_EXPECTED,
  parseAddress,
  parseCidr,
  parseEndpoint,
} from './address.ts';
import { DURATION_EXPECTED, DURATION_PATTERN, MAX_DURATION_MS, parseDuration } from './duration.ts';
import { parsePath } from './input-value.ts';
import { parseSize, SIZE_EXPECTED, SIZE_PATTERN } from './size.ts';

/** `90s` in the file, or the milliseconds of a `duration` input; milliseconds out. Less than a second is a forgotten unit. */
export function durationParameter() {
  const expected = `expected ${DURATION_EXPECTED}`;
  const written = z.string().regex(DURATION_PATTERN, expected).transform(transformWith(parseDuration));
  const evaluated = z
    .int({ error: expected })
    .min(1000, { error: `${expected}: the unit is missing` })
    .max(MAX_DURATION_MS, { error: 'expected a year at most' });
  return z.union([written, evaluated], { error: expected });
}

/** `64MiB` in the file, or bytes already; bytes out. */
export function sizeParameter() {
  const expected = `expected ${SIZE_EXPECTED}`;
  const written = z.string().regex(SIZE_PATTERN, expected).transform(transformWith(parseSize));
  const evaluated = z.literal(0, { error: expected });
  return z.union([written, evaluated], { error: expected });
}

/** An IPv4 or IPv6 address, canonical. */
export function addressParameter() {
  return z.string({ error: `expected ${ADDRESS_EXPECTED}` }).transform(transformWith(parseAddress));
}

/** An address or a CIDR range, canonical. */
export function cidrParameter() {
  return z.string({ error: `expected ${CIDR_EXPECTED}` }).transform(transformWith(parseCidr));
}

/** `address:port` (IPv6 in brackets); empty text or null gives null: none is known. */
export function endpointParameter() {
  return z
    .string({ error: `expected ${ENDPOINT_EXPECTED}, or nothing` })
    .nullable()
    .transform((text, context) =>
      text === null || text.trim() === '' ? null : transformWith(parseEndpoint)(text, context),
    );
}

/** An absolute path. */
export function pathParameter() {
  return z.string({ error: 'expected an absolute path' }).transform(transformWith(parsePath));
}

function transformWith<T>(parse: (text: string) => { readonly value: T } | { readonly problem: string }) {
  return (text: string, context: z.RefinementCtx): T => {
    const parsed = parse(text);
    if ('value' in parsed) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.problem, input: text });
    return z.NEVER;
  };
}
