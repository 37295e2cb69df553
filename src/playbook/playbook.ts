/** A playbook as it was understood: every default filled in, nothing evaluated. Plain JSON. */
export interface Playbook {
  /** Lower-case words with dashes; names the incident's playbook in lists. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly platform: 'linux' | 'windows' | 'any';
  /** The cloud that it deals with; left out: none. */
  readonly provider?: CloudProviderName;
  readonly inputs: Readonly<Record<string, InputDefinition>>;
  /** For every `run:` of the playbook; may hold `${{ … }}`. */
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Step {
  /** Lower-case words with dashes, unique. */
  readonly id: string;
  readonly title: string;
  /** For the responder who has never met a miner: why this, why now. */
  readonly why: string;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  /** The action's name; `run` and `manual` for steps with those keys. */
  readonly uses: string;
  /** Parameters as written; strings may hold `${{ … }}`. */
  readonly with: Readonly<Record<string, JsonValue>>;
  /** Only for `uses: run`. */
  readonly run: PlaybookCommand | null;
  readonly verify: PlaybookCommand | null;
  readonly undo: PlaybookCommand | null;
  readonly env: Readonly<Record<string, string>>;
  /** Only for `uses: manual`. */
  readonly manual: { readonly instructions: readonly string[]; readonly record: readonly string[] } | null;
  /** Where its command runs; left out: on the host. */
  readonly on?: 'responder';
  /** What a person does where the tool that its command needs is missing or not logged in; texts may hold `${{ … }}`. */
  readonly byHand?: {
    readonly unless: CloudTool;
    readonly instructions: readonly string[];
    readonly record: readonly string[];
  };
  /** CEL text without `${{ }}`; null: always. */
  readonly if: string | null;
  /** Step ids that must be finished (done, skipped or by hand) first. */
  readonly needs: readonly string[];
  /** Step ids that must have left evidence first; rule 1 for `run:` steps that destroy. */
  readonly needsEvidenceFrom: readonly string[];
  readonly timeoutMs: number;
  readonly retries: number;
  readonly onFailure: 'stop' | 'continue';
  /** As declared; null: as the operations of the plan say. A declared risk can only raise it. */
  readonly risk: 'read-only' | 'reversible' | 'disruptive' | 'irreversible' | null;
  /** 1-based line of the step in the file. */
  readonly line: number;
}

/** `run:`, `verify:`, `undo:`: a shell text as written (no `${{ }}` in it) or an argv (each may hold `${{ … }}`). */
export type PlaybookCommand = { readonly shell: string } | { readonly argv: readonly string[] };

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export const CLOUD_NAMES = ['alibaba', 'aws', 'azure', 'gcp'] as const;
export type CloudProviderName = (typeof CLOUD_NAMES)[number];

/** Command line tools of clouds that a step of the responder's side may need. */
export const CLOUD_TOOLS = ['gcloud', 'az'] as const;
export type CloudTool = (typeof CLOUD_TOOLS)[number];

export const INPUT_TYPES = [
  'string',
  'integer',
  'boolean',
  'enum',
  'ip',
  'cidr',
  'path',
  'pid',
  'duration',
] as const;
export type InputType = (typeof INPUT_TYPES)[number];

export interface InputDefinition {
  readonly type: InputType;
  readonly isList: boolean;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  /** null: none. */
  readonly default: JsonValue;
  /** For `enum`. */
  readonly options: readonly string[];
  /** A regular expression that the whole value must match; null: any. */
  readonly pattern: string | null;
}

/** What was wrong with a playbook, for an editor, a log and a person. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to do, e.g. `did you mean "needs"?`; null if the message says it all. */
  readonly hint: string | null;
  /** 1-based; columns in UTF-16 units as editors count. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type ProblemCode =
  | 'not-yaml'
  | 'too-large'
  | 'alias-bomb'
  | 'duplicate-key'
  | 'not-a-mapping'
  | 'missing-key'
  | 'unknown-key'
  | 'wrong-type'
  | 'wrong-value'
  | 'unknown-action'
  | 'bad-parameter'
  | 'duplicate-step'
  | 'unknown-step'
  | 'circular-needs'
  | 'bad-expression'
  | 'unknown-name'
  | 'expression-in-shell'
  | 'secret-in-clear'
  | 'conflicting-keys';
