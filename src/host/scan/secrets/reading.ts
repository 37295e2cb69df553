import type { SecretKind } from '../../../findings/secret-kinds.ts';

/** What a reader says of a file: that there is a secret, and by what it is told from others. Never the secret. */
export interface SecretReading {
  readonly secret: SecretKind;
  readonly line: number | null;
  readonly keyId: string | null;
  readonly isEncrypted: boolean | null;
}

/**
 * From a file's text to the secrets in it; none if it holds none. Pure. A reader must take nothing into `keyId` that opens
 * anything: ids that providers show in lists, names of users, hosts, variables and sections, and fingerprints of public keys.
 */
export type SecretReader = (
  text: string,
  file: { readonly path: string; readonly bytes: Buffer },
) => readonly SecretReading[];

export function reading(
  secret: SecretKind,
  keyId: string | null = null,
  details: { readonly line?: number; readonly isEncrypted?: boolean | null } = {},
): SecretReading {
  return {
    secret,
    line: details.line ?? null,
    keyId: keyId === null ? null : shortened(keyId),
    isEncrypted: details.isEncrypted ?? null,
  };
}

/** The file itself is the secret, whatever is in it. */
export function whole(secret: SecretKind): SecretReader {
  return (_text, { bytes }) => (bytes.length === 0 ? [] : [reading(secret)]);
}

/** One for each line that matches, with what its first group holds for an id. */
export function lineReader(secret: SecretKind, pattern: RegExp, most = 40): SecretReader {
  return (text) =>
    text
      .split('\n')
      .flatMap((line, index) => {
        const match = pattern.exec(line);
        return match === null ? [] : [reading(secret, match[1]?.trim() || null, { line: index + 1 })];
      })
      .slice(0, most);
}

/** A JSON object, or null for what is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

const LONGEST_ID = 120;

function shortened(text: string): string {
  return text.length <= LONGEST_ID ? text : `${text.slice(0, LONGEST_ID - 1)}…`;
}
