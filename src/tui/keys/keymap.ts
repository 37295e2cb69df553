import {
  always,
  cancelWhyNot,
  canDoByHand,
  canLookAgain,
  canSkip,
  canUndo,
  choiceWhyNot,
  chooseLabel,
  chooseOrTickWhyNot,
  closeWhyNot,
  enterLabel,
  enterWhyNot,
  hidden,
  inputsWhyNot,
  itemWhyNot,
  type KeyLabel,
  type KeyReason,
  label,
  noteWhyNot,
  oursLabel,
  oursWhyNot,
  outputWhyNot,
  shellWhyNot,
  whenPossible,
} from './key-reasons.ts';

/**
 * The keys of the checklist as data. The footer, the help and what a key does are all made from this table, so
 * that none of them can say something else than the others.
 */
export interface KeyBinding {
  readonly id: KeyId;
  /** As keys.ts names them; any of them does it. */
  readonly keys: readonly string[];
  /** As the footer and the help show it. */
  readonly shown: string;
  /** One to three words for the footer; null keeps it out of there. */
  readonly label: KeyLabel;
  /** For the help. */
  readonly help: string;
  /** Why it does nothing now; null when it does. */
  readonly whyNot: KeyReason;
  /** It only moves what is looked at. */
  readonly isMove?: true;
}

export type KeyId =
  | 'enter'
  | 'choose'
  | 'choose-all'
  | 'why'
  | 'whole-why'
  | 'inputs'
  | 'skip'
  | 'by-hand'
  | 'undo'
  | 'note'
  | 'output'
  | 'ours'
  | 'copy'
  | 'look-again'
  | 'cancel'
  | 'export'
  | 'close'
  | 'shell'
  | 'commands'
  | 'find'
  | 'filter'
  | 'help'
  | 'leave'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'next-area'
  | 'previous-area'
  | 'back'
  | 'redraw'
  | 'suspend';

/** In the order of the footer: what leads on comes first. */
export const CHECKLIST_KEYS: readonly KeyBinding[] = [
  {
    id: 'enter',
    keys: ['enter'],
    shown: '⏎',
    label: enterLabel,
    help: 'does what the question line says: approve, go on, keep, choose the answer',
    whyNot: enterWhyNot,
  },
  {
    id: 'cancel',
    keys: ['c'],
    shown: 'c',
    label: whenPossible('stop it', cancelWhyNot),
    help: 'stop what is running, as soon as it can be stopped cleanly',
    whyNot: cancelWhyNot,
  },
  {
    id: 'choose',
    keys: ['space'],
    shown: 'space',
    label: chooseLabel,
    help: 'choose the finding under the cursor, or not; the plan follows. Tick off what was done elsewhere',
    whyNot: chooseOrTickWhyNot,
  },
  {
    id: 'choose-all',
    keys: ['a'],
    shown: 'a',
    label: hidden,
    help: 'choose all malicious and suspicious findings, or none',
    whyNot: choiceWhyNot,
  },
  {
    id: 'why',
    keys: ['i'],
    shown: 'i',
    label: whenPossible('why', itemWhyNot),
    help: 'why a finding is thought bad, with places; all that an operation would do',
    whyNot: itemWhyNot,
  },
  {
    id: 'inputs',
    keys: ['e'],
    shown: 'e',
    label: whenPossible('inputs', inputsWhyNot),
    help: 'see and change the playbook’s inputs',
    whyNot: inputsWhyNot,
  },
  {
    id: 'skip',
    keys: ['s'],
    shown: 's',
    label: whenPossible('skip', canSkip),
    help: 'skip the step, with a reason',
    whyNot: canSkip,
  },
  {
    id: 'by-hand',
    keys: ['m'],
    shown: 'm',
    label: whenPossible('by hand', canDoByHand),
    help: 'you did the step by hand: record what was done',
    whyNot: canDoByHand,
  },
  {
    id: 'undo',
    keys: ['u'],
    shown: 'u',
    label: whenPossible('undo', canUndo),
    help: 'take back what the step changed; asks first',
    whyNot: canUndo,
  },
  {
    id: 'note',
    keys: ['n'],
    shown: 'n',
    label: whenPossible('note', noteWhyNot),
    help: 'write a note into the record',
    whyNot: noteWhyNot,
  },
  {
    id: 'output',
    keys: ['o'],
    shown: 'o',
    label: whenPossible('output', outputWhyNot),
    help: 'read the step’s whole output',
    whyNot: outputWhyNot,
  },
  {
    id: 'ours',
    keys: ['d'],
    shown: 'd',
    label: oursLabel,
    help: 'the finding under the cursor is yours: declare it, with a reason, or take that back',
    whyNot: oursWhyNot,
  },
  {
    id: 'copy',
    keys: ['y'],
    shown: 'y',
    label: hidden,
    help: 'copy what is under the cursor, with all that i shows of it, to the clipboard of your own machine',
    whyNot: itemWhyNot,
  },
  {
    id: 'look-again',
    keys: ['r'],
    shown: 'r',
    label: hidden,
    help: 'look at the host and plan again',
    whyNot: canLookAgain,
  },
  {
    id: 'export',
    keys: ['t'],
    shown: 't',
    label: ({ view }) => (view.incident.closedAt !== null ? 'transcript' : null),
    help: 'export the transcript, at any time',
    whyNot: always,
  },
  {
    id: 'shell',
    keys: ['!'],
    shown: '!',
    label: hidden,
    help: 'a shell on the host, recorded; exit comes back',
    whyNot: shellWhyNot,
  },
  {
    id: 'find',
    keys: ['/'],
    shown: '/',
    label: hidden,
    help: 'find a step, a finding or an operation, by any words of it',
    whyNot: always,
  },
  {
    id: 'filter',
    keys: ['f'],
    shown: 'f',
    label: hidden,
    help: 'the checklist: all steps, only the open ones, only those that went wrong',
    whyNot: always,
  },
  {
    id: 'commands',
    keys: [':', 'ctrl+p'],
    shown: ':',
    label: label('commands'),
    help: 'every command by name (also ctrl+p)',
    whyNot: always,
  },
  {
    id: 'whole-why',
    keys: ['w'],
    shown: 'w',
    label: hidden,
    help: 'show all, or the beginning, of what the step is for',
    whyNot: always,
  },
  { id: 'close', keys: ['x'], shown: 'x', label: hidden, help: 'close the incident', whyNot: closeWhyNot },
  { id: 'up', keys: ['up', 'k'], shown: '↑', label: hidden, help: 'up', whyNot: always, isMove: true },
  { id: 'down', keys: ['down', 'j'], shown: '↓', label: hidden, help: 'down', whyNot: always, isMove: true },
  {
    id: 'page-up',
    keys: ['pageup', 'ctrl+b'],
    shown: 'PgUp',
    label: hidden,
    help: 'a page up',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'page-down',
    keys: ['pagedown', 'ctrl+f'],
    shown: 'PgDn',
    label: hidden,
    help: 'a page down',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'first',
    keys: ['home', 'g'],
    shown: 'g',
    label: hidden,
    help: 'to the first',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'last',
    keys: ['end', 'G'],
    shown: 'G',
    label: hidden,
    help: 'to the last',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'next-area',
    keys: ['tab', 'right'],
    shown: 'tab',
    label: label('other pane'),
    help: 'to the next part of the screen: checklist, step, question (also ← →)',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'previous-area',
    keys: ['shift+tab', 'left'],
    shown: '←',
    label: hidden,
    help: 'to the part before',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'back',
    keys: ['escape'],
    shown: 'esc',
    label: hidden,
    help: 'back to the step in hand',
    whyNot: always,
    isMove: true,
  },
  {
    id: 'redraw',
    keys: ['ctrl+l'],
    shown: '^L',
    label: hidden,
    help: 'draw the screen anew',
    whyNot: always,
  },
  {
    id: 'suspend',
    keys: ['ctrl+z'],
    shown: '^Z',
    label: hidden,
    help: 'to the shell; fg comes back. Nothing goes on meanwhile',
    whyNot: always,
  },
  { id: 'help', keys: ['?'], shown: '?', label: label('help'), help: 'this page', whyNot: always },
  {
    id: 'leave',
    keys: ['q', 'ctrl+c'],
    shown: 'q',
    label: label('leave'),
    help: 'leave; asks first, and resume goes on',
    whyNot: always,
  },
];

export function bindingFor(name: string): KeyBinding | undefined {
  return CHECKLIST_KEYS.find((binding) => binding.keys.includes(name));
}
