/**
 * What the responder has declared to be their own. An entry names a thing by what cannot be taken by another unnoticed:
 * a path together with its content, a key by its fingerprint. JSON: it travels to the host, and stands in the journal.
 */
export type AllowEntry =
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string }
  /** One line of a text file: a crontab entry, a start line. */
  | { readonly kind: 'line'; readonly path: string; readonly line: string }
  | { readonly kind: 'package'; readonly package: string }
  | { readonly kind: 'key'; readonly fingerprint: string }
  /** `sha256` is of the unit's file; without it whatever the unit of that name says is theirs. */
  | { readonly kind: 'unit'; readonly unit: string; readonly sha256?: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'account'; readonly account: string }
  /** Containers of an image; `sha256` is the image’s own id, since a name can be given to another one. */
  | { readonly kind: 'image'; readonly image: string; readonly sha256?: string };

export interface Declaration {
  /** Of the entry alone, so that the same thing declared twice is one. */
  readonly id: string;
  readonly entry: AllowEntry;
  /** Why, in the responder's words. */
  readonly reason: string;
  /** Who said so, or the file it stands in. */
  readonly by: string;
}

/** An entry in a line: `file /usr/local/bin/x (sha256 1f2e…)`. Host text in it as it is. */
export function entryText(entry: AllowEntry): string {
  switch (entry.kind) {
    case 'file':
      return `file ${entry.path} (sha256 ${entry.sha256.slice(0, 16)}…)`;
    case 'line':
      return `line of ${entry.path}: ${entry.line}`;
    case 'package':
      return `package ${entry.package}`;
    case 'key':
      return `key ${entry.fingerprint}`;
    case 'unit':
      return `unit ${entry.unit}${entry.sha256 === undefined ? '' : ` (sha256 ${entry.sha256.slice(0, 16)}…)`}`;
    case 'address':
      return `address ${entry.address}`;
    case 'account':
      return `account ${entry.account}`;
    case 'image':
      return `image ${entry.image}${entry.sha256 === undefined ? '' : ` (sha256 ${entry.sha256.slice(0, 16)}…)`}`;
  }
}

/** The same for the same thing; readable, and without what a command line could trip over. */
export function declarationId(entry: AllowEntry): string {
  return JSON.stringify(entry, Object.keys(entry).toSorted());
}

/** Paths whose content has to be known for the list to be held against it. */
export function declaredPaths(allow: readonly Declaration[]): string[] {
  return allow.flatMap(({ entry }) => (entry.kind === 'file' ? [entry.path] : []));
}
