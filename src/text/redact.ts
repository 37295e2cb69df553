/**
 * Secrets in text replaced by `[redacted <kind>]`; the words around them stay. For everything that is shown,
 * journalled as a message or exported: outputs and command lines of a host hold what people typed there.
 *
 * Works on the text as it was read: call it *before* printable() and escapeMarkdown(), which break up what it
 * looks for. What it cannot know (a password alone on a line) it
 * cannot take away. Addresses of a miner's wallet and pool stay: they are evidence.
 */
export function redact(text: string): string {
  if (!MAY_HOLD_ONE.test(text)) return text;
  let out = text;
  for (const rule of RULES) out = out.replace(rule.pattern, rule.replacement);
  return out;
}

/** Whether what stands under this name is a secret: `DB_PASSWORD`, `apiKey`; not `secretNames`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME_END.test(name);
}

/**
 * Whether a text may be found in what redact() put in a secret's place, where it does not stand in the text itself.
 * (One that lies half in such a place and half beside it is not told.)
 */
export function isPartOfRedaction(text: string): boolean {
  const wanted = text.toLowerCase();
  return /[[\]]/.test(wanted) || RULES.some(({ replacement }) => replacement.toLowerCase().includes(wanted));
}

/**
 * Something of each rule that is in every text it fits; most texts hold none of it and are done at once. A rule
 * whose words are not in here would never be asked.
 */
const MAY_HOLD_ONE =
  /-----|[$]|:\/\/[^\s/@]{1,520}@|:AA|AKI|A[SB]IA|ACCA|LTAI|STS\.|AIza|ya29|eyJ|LS0t|PuTTY|pass|pwd|pswd|secret|token|key|credential|auth|cookie|bearer|git|gh[pousr]_|gl[a-z]{2,6}-|xox|xapp|slack|npm_|sk[-_]|mysql|maria|mongo|redis|curl|docker|\s-U|--user|login|identified/i;

/**
 * Whether any string in a JSON text, or what it stands under, may be a secret: false is certain. Of all that the
 * rules look for only blanks read otherwise in JSON (RFC 8259, 7); each name of a secret has one of the words in it.
 */
export function jsonMayHoldSecret(json: string): boolean {
  return MAY_HOLD_ONE.test(json) || /\\(?:[nrtf]|u000b)-U/i.test(json);
}

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Names whose value is a secret, as they end: `DB_PASSWORD`, `client-secret`, `aws_secret_access_key`. */
const SECRET_NAME =
  '(?:password|passwd|passphrase|passwort|pswd|mysql_pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|auth[_-]?key|credentials?)';

const SECRET_NAME_END = new RegExp(`${SECRET_NAME}$`, 'i');

/** Taken out already, here or by describeOperation. */
const NOT_YET = '(?!\\s*(?:\\[redacted |\\(secret))';

/** In quotes up to the quote, plain or as escaped within JSON; else up to a blank or what ends a value. */
const VALUE =
  '(?:"(?:[^"\\\\\\n]|\\\\.){1,4096}"|\'[^\'\\n]{1,4096}\'|\\\\"[^"\\n]{1,4096}?\\\\"|[^\\s\\0"\'`,;&|<>)}\\]\\\\]{1,4096})';

/** The order matters: what is whole (keys, headers, addresses) goes before what is told by its name. */
const RULES: readonly Rule[] = [
  // RFC 7468; also with `\n` written out, as in JSON, and cut off before its end.
  {
    pattern:
      /-----BEGIN ([A-Z0-9 ]{0,30})PRIVATE KEY( BLOCK)?-----(?:(?!-----)[\s\S]){0,65536}(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
    replacement: '[redacted private key]',
  },
  // The end of one whose beginning was cut off.
  {
    pattern:
      /(?:^|\n)(?:[A-Za-z0-9+/=]{1,80}\r?\n){1,400}-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g,
    replacement: '\n[redacted private key]',
  },
  {
    pattern: /PuTTY-User-Key-File-\d[\s\S]{0,65536}?Private-MAC: \S+/g,
    replacement: '[redacted private key]',
  },
  // RFC 9110 11.6.2; also proxies, and cookies, which log in as well.
  {
    pattern:
      /\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:basic|bearer|digest|token|negotiate|apikey|aws4-hmac-sha256)\s+)?)(?!(?:[a-z0-9-]{1,20}\s+)?\[redacted )[^\s"'][^"'\r\n]{0,4095}/gi,
    replacement: '$1[redacted authorization]',
  },
  {
    pattern: /\b((?:set-)?cookie:\s{0,3})(?!\s*\[redacted )[^"'\r\n]{1,4096}/gi,
    replacement: '$1[redacted cookie]',
  },
  {
    pattern: /\bbearer\s+(?!\[redacted )[A-Za-z0-9._~+/=-]{16,4096}/gi,
    replacement: 'Bearer [redacted token]',
  },
  // RFC 3986 3.2.1. The user name stays: in a pool's address it is the wallet.
  {
    pattern: /\b([a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>]{0,256}:)(?!\[redacted )[^\s/@"'<>]{1,256}@/gi,
    replacement: '$1[redacted password]@',
  },
  // crypt(5): $1$, $5$, $6$, $7$, $y$, $gy$, $2b$, $argon2id$.
  {
    pattern: /\$(?:1|5|6|7|y|gy|md5|sha1|argon2(?:id?|d)?)\$[./A-Za-z0-9=,$+-]{8,512}/g,
    replacement: '[redacted password hash]',
  },
  { pattern: /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,60}/g, replacement: '[redacted password hash]' },
  // As the issuers document them.
  { pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, replacement: '[redacted aws key]' },
  { pattern: /\b(?:LTAI|STS\.)[A-Za-z0-9]{12,40}\b/g, replacement: '[redacted aliyun key]' },
  { pattern: /\bAKID[A-Za-z0-9]{13,40}\b/g, replacement: '[redacted tencent key]' },
  { pattern: /\bAIza[A-Za-z0-9_-]{35}/g, replacement: '[redacted gcp key]' },
  { pattern: /\bya29\.[A-Za-z0-9_-]{16,2048}/g, replacement: '[redacted gcp token]' },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{20,255}/g, replacement: '[redacted github token]' },
  { pattern: /\bgithub_pat_[A-Za-z0-9_]{20,255}/g, replacement: '[redacted github token]' },
  {
    pattern: /\bgl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.-]{20,255}/g,
    replacement: '[redacted gitlab token]',
  },
  { pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g, replacement: '[redacted slack token]' },
  { pattern: /\bxapp-\d-[A-Za-z0-9-]{10,255}/g, replacement: '[redacted slack token]' },
  {
    pattern: /(hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{10,255}/g,
    replacement: '$1[redacted slack token]',
  },
  { pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}/g, replacement: '[redacted telegram token]' },
  { pattern: /\bnpm_[A-Za-z0-9]{36}/g, replacement: '[redacted npm token]' },
  { pattern: /\bsk[-_](?:live_|ant-|proj-)?[A-Za-z0-9_-]{20,255}/g, replacement: '[redacted api key]' },
  {
    pattern: /\beyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{0,4096}/g,
    replacement: '[redacted token]',
  },
  // Options whose argument is a password, of the programs that have one.
  {
    pattern: /\b(sshpass\s{1,8}-p\s{0,8})(?!\[redacted )\S{1,256}/g,
    replacement: '$1[redacted password]',
  },
  {
    pattern:
      /\b((?:mysql|mysqldump|mysqladmin|mariadb|mongosh?|redis-cli)\b[^\n|;]{0,512}?\s(?:-p|-a\s))(?!\[redacted )[^\s-]\S{0,255}/g,
    replacement: '$1[redacted password]',
  },
  {
    pattern:
      /\b(curl\b[^\n|;]{0,512}?\s(?:-u|--user)[\s=]{0,8}["']?[^\s:"']{1,256}:)(?!\[redacted )[^\s"']{1,256}/g,
    replacement: '$1[redacted password]',
  },
  {
    pattern:
      /\b(docker\s{1,4}login\b[^\n|;]{0,512}?\s(?:-p|--password)[\s=]{1,4})(?!\[redacted )[^\s-]\S{0,255}/g,
    replacement: '$1[redacted password]',
  },
  {
    pattern: /(\s(?:-U|--user)[\s=]{0,4}[^\s%]{1,64}%)(?!\[redacted )[^\s%]{1,256}/g,
    replacement: '$1[redacted password]',
  },
  // What scripts set accounts' passwords with: chpasswd(8), passwd --stdin.
  {
    pattern:
      /\b((?:echo|printf)\s{1,4}(?:-\S{1,4}\s{1,4})?["']?[\w.$-]{1,64}:)(?!\[redacted )[^\n|]{1,256}(?=\|[^\n|]{0,64}\bchpasswd\b)/g,
    replacement: '$1[redacted password] ',
  },
  {
    pattern:
      /\b((?:echo|printf)\s{1,4})(?!\[redacted )[^\n|]{1,256}(?=\|[^\n|]{0,64}\bpasswd\b[^\n|]{0,64}--stdin)/g,
    replacement: '$1[redacted password] ',
  },
  // netrc, redis.conf, SQL.
  {
    pattern: /\b(login\s{1,8}\S{1,128}\s{1,8}password\s{1,8})(?!\[redacted )\S{1,256}/gi,
    replacement: '$1[redacted password]',
  },
  {
    pattern: /\b((?:requirepass|masterauth)\s{1,8})(?!\[redacted )\S{1,512}/gi,
    replacement: '$1[redacted password]',
  },
  {
    pattern: /\b(identified\s{1,4}by\s{1,4}(?:password\s{1,4})?)(?:'[^'\n]{1,256}'|"[^"\n]{1,256}")/gi,
    replacement: '$1[redacted password]',
  },
  // A registry's login in Docker's config.json; a PEM block in base64, as Kubernetes keeps keys.
  { pattern: /("auth"\s{0,3}:\s{0,3})"[A-Za-z0-9+/=]{4,4096}"/g, replacement: '$1[redacted password]' },
  { pattern: /\bLS0tLS1CRUdJTi[A-Za-z0-9+/=]{40,65536}/g, replacement: '[redacted key in base64]' },
  // NAME=value, name: value, "name": "value", --name value.
  {
    pattern: new RegExp(`(${SECRET_NAME}\\\\?["']?\\s{0,3}(?:=|:|=>)\\s{0,3})${NOT_YET}${VALUE}`, 'gi'),
    replacement: '$1[redacted password]',
  },
  {
    pattern: new RegExp(`((?<![\\w-])--?[a-z0-9-]{0,32}${SECRET_NAME}\\s{1,8})${NOT_YET}(?!-)${VALUE}`, 'gi'),
    replacement: '$1[redacted password]',
  },
  // `pass` alone, with something long enough not to be a stratum login's `x`.
  {
    pattern: /(\b(?:pass|pwd)["']?\s{0,3}(?:=|:)\s{0,3}["']?)(?!\[redacted |\/)[^\s"',;&/]{6,256}/g,
    replacement: '$1[redacted password]',
  },
];
