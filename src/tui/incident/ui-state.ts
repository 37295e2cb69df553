import type { Form } from '../asking/form.ts';
import type { Menu } from '../asking/menu.ts';
import type { TextField } from '../asking/text-field.ts';
import type { StepFilter } from '../lists/step-filter.ts';

/** Which part of the checklist screen the arrow keys move in. */
export type Area = 'checklist' | 'detail' | 'ask';

/** What only the screen knows: focus, scroll, drafts. Nothing of it is journalled. Never changed in place. */
export interface UiState {
  /** null: where the question of the moment wants it. */
  readonly area: Area | null;
  /** The step looked at; null: the one in hand, whichever that is. */
  readonly stepId: string | null;
  /** The finding or operation under the cursor (`finding:…`, `operation:…`); null: the first. */
  readonly itemKey: string | null;
  /** First row of the detail pane that is shown. */
  readonly detailTop: number;
  /** The detail pane was scrolled away from its cursor. */
  readonly isScrolled: boolean;
  /** What the step is for is shown to its end, also where that pushes the rest down. */
  readonly isWhyWhole: boolean;
  /** The option under the cursor in the question's own list. */
  readonly option: number;
  /** Which steps the checklist shows. */
  readonly filter: StepFilter;
  /** Ticks that are not taken yet. */
  readonly choice: Choice | null;
  readonly overlay: Overlay | null;
  readonly message: Message | null;
  /** Something of the front's own is under way: leaving, exporting. */
  readonly busy: string | null;
  readonly transcriptPath: string | null;
  /** What the responder types in a shell to go on with this incident. */
  readonly resumeCommand: string;
}

/** What is ticked and not yet taken. */
export interface Choice {
  readonly stepId: string;
  readonly ids: readonly string[];
}

export type Overlay =
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'menu'; readonly menu: Menu; readonly option: number }
  /** Reasons and places of a finding, or all there is to know of an operation. */
  | { readonly kind: 'item'; readonly key: string; readonly top: number }
  | { readonly kind: 'help'; readonly top: number }
  /** Commands by name, or whatever can be found. */
  | { readonly kind: 'pick'; readonly list: PickList }
  | {
      readonly kind: 'pager';
      readonly stepId: string;
      readonly operationId: string;
      readonly isWrapped: boolean;
      /** Columns scrolled to the right. */
      readonly left: number;
      readonly hasNumbers: boolean;
      /** Before each line, when it came. */
      readonly hasTimes: boolean;
      /** What is searched for, or where it is saved to, while that is typed. */
      readonly typing: { readonly purpose: 'search' | 'save'; readonly field: TextField } | null;
    };

/** A list over the screen that shrinks while one types: every command, or everything that can be found. */
export interface PickList {
  readonly purpose: 'commands' | 'find';
  readonly field: TextField;
  readonly index: number;
}

/** What came of the last key, until the next one. */
export interface Message {
  readonly text: string;
  readonly tone: 'good' | 'warn' | 'bad';
}

export const FIRST_UI: UiState = {
  area: null,
  stepId: null,
  itemKey: null,
  detailTop: 0,
  isScrolled: false,
  isWhyWhole: false,
  option: 0,
  filter: 'all',
  choice: null,
  overlay: null,
  message: null,
  busy: null,
  transcriptPath: null,
  resumeCommand: 'tourniquet resume',
};
