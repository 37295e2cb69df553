import { MARKS } from '../../engine/select.ts';
import type { Situation } from '../incident/situation.ts';
import { keyWords } from '../keys/key-words.ts';
import { CHECKLIST_KEYS } from '../keys/keymap.ts';
import { BLANK, type Row, rowOf, span, spread, wrapRows } from '../look/cells.ts';
import { foreign, type Theme } from '../look/theme.ts';

/** Every key, what it does, and why it does nothing now; then the marks and the words. */
export function helpRows(situation: Situation, theme: Theme, columns: number, nowMs: number): readonly Row[] {
  const rows: Row[] = [
    spread([span(' Keys', 'strong')], [span('marks, words, how it goes: further down (G)', 'dim')], columns),
  ];
  for (const binding of CHECKLIST_KEYS) {
    const reason = binding.whyNot(situation, nowMs);
    const now = reason === null ? '' : ` (not now: ${foreign(reason)})`;
    const lead = [span(`   ${keyWords(binding.shown, theme).padEnd(7)}`, reason === null ? 'accent' : 'dim')];
    rows.push(...wrapRows(lead, `${binding.help}${now}`, columns - 1, reason === null ? undefined : 'dim'));
  }
  rows.push(BLANK, rowOf(' Marks', 'strong'));
  rows.push(
    ...wrapRows(
      [span('   ')],
      Object.values(MARKS)
        .map(({ sign, word }) => `${sign} ${word}`)
        .join('   '),
      columns - 1,
    ),
  );
  rows.push(BLANK, rowOf(' Words', 'strong'));
  for (const [word, meaning] of WORDS)
    rows.push(...wrapRows([span(`   ${word.padEnd(12)}`, 'accent')], meaning, columns - 1));
  rows.push(BLANK, rowOf(' How it goes', 'strong'));
  for (const text of howItGoes(foreign(situation.ui.resumeCommand)))
    rows.push(...wrapRows([span('   ')], keyWords(text, theme), columns - 1));
  return rows;
}

/** For somebody who has never met a miner. */
const WORDS: readonly (readonly [string, string])[] = [
  ['pool', 'the server that a miner gets its work from and is paid by; they speak stratum'],
  ['C2', 'command and control: the server that gives orders and new programs'],
  ['persistence', 'what starts it again: cron lines, units, shell start files, libraries'],
  ['preload', 'a library put into every program; it can hide things from all tools'],
  ['isolation', 'this host talks to nobody but you and the peers you allow'],
  ['quarantine', 'a file is moved away whole, where nothing runs it; undo puts it back'],
  ['evidence', 'copies with their SHA-256, taken before anything is changed'],
  ['stale', 'the host has changed since the plan: it is refused, and planned again'],
  ['score', '0 to 100: how much speaks for it; the verdict stands before it'],
  ['T1496 etc.', 'numbers of ATT&CK, the public list of what intruders do'],
];

const howItGoes = (resume: string) => [
  'Each step looks at the host, shows what it found and what it would do, and does nothing before you approve that. Then it does it, checks that it holds, and goes on to the next.',
  'What is chosen ([x]) is what the plan is made from. space changes it, i says why something was found.',
  `Everything is written to the journal before it is done. You can leave at any moment, also by a lost connection: ${resume} goes on where it stopped.`,
  'What cannot be undone asks you to type a word. Isolation takes itself back unless you confirm that you are still connected.',
];
