/** A row of what is known of miners, as the files in playbooks/indicators/ have it. JSON: it travels to the host. */
export type IndicatorKind =
  | 'names'
  | 'program-words'
  | 'texts'
  | 'options'
  | 'wallets'
  | 'pools'
  | 'ports'
  | 'hosts'
  | 'hashes'
  | 'paths'
  | 'folders'
  | 'preloads'
  | 'key-comments'
  | 'accounts'
  | 'images'
  | 'renamed-tools'
  | 'update-domains'
  | 'security-domains';

export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** Who or what is known by it. */
  readonly who: string | null;
  /** Where it is written. */
  readonly sources: readonly string[];
}

/** One file of indicators. */
export interface IndicatorSet {
  readonly name: string;
  readonly entries: readonly Indicator[];
}
