import { fieldText, type TextField } from '../asking/text-field.ts';
import type { Message } from '../incident/ui-state.ts';
import type { FooterKey } from '../keys/footer-keys.ts';
import { foreign } from '../look/theme.ts';
import type { HomeIncident, HomeModel, HomePlaybook, StartChoice, StartId } from './home-model.ts';

/** One line that can be chosen. Texts are printable. */
export interface HomeEntry {
  readonly key: string;
  /** Printed above the first of its kind. */
  readonly section: string;
  readonly title: string;
  readonly middle: string;
  readonly detail: string;
  readonly whyNot: string | null;
  readonly choice:
    | { readonly kind: 'incident'; readonly id: string; readonly how: HomeIncident['how'] }
    | { readonly kind: 'start'; readonly start: StartChoice }
    | { readonly kind: 'address'; readonly id: StartId }
    | { readonly kind: 'pick'; readonly id: StartId };
}

/** What only the home screen knows. */
export interface HomeUi {
  readonly cursor: number;
  /** Choosing one of these playbooks for this start. */
  readonly picking: { readonly id: StartId; readonly playbooks: readonly HomePlaybook[] } | null;
  /** The address being typed, or typed before the playbook is chosen. */
  readonly address: TextField | null;
  readonly filter: TextField | null;
  /** Only incidents that stand so; null: everything. */
  readonly status: HomeIncident['how'] | null;
  readonly isTyping: boolean;
  readonly isHelp: boolean;
  readonly busy: string | null;
  readonly message: Message | null;
}

/** What can be chosen now, in the order of the screen. */
export function homeEntries(
  model: HomeModel,
  ui: Pick<HomeUi, 'picking' | 'filter' | 'address' | 'status'>,
): readonly HomeEntry[] {
  const wanted = ui.filter === null ? '' : fieldText(ui.filter).trim().toLowerCase();
  const entries =
    ui.picking === null && ui.status !== null
      ? incidentEntries(model, (how) => how === ui.status, STATUS_WORDS[ui.status])
      : ui.picking === null
        ? [
            ...incidentEntries(model, (how) => how !== 'read', 'Open incidents'),
            ...startEntries(model),
            ...incidentEntries(model, (how) => how === 'read', 'Closed'),
          ]
        : ui.picking.id === 'drill'
          ? scenarioEntries(model)
          : playbookEntries(ui.picking, ui.address === null ? null : fieldText(ui.address).trim());
  if (wanted === '') return entries;
  return entries.filter(({ title, middle, detail }) =>
    `${title} ${middle} ${detail}`.toLowerCase().includes(wanted),
  );
}

const STATUS_WORDS: Readonly<Record<HomeIncident['how'], string>> = {
  resume: 'Open, nobody at it',
  follow: 'Somebody is at it',
  read: 'Closed',
};

/** What `f` shows next: everything, then only those that stand the same way. */
export function nextStatus(status: HomeUi['status']): HomeUi['status'] {
  const order = [null, 'resume', 'follow', 'read'] as const;
  return order[(order.indexOf(status) + 1) % order.length] ?? null;
}

function incidentEntries(
  { incidents }: HomeModel,
  isWanted: (how: HomeIncident['how']) => boolean,
  section: string,
): readonly HomeEntry[] {
  return incidents
    .filter(({ how }) => isWanted(how))
    .map(({ id, playbook, state, how, whyNot }) => ({
      key: `incident:${id}`,
      section,
      title: foreign(id),
      middle: foreign(playbook),
      detail: foreign(state),
      whyNot: whyNot === null ? null : foreign(whyNot),
      choice: { kind: 'incident', id, how },
    }));
}

function startEntries({ starts }: HomeModel): readonly HomeEntry[] {
  return starts.map(({ id, title, detail, choosesPlaybook, choosesScenario, asksAddress, whyNot }) => ({
    key: `start:${id}`,
    section: 'Start',
    title: foreign(title),
    middle: '',
    detail: foreign(detail),
    whyNot: whyNot === null ? null : foreign(whyNot),
    choice: asksAddress
      ? { kind: 'address', id }
      : choosesPlaybook || choosesScenario
        ? { kind: 'pick', id }
        : { kind: 'start', start: { id, playbookPath: null, address: null } },
  }));
}

function playbookEntries(
  { id, playbooks }: NonNullable<HomeUi['picking']>,
  address: string | null,
): readonly HomeEntry[] {
  return playbooks.map(({ path, name, title, summary, whyNot }) => ({
    key: `playbook:${path}`,
    section: 'Which playbook?',
    title: foreign(name),
    middle: foreign(title),
    detail: foreign(summary),
    whyNot: whyNot === null ? null : foreign(whyNot),
    choice: { kind: 'start', start: { id, playbookPath: path, address } },
  }));
}

function scenarioEntries({ scenarios }: HomeModel): readonly HomeEntry[] {
  return scenarios.map(({ name, detail }) => ({
    key: `scenario:${name}`,
    section: 'Practise what?',
    title: foreign(name),
    middle: '',
    detail: foreign(detail),
    whyNot: null,
    choice: { kind: 'start', start: { id: 'drill', playbookPath: null, address: null, scenario: name } },
  }));
}

export const HOME_KEYS: readonly (FooterKey & { readonly help: string })[] = [
  { shown: '⏎', label: 'choose', isPinned: true, help: 'go on with the line under the cursor' },
  { shown: '↑↓', label: 'move', isPinned: false, help: 'move (also k and j, g and G)' },
  { shown: '1…9', label: 'at once', isPinned: false, help: 'choose that line at once' },
  {
    shown: '/',
    label: 'find',
    isPinned: false,
    help: 'show only the lines that hold what you type; esc shows all again',
  },
  {
    shown: 'f',
    label: 'filter',
    isPinned: false,
    help: 'only the incidents that nobody is at, that somebody is at, that are closed; then all again',
  },
  { shown: '?', label: 'help', isPinned: true, help: 'this page' },
  { shown: 'q', label: 'leave', isPinned: true, help: 'leave; nothing was done' },
];
