import type { Situation } from '../incident/situation.ts';
import { CHECKLIST_KEYS } from '../keys/keymap.ts';
import { foreign } from '../look/theme.ts';
import type { PickEntry } from './pick-entry.ts';

/** Every key's command by its name, with why it does nothing now. Moving the cursor is no command. */
export function commandEntries(situation: Situation, nowMs: number): readonly PickEntry[] {
  // The list itself lies over the screen that the commands are about.
  const below: Situation = { ...situation, ui: { ...situation.ui, overlay: null } };
  return CHECKLIST_KEYS.filter(({ id, isMove }) => isMove !== true && id !== 'commands').map(
    (binding): PickEntry => {
      const reason = binding.whyNot(below, nowMs);
      const label = binding.label(below, nowMs);
      return {
        key: binding.id,
        sign: binding.shown,
        title: binding.id === 'enter' && label !== null ? foreign(label) : binding.id.replaceAll('-', ' '),
        detail: binding.help,
        whyNot: reason === null ? null : foreign(reason),
        target: { kind: 'command', id: binding.id },
      };
    },
  );
}
