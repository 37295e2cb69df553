import { byWhom } from './indicators.ts';
import type { EntryView } from './judge-entry.ts';
import { isInBurst } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import type { Signal } from './weigh.ts';

/**
 * Whose key it is cannot be read from it: without a known sign it stays `unknown`, and it is for a person to say.
 * Only a comment that intruders are known by, or a key that came together with malicious entries to an account
 * that nobody logs in with, makes it malicious.
 */
export function keySignals(seen: ObservedLine, view: EntryView): Signal[] {
  const { known } = view;
  const comment = seen.details.comment ?? '';
  const signals: Signal[] = [
    {
      topic: 'key',
      code: 'unknown-key',
      text: 'Whose key it is has to be said by somebody who knows',
      weight: 20,
    },
  ];
  const lower = comment.toLowerCase();
  const mark = view.setting.indicators.keyComments.find(({ part }) => lower.includes(part));
  if (mark) {
    signals.push({
      topic: 'comment',
      code: 'known-bad-key',
      text: `Its comment “${comment}” is one that intruders leave${byWhom(mark)}`,
      weight: 95,
    });
  }
  if (seen.isSystemAccount && seen.account !== 'root') {
    signals.push({
      topic: 'account',
      code: 'system-account-key',
      text: `It lets somebody log in as ${seen.account}, an account for no person`,
      weight: 45,
    });
  }
  if (isInBurst(seen.ctimeNs, known.bursts)) {
    const weight = seen.isSystemAccount && seen.account !== 'root' ? 40 : 10;
    signals.push({
      topic: 'burst',
      code: 'same-time',
      text: 'Its file was changed within ten minutes of a malicious entry',
      weight,
    });
  }
  if (/(^|,)command="/.test(seen.details.options ?? '')) {
    signals.push({
      topic: 'forced',
      code: 'forced-command',
      text: 'It may start one command only',
      weight: -10,
    });
  }
  return signals;
}
