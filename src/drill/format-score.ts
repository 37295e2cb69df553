import { printable } from '../text/printable.ts';
import type { DrillPlace } from './drill-place.ts';
import type { DrillScore } from './score.ts';

/** The score as lines of text for a person. */
export function formatScore(score: DrillScore): string {
  const lines = [
    score.isWon
      ? 'Drill won: all of the infection is gone, all of the ordinary is as it was.'
      : `Drill lost: ${whyLost(score)}.`,
    '',
    `  scenario   ${score.scenario}, seed ${score.seed}`,
    ...(score.found === null ? [] : [`  found      ${score.found.done} of ${score.found.of}`]),
    `  contained  ${score.contained ? 'yes, neither pool nor C2 can be reached' : 'no, pool or C2 can be reached'}`,
    `  evicted    ${score.evicted.done} of ${score.evicted.of}`,
    `  came back  ${score.cameBack.length === 0 ? 'never' : `${times(score.cameBack.length)}, by ${[...new Set(score.cameBack.map((each) => each.by))].join(', ')}`}`,
    `  damaged    ${score.damaged.length === 0 ? 'nothing' : score.damaged.length}`,
    `  minutes    ${score.minutes.toFixed(1)}`,
    ...section('Still there:', score.missed),
    ...section('Damaged:', score.damaged),
    ...(score.notes.length === 0
      ? []
      : ['', 'Not as on a real server:', ...score.notes.map((note) => `  - ${note}`)]),
  ];
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}

function whyLost(score: DrillScore): string {
  const reasons = [];
  if (score.missed.length > 0)
    reasons.push(`${count(score.missed.length, 'part')} of the infection still there`);
  if (score.damaged.length > 0) reasons.push(`${count(score.damaged.length, 'ordinary thing')} damaged`);
  return reasons.join(', ');
}

function section(title: string, places: readonly DrillPlace[]): string[] {
  if (places.length === 0) return [];
  return [
    '',
    title,
    ...places.map((each) => `  - ${each.what}: ${each.place}${each.detail ? ` (${each.detail})` : ''}`),
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
