import { whyNot } from '../engine/why-not.ts';
import { askOf } from './ask.ts';
import { hasOutput } from './output-list.ts';
import { canChoose, isInHand, itemAt, type Situation, shownStep } from './situation.ts';
import type { Overlay } from './ui-state.ts';

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
  readonly label: (situation: Situation, nowMs: number) => string | null;
  /** For the help. */
  readonly help: string;
  /** Why it does nothing now; null when it does. */
  readonly whyNot: (situation: Situation, nowMs: number) => string | null;
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
  | 'look-again'
  | 'cancel'
  | 'export'
  | 'close'
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

const always = () => null;
const hidden = () => null;
const label = (text: string) => () => text;

function onStep(make: (stepId: string) => Parameters<typeof whyNot>[1]) {
  return (situation: Situation): string | null => {
    const step = shownStep(situation);
    return step === undefined ? 'no step is shown' : whyNot(situation.view, make(step.id));
  };
}

/** Shown in the footer only while it can be had. */
function whenPossible(text: string, reason: KeyBinding['whyNot']): KeyBinding['label'] {
  return (situation, nowMs) => (reason(situation, nowMs) === null ? text : null);
}

const canSkip = onStep((stepId) => ({ kind: 'skip-step', stepId, reason: 'asked for' }));
const canDoByHand = onStep((stepId) => ({ kind: 'do-by-hand', stepId, record: 'asked for' }));
const canUndo = onStep((stepId) => ({ kind: 'undo-step', stepId }));
const canLookAgain = onStep((stepId) => ({ kind: 'look-again', stepId }));

function choiceWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  if (step === undefined) return 'no step is shown';
  if (!canChoose(step)) return 'there is nothing to choose in this step now';
  if (!isInHand(situation)) return 'this is not the step in hand';
  const { view } = situation;
  // A plan in the making follows from the last tick; the next one need not wait for it.
  const activity = view.activity?.kind === 'planning' ? null : view.activity;
  return whyNot({ ...view, activity }, { kind: 'choose-findings', stepId: step.id, findingIds: [] });
}

function onFinding(situation: Situation): string | null {
  const step = shownStep(situation);
  const reason = choiceWhyNot(situation);
  if (reason !== null || step === undefined) return reason;
  return itemAt(step, situation.ui.itemKey)?.kind === 'finding' ? null : 'the cursor is not on a finding';
}

function itemWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  return step !== undefined && itemAt(step, situation.ui.itemKey) !== undefined
    ? null
    : 'there is no finding or operation here';
}

function inputsWhyNot({ view }: Situation): string | null {
  if (Object.keys(view.incident.playbook.inputs).length === 0) return 'this playbook has no inputs';
  return whyNot(view, { kind: 'give-inputs', values: {} });
}

function outputWhyNot(situation: Situation): string | null {
  const step = shownStep(situation);
  return step !== undefined && hasOutput(step, situation.view) ? null : 'this step has no output yet';
}

function cancelWhyNot({ view }: Situation): string | null {
  return whyNot(view, { kind: 'cancel' });
}

function closeWhyNot({ view }: Situation): string | null {
  if (view.question?.kind !== 'all-finished') return 'steps are still to be done or skipped';
  return whyNot(view, { kind: 'close-incident', reason: 'asked for' });
}

function enterLabel(situation: Situation, nowMs: number): string | null {
  const ask = askOf(situation, nowMs);
  const option = ask.options[situation.ui.option];
  return option?.label.toLowerCase() ?? ask.enter?.label ?? null;
}

/** In the order of the footer: what leads on comes first. */
export const CHECKLIST_KEYS: readonly KeyBinding[] = [
  {
    id: 'enter',
    keys: ['enter'],
    shown: '⏎',
    label: enterLabel,
    help: 'does what the question line says: approve, go on, keep, choose the answer',
    whyNot: (situation, nowMs) =>
      enterLabel(situation, nowMs) === null ? 'there is nothing to answer now' : null,
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
    label: whenPossible('choose', choiceWhyNot),
    help: 'choose the finding under the cursor, or not; the plan follows',
    whyNot: onFinding,
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
    label: whenPossible('note', ({ view }) => whyNot(view, { kind: 'add-note', stepId: null, text: 'x' })),
    help: 'write a note into the record',
    whyNot: ({ view }) => whyNot(view, { kind: 'add-note', stepId: null, text: 'x' }),
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
    id: 'whole-why',
    keys: ['w'],
    shown: 'w',
    label: hidden,
    help: 'show all, or the beginning, of what the step is for',
    whyNot: always,
  },
  { id: 'close', keys: ['x'], shown: 'x', label: hidden, help: 'close the incident', whyNot: closeWhyNot },
  { id: 'up', keys: ['up', 'k'], shown: '↑', label: hidden, help: 'up', whyNot: always },
  { id: 'down', keys: ['down', 'j'], shown: '↓', label: hidden, help: 'down', whyNot: always },
  {
    id: 'page-up',
    keys: ['pageup', 'ctrl+b'],
    shown: 'PgUp',
    label: hidden,
    help: 'a page up',
    whyNot: always,
  },
  {
    id: 'page-down',
    keys: ['pagedown', 'ctrl+f'],
    shown: 'PgDn',
    label: hidden,
    help: 'a page down',
    whyNot: always,
  },
  { id: 'first', keys: ['home', 'g'], shown: 'g', label: hidden, help: 'to the first', whyNot: always },
  { id: 'last', keys: ['end', 'G'], shown: 'G', label: hidden, help: 'to the last', whyNot: always },
  {
    id: 'next-area',
    keys: ['tab', 'right'],
    shown: 'tab',
    label: label('other pane'),
    help: 'to the next part of the screen: checklist, step, question (also ← →)',
    whyNot: always,
  },
  {
    id: 'previous-area',
    keys: ['shift+tab', 'left'],
    shown: '←',
    label: hidden,
    help: 'to the part before',
    whyNot: always,
  },
  {
    id: 'back',
    keys: ['escape'],
    shown: 'esc',
    label: hidden,
    help: 'back to the step in hand',
    whyNot: always,
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

/** A key as the footer shows it. */
export interface FooterKey {
  readonly shown: string;
  readonly label: string;
  /** Stays when there is no room for all. */
  readonly isPinned: boolean;
}

function footer(...keys: readonly (readonly [string, string])[]): readonly FooterKey[] {
  return keys.map(([shown, words], index) => ({ shown, label: words, isPinned: index < 2 }));
}

/** The keys of what lies over the checklist. */
export const OVERLAY_FOOTERS = {
  form: footer(['⏎', 'send'], ['esc', 'never mind'], ['^U', 'clear']),
  'form-next': footer(['⏎', 'next'], ['esc', 'never mind'], ['↑↓', 'other field'], ['^U', 'clear']),
  menu: footer(['⏎', 'choose'], ['esc', 'never mind'], ['↑↓', 'move']),
  item: footer(['esc', 'back'], ['↑↓', 'scroll'], ['n', 'note']),
  help: footer(['esc', 'back'], ['↑↓', 'scroll']),
  pager: footer(
    ['esc', 'back'],
    ['↑↓', 'scroll'],
    ['/', 'search'],
    ['n N', 'next, previous'],
    ['g G', 'first, last'],
    ['w', 'wrap'],
    ['f', 'follow'],
    ['[ ]', 'other output'],
  ),
  'pager-search': footer(['⏎', 'search'], ['esc', 'never mind']),
} as const;

/** The keys of the moment for what lies over the checklist. */
export function overlayFooter(overlay: Overlay): readonly FooterKey[] {
  const hasMore = overlay.kind === 'form' && overlay.form.index < overlay.form.fields.length - 1;
  return OVERLAY_FOOTERS[hasMore ? 'form-next' : overlay.kind];
}
