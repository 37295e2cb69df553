/** RFC 1918, RFC 6598, RFC 3927. */
const PRIVATE =
  '(?:10|169\\.254|172\\.(?:1[6-9]|2\\d|3[01])|192\\.168|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7]))';
/** Also in the name of a file. */
export const INTERNAL_V4 = `(?<!\\d)(?<!\\d\\.)${PRIVATE}(?:\\.\\d{1,3}){2,3}(?!\\d)(?!\\.\\d)`;
/** As clouds name hosts by it: `ip-10-0-0-5`. */
export const IN_A_NAME = `(?<![A-Za-z0-9])ip-${PRIVATE.replaceAll('\\.', '-')}(?:-\\d{1,3}){2,3}(?!\\d)`;
/** RFC 4193 and link-local of RFC 4291. */
export const INTERNAL_V6 =
  '(?<![A-Za-z0-9:])(?:f[cd][\\da-f]{2}|fe[89ab][\\da-f]):[\\da-f:]{2,35}(?![A-Za-z0-9:])';
/** Names below domains that are of no public use (RFC 6762 appendix G, RFC 8375, and `internal` of ICANN). */
export const INTERNAL_HOST =
  '(?<![\\w.-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\\.){1,8}(?:internal|intranet|corp|lan|local|localdomain|private|home\\.arpa)(?![\\w-])(?!\\.\\w)';

/** A line of hosts(5) for an internal address: what stands behind it names hosts of the house. */
export const HOST_LINE = new RegExp(
  `^[ \\t]{0,8}(?:${INTERNAL_V4}|127\\.0\\.1\\.1|${INTERNAL_V6})[ \\t]+([A-Za-z][\\w. \\t-]{1,512})$`,
  'gim',
);

/** `acme.example` of `web-07.acme.example`; null for a name without one, or one that anybody may be below. */
export function ownDomain(hostname: string): string | null {
  const [, ...labels] = hostname.replace(/\.$/, '').split('.');
  return labels.length < 2 || /^(?:compute|ec2)\b|amazonaws|cloudapp|googleusercontent/.test(labels.join('.'))
    ? null
    : labels.join('.');
}
