/** What `--format` takes, with what each is for. */
export const TRANSCRIPT_FORMATS = {
  md: 'Markdown, to read and to paste',
  html: 'one page without scripts, to read and to print',
  csv: 'the findings as a table',
  timesketch: 'a timeline for Timesketch, JSON lines',
  stix: 'addresses, hashes, paths and keys as a STIX 2.1 bundle',
  asciicast: 'the run to be played, for asciinema 3',
  hashes: 'SHA-256 sums of what was found, one a line',
  yara: 'the same as a YARA rule',
  sigma: 'hashes, paths and addresses as Sigma rules',
  json: 'everything, for programs',
} as const;
export type TranscriptFormat = keyof typeof TRANSCRIPT_FORMATS;

/** For the help text: `md (Markdown, to read), …`. */
export function formatsText(): string {
  return Object.entries(TRANSCRIPT_FORMATS)
    .map(([name, meaning]) => `${name} (${meaning})`)
    .join('; ');
}
