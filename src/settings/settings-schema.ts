export interface Settings {
  /** Name that goes into the journal; null: the account. */
  readonly responder: string | null;
  /** Where incidents are kept; null: /var/lib/tourniquet for root, else the XDG state folder. */
  readonly incidentFolder: string | null;
  /** Who is told of what happens, blanks between: `slack:URL mail:ADDRESS syslog:`; null: nobody. */
  readonly notifyTo: string | null;
  /** Their text, with {incident}, {what}, {step} and {at}; null: one of the program's own. */
  readonly notifyTemplate: string | null;
  /** `auto`: by the terminal's background and how many colours it has. */
  /** Folder with `indicators/`, `rules/` and `allow/` of one's own, used by every look; null: none. */
  readonly knowledgeFolder: string | null;
  readonly theme: ThemeName;
  /** Draw with ASCII only; null: by the locale. */
  readonly ascii: boolean | null;
  /** Always questions and answers in plain lines, as with --plain: for a screen reader, or by taste. */
  readonly plain: boolean;
  readonly defaults: SettingDefaults;
  readonly signals: SignalSettings;
}

export const THEME_NAMES = ['auto', 'dark', 'light', 'sixteen', 'mono'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** Used where neither command line nor playbook says otherwise. */
export interface SettingDefaults {
  /** File name without `.yaml`, or a path. */
  readonly playbook: string;
  /** Between the two CPU samples of a scan. */
  readonly sampleMs: number;
}

/** What is sent to the terminal beside the screen. */
export interface SignalSettings {
  /** The window's title. */
  readonly title: boolean;
  /** The bell when a long step ended. */
  readonly bell: boolean;
  /** A desktop notification when a long step ended (OSC 9 and 777). */
  readonly notify: boolean;
  /** Copying to the clipboard of the machine that the terminal is on (OSC 52). */
  readonly clipboard: boolean;
  /** Links (OSC 8); null: where the terminal is known to have them. */
  readonly links: boolean | null;
}

export const DEFAULT_SETTINGS: Settings = {
  responder: null,
  incidentFolder: null,
  knowledgeFolder: null,
  notifyTo: null,
  notifyTemplate: null,
  theme: 'auto',
  ascii: null,
  plain: false,
  defaults: { playbook: 'cryptominer-linux', sampleMs: 1_000 },
  signals: { title: true, bell: true, notify: true, clipboard: true, links: null },
};

/** JSON Schema of the file; each key may be left out. */
export const SETTINGS_SCHEMA = {
  responder: { type: ['string', 'null'], minLength: 1, maxLength: 200 },
  incidentFolder: { type: ['string', 'null'], pattern: '^/' },
  knowledgeFolder: { type: ['string', 'null'], pattern: '^/' },
  notifyTo: { type: ['string', 'null'], minLength: 1, maxLength: 2000 },
  notifyTemplate: { type: ['string', 'null'], minLength: 1, maxLength: 500 },
  theme: { enum: THEME_NAMES },
  ascii: { type: ['boolean', 'null'] },
  plain: { type: 'boolean' },
  defaults: {
    type: 'object',
    additionalProperties: false,
    properties: {
      playbook: { type: 'string', minLength: 1 },
      sampleMs: { type: 'integer', minimum: 100, maximum: 60_000 },
    },
  },
  signals: {
    type: 'object',
    additionalProperties: false,
    properties: {
      title: { type: 'boolean' },
      bell: { type: 'boolean' },
      notify: { type: 'boolean' },
      clipboard: { type: 'boolean' },
      links: { type: ['boolean', 'null'] },
    },
  },
} as const;
