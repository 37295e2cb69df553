import type { Examined, RuleMatch } from './file-rules.ts';
import { byWhom, type Indicators } from './indicators.ts';
import type { Signal } from './weigh.ts';

/** A rule that does not say what it is worth: strong, and never enough by itself. */
const WITHOUT_SCORE = 45;
const MOST_STRINGS = 4;

/**
 * What a file's whole content says: a hash that is known, rules that it fits. Rules and the words that are searched for
 * otherwise (topic `content`) look at the same bytes, so of all of them only the strongest counts.
 */
export function examinedSignals(
  examined: Examined | undefined,
  { hashes }: Indicators,
  what = 'It',
): readonly Signal[] {
  if (examined === undefined) return [];
  const known = hashes.get(examined.sha256);
  const hash: Signal[] =
    known === undefined
      ? []
      : [
          {
            topic: 'known-hash',
            code: 'known-bad-hash',
            text: `${what} is known by its hash ${examined.sha256.slice(0, 16)}…${byWhom(known)}`,
            weight: 100,
          },
        ];
  return [...hash, ...examined.matches.map((match) => ruleSignal(match, what))];
}

function ruleSignal(match: RuleMatch, what: string): Signal {
  const { rule, file, description, strings } = match;
  const where = strings
    .slice(0, MOST_STRINGS)
    .map(
      ({ name, offsets }) => `${name} at ${offsets.map((offset) => `0x${offset.toString(16)}`).join(', ')}`,
    );
  const more = strings.length > MOST_STRINGS ? [`${strings.length - MOST_STRINGS} more`] : [];
  const places = where.length === 0 ? '' : ` (${[...where, ...more].join('; ')})`;
  const text = `${what} fits the rule ${rule} of ${file}${description === null ? '' : `: ${description}`}${places}`;
  return { topic: 'content', code: 'rule-match', text, weight: weightOf(match) };
}

/** A rule may speak against a thing, never for it. */
function weightOf({ score }: RuleMatch): number {
  return score === null ? WITHOUT_SCORE : Math.max(0, Math.min(100, Math.round(score)));
}

/** Whether something in it speaks against the file. */
export function isRecognised(examined: Examined | undefined, indicators: Indicators): boolean {
  return examined !== undefined && examinedSignals(examined, indicators).some(({ weight }) => weight > 0);
}
