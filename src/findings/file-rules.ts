/** Rules over the content of files (YARA): what is asked, and what was found. JSON; both cross to the host and back. */

/** The text of one file of rules. */
export interface RuleSource {
  /** Of the file, for what is said: `miners.yar`. */
  readonly name: string;
  readonly text: string;
}

/** A rule that a file's bytes fit. Names and texts are the rule's author's. */
export interface RuleMatch {
  readonly rule: string;
  /** The file of rules that it stands in. */
  readonly file: string;
  readonly description: string | null;
  /** The rule's own `score` in `meta`, 0 … 100; null if it gives none. */
  readonly score: number | null;
  readonly reference: string | null;
  readonly strings: readonly MatchedString[];
}

export interface MatchedString {
  /** With its `$`. */
  readonly name: string;
  /** Of its first places in the file, in bytes. */
  readonly offsets: readonly number[];
}

/** What reading a file whole has told. */
export interface Examined {
  readonly sha256: string;
  readonly matches: readonly RuleMatch[];
}
