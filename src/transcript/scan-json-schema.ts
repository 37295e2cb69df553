import { SCAN_SCOPES } from '../findings/scan.ts';
import { FINDING } from './json-schema-parts.ts';
import { COUNT, FLAG, listOf, orNull, record, type Schema, TEXT, TIME } from './schema-pieces.ts';

const SCOPE: Schema = { enum: [...SCAN_SCOPES] };

/**
 * What `tourniquet scan --json` prints, as JSON Schema (2020-12). Members may be added, so a reader must pass over what it
 * does not know.
 */
export function scanJsonSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'tourniquet scan',
    description: 'One look at a host that changed nothing, with the secrets taken out.',
    ...record(
      {
        findings: listOf(FINDING, 'Worst first; also what was judged harmless and looks odd.'),
        unknowns: listOf(
          record({ scope: SCOPE, what: TEXT, reason: TEXT }),
          'What could not be looked at, and why.',
        ),
        counts: {
          type: 'object',
          description: 'How much was looked at, by part.',
          propertyNames: SCOPE,
          additionalProperties: COUNT,
        },
        tookMs: COUNT,
      },
      {
        busyPercent: {
          type: 'number',
          minimum: 0,
          description: 'What all processes used together, in percent of one core.',
        },
        waitedMs: { ...COUNT, description: 'Of tookMs, spent idle between the two samples of CPU time.' },
        since: {
          ...record({ time: TIME, older: COUNT, withoutTime: COUNT }),
          description:
            'With --since: what was left out because it is older, and what has no time and stayed.',
        },
        preload: {
          ...record({
            libraries: listOf(record({ path: TEXT, sha256: orNull(TEXT) })),
            isSteppedAround: FLAG,
            failure: orNull(TEXT),
          }),
          description: 'The libraries that this host loads into every program; left out: none.',
        },
      },
    ),
  };
}
