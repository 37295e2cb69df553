import type { ObservedMark } from './mark.ts';
import type { Signal } from './weigh.ts';

/** How much it adds that it can be reached from there. With the hole, 40 make it suspicious; it is a way in, never malice. */
const REACH: Readonly<Record<string, number>> = {
  everywhere: 35,
  'through-a-proxy': 25,
  'its-container': 20,
  'not-known': 10,
  'this-host': 5,
  nowhere: 0,
};

/**
 * A program of a version with a known hole. Alone it is `unknown`: it may be reached from nowhere. Where the version does not tell
 * by itself, or somebody may have mended it without another number, it stays so, whoever reaches it.
 */
export function knownHoleSignals({ details }: ObservedMark): Signal[] {
  const { program, value, cves, mendedIn, onlyIf = '', reach = '', by = '', mender = '' } = details;
  const isSure = onlyIf === '' && mender === '';
  const more = REACH[reach] ?? 0;
  return [
    signal('known-hole', 25, `${program} ${value} has ${cves}, which ${mendedIn} does not have any more`),
    ...(onlyIf === '' ? [] : [signal('only-if', 0, `It is open only if ${onlyIf}`)]),
    ...(mender === ''
      ? []
      : [
          signal(
            'perhaps-mended',
            0,
            `It is from ${mender}, which may have mended it and kept the number: ask that one’s list of what is mended`,
          ),
        ]),
    reached(reach, by, isSure ? more : Math.min(more, 10)),
  ];
}

/** A service without a lock of any kind, by who reaches it. */
export function openGridSignals({ details }: ObservedMark): Signal[] {
  const { reach = '', by = '' } = details;
  return [
    signal('open-service', 25, 'Whoever reaches it has it start any program'),
    reached(reach, by, REACH[reach] ?? 0),
  ];
}

function reached(reach: string, by: string, weight: number): Signal {
  const isReached = (REACH[reach] ?? 0) >= 20;
  return signal(isReached ? 'reached' : 'not-reached', weight, `${by.charAt(0).toUpperCase()}${by.slice(1)}`);
}

function signal(code: string, weight: number, text: string): Signal {
  return { topic: code, code, weight, text };
}
