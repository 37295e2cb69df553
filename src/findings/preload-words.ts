/** Libraries that the host loads into every program, and whether what looks is free of them. */
export interface PreloadSeen {
  readonly libraries: readonly { readonly path: string; readonly sha256: string | null }[];
  readonly isSteppedAround: boolean;
  /** Why it is not. */
  readonly failure: string | null;
}

/**
 * What everybody who works on the host must know first: what its tools say may be made up, and whether what is read here
 * is too. null: nothing is preloaded.
 */
export function preloadWords(seen: PreloadSeen | null): string | null {
  if (seen === null || seen.libraries.length === 0) return null;
  const names = seen.libraries
    .map(({ path, sha256 }) => `${path} (sha256 ${sha256 === null ? 'unknown' : sha256.slice(0, 16)})`)
    .join(', ');
  const how = seen.isSteppedAround
    ? 'What is read here is read without it; do not believe ps, ls or ss in another window until it is gone.'
    : `It could not be stepped around (${seen.failure ?? 'why is not known'}): what it hides may be missing here too.`;
  return `This host loads ${names} into every program, and such a library can hide files, processes and connections. ${how}`;
}
