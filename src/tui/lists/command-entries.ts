import type { Situation } from '../incident/situation.ts';
import { CHECKLIST_KEYS, type KeyId } from '../keys/keymap.ts';
import { foreign } from '../look/theme.ts';
import type { PickEntry } from './pick-entry.ts';

/** What other programs call it: whoever types `:q` or `exit` wants to leave. */
const ALSO_CALLED: Readonly<Partial<Record<KeyId, readonly string[]>>> = {
  leave: ['quit', 'exit', 'qa', 'q!'],
  export: ['transcript', 'report', 'save'],
  cancel: ['abort', 'interrupt'],
  find: ['search'],
  why: ['reasons', 'explain'],
  ours: ['allow', 'ignore'],
  'look-again': ['scan', 'refresh', 'plan again'],
};

/**
 * Every key's command by its name, with why it does nothing now. Moving the cursor is no command. What ⏎ would do
 * stands last and is found by its name alone: no word typed for something else may end in an approval.
 */
export function commandEntries(situation: Situation, nowMs: number): readonly PickEntry[] {
  // The list itself lies over the screen that the commands are about.
  const below: Situation = { ...situation, ui: { ...situation.ui, overlay: null } };
  const commands = CHECKLIST_KEYS.filter(({ id, isMove }) => isMove !== true && id !== 'commands');
  const enterLast = [
    ...commands.filter(({ id }) => id !== 'enter'),
    ...commands.filter(({ id }) => id === 'enter'),
  ];
  return enterLast.map((binding): PickEntry => {
    const alsoCalled = ALSO_CALLED[binding.id];
    const reason = binding.whyNot(below, nowMs);
    const label = binding.label(below, nowMs);
    return {
      key: binding.id,
      sign: binding.shown,
      title: binding.id === 'enter' && label !== null ? foreign(label) : binding.id.replaceAll('-', ' '),
      detail: binding.help,
      whyNot: reason === null ? null : foreign(reason),
      target: { kind: 'command', id: binding.id },
      ...(alsoCalled === undefined ? {} : { alsoCalled }),
      ...(binding.id === 'enter' ? { isByNameOnly: true as const } : {}),
    };
  });
}
