import { appendFileSync } from 'node:fs';

/** `npm run test:long` sets it: the reliability suites then run at full length. */
const isLong = process.env.TOURNIQUET_TEST_LENGTH === 'long';

/** How often a reliability suite tries, in `npm test` and in `npm run test:long`. */
export function runs(short: number, long: number): number {
  return isLong ? long : short;
}

/** What came of a reliability suite; `npm run test:long` makes the table of test/reliability/results.md of it. */
export interface Figures {
  readonly suite: string;
  /** How often something was tried. */
  readonly runs: number;
  /** What was done to it: kills, full disks, hostile texts, swapped files. */
  readonly faults: number;
  /** Records, operations or evidence lost or doubled; responders locked out. */
  readonly lost: number;
  /** What got out of its place: a command obeyed, a file outside the target touched, a screen changed. */
  readonly escaped: number;
}

/** Keeps the figures of a suite for the table; does nothing in `npm test`. */
export function report(figures: Figures): void {
  const file = process.env.TOURNIQUET_TEST_FIGURES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figures)}\n`);
}
