/** Paths of a host as the bytes they are. */
export const SLASH = 0x2f;

const DOT = Buffer.from('.');
export const DOTS = Buffer.from('..');

/** The components of a path; `.` and empty ones are left out. */
export function pathParts(bytes: Buffer): Buffer[] {
  const out: Buffer[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length && bytes[at] !== SLASH) continue;
    const part = bytes.subarray(start, at);
    if (part.length > 0 && !part.equals(DOT)) out.push(part);
    start = at + 1;
  }
  return out;
}
