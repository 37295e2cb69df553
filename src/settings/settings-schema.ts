export interface Settings {
  /** Name that goes into the journal; null: the account. */
  readonly responder: string | null;
  /** Where incidents are kept; null: /var/lib/tourniquet for root, else the XDG state folder. */
  readonly incidentFolder: string | null;
  readonly theme: 'dark' | 'light' | 'mono';
  /** Draw with ASCII only; null: by the locale. */
  readonly ascii: boolean | null;
  readonly defaults: SettingDefaults;
}

/** Used where neither command line nor playbook says otherwise. */
export interface SettingDefaults {
  /** File name without `.yaml`, or a path. */
  readonly playbook: string;
  /** Between the two CPU samples of a scan. */
  readonly sampleMs: number;
}

export const DEFAULT_SETTINGS: Settings = {
  responder: null,
  incidentFolder: null,
  theme: 'dark',
  ascii: null,
  defaults: { playbook: 'cryptominer-linux', sampleMs: 1_000 },
};

/** JSON Schema of the file; each key may be left out. */
export const SETTINGS_SCHEMA = {
  responder: { type: ['string', 'null'], minLength: 1, maxLength: 200 },
  incidentFolder: { type: ['string', 'null'], pattern: '^/' },
  theme: { enum: ['dark', 'light', 'mono'] },
  ascii: { type: ['boolean', 'null'] },
  defaults: {
    type: 'object',
    additionalProperties: false,
    properties: {
      playbook: { type: 'string', minLength: 1 },
      sampleMs: { type: 'integer', minimum: 100, maximum: 60_000 },
    },
  },
} as const;
