import { createHash } from 'node:crypto';

/** One key of authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export interface AuthorizedKey {
  readonly options: string;
  readonly type: string;
  /** `SHA256:…` as ssh-keygen -l prints it. */
  readonly fingerprint: string;
  readonly comment: string;
}

const TYPE =
  /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|(ssh|ecdsa|sk)-[\w@.-]+-cert-v01@openssh\.com)$/;

/** null for a comment, an empty line, or what sshd would pass over. */
export function parseAuthorizedKey(line: string): AuthorizedKey | null {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return null;
  const direct = fields(text);
  if (direct !== null) return { options: '', ...direct };
  const end = endOfOptions(text);
  const rest = fields(text.slice(end).trim());
  return rest === null ? null : { options: text.slice(0, end), ...rest };
}

export function fingerprintOf(base64: string): string | null {
  const blob = Buffer.from(base64, 'base64');
  // A blob begins with the length and the text of its own type (RFC 4253, 6.6).
  if (blob.length < 8 || blob.readUInt32BE(0) > 64) return null;
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function fields(text: string): Omit<AuthorizedKey, 'options'> | null {
  const [, type = '', blob = '', comment = ''] = /^(\S+)[ \t]+(\S+)(?:[ \t]+(.*))?$/s.exec(text) ?? [];
  if (!TYPE.test(type)) return null;
  const fingerprint = fingerprintOf(blob);
  return fingerprint === null ? null : { type, fingerprint, comment: comment.trim() };
}

/** Options end at the first blank outside of double quotes; a quote in them is escaped by a backslash. */
function endOfOptions(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '\\' && text[at + 1] === '"') at += 1;
    else if (c === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (c === ' ' || c === '\t')) return at;
  }
  return text.length;
}
