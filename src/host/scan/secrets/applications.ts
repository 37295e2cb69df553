import { lineReader, reading, type SecretReader } from './reading.ts';

/** Names that hold something secret, in the many spellings of configuration files. */
const SECRET_NAME =
  /(pass(word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|dsn|database_url|redis_url|mongo(db)?_ur[il]|amqp_url|_key$|salt)/i;
/** What only says where the secret is, or switches something. */
const NO_SECRET_NAME = /(_file|_path|_enabled|_expir|_ttl|_length|_type|_name|public[_-]?key|_id)$/i;
const MOST_NAMES = 8;

/** Names of variables that have a value and look like secrets; never a value. */
export const environmentFile: SecretReader = (text) => {
  const names = text.split('\n').flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/.exec(line);
    const [, name = '', value = ''] = match ?? [];
    const isSet =
      value.trim().replace(/^["']|["']$/g, '') !== '' && !/^["']?\$\{?[A-Z_]+\}?["']?$/.test(value.trim());
    return isSet && SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name) ? [name] : [];
  });
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  return [
    reading(
      'environment-file',
      `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    ),
  ];
};

/** `define('DB_PASSWORD', …)`; which database and user, where the file says it (developer.wordpress.org, wp-config.php). */
export const wordpressConfig: SecretReader = (text) => {
  if (!/define\s*\(\s*['"]DB_PASSWORD['"]/.test(text)) return [];
  const value = (name: string): string | null =>
    new RegExp(`define\\s*\\(\\s*['"]${name}['"]\\s*,\\s*['"]([\\w.@-]{1,64})['"]`).exec(text)?.[1] ?? null;
  const who = [value('DB_USER'), value('DB_NAME')].filter((part) => part !== null).join(' on ');
  return [reading('database-password', who || null)];
};

/** Keys of YAML, properties, JSON, PHP and Ruby files that are set to something. */
export const applicationConfig: SecretReader = (text) => {
  const names = new Set<string>();
  for (const line of text.split('\n').slice(0, 5000)) {
    const match =
      /^[\s{,]*(?:\$\w+\[)?['"$]?([\w.-]{2,64})['"]?\]?\s*(?:=>|[:=])\s*["']?([^\s"',;][^"',;]*)/.exec(line);
    const [, name = '', value = ''] = match ?? [];
    if (
      SECRET_NAME.test(name) &&
      !NO_SECRET_NAME.test(name) &&
      !/^(\$\{|<%|null\b|nil\b|true\b|false\b|getenv|env\(|ENV\[)/.test(value)
    )
      names.add(name);
  }
  return names.size === 0 ? [] : [reading('application-config', [...names].slice(0, MOST_NAMES).join(', '))];
};

/** `requirepass` and `masterauth`, and users with a password (redis.conf). */
export const redisPassword: SecretReader = lineReader(
  'database-password',
  /^\s*(requirepass|masterauth)\s+\S/i,
);

/** `[Interface]` of WireGuard: the private key is on the line, nothing of it is told. */
export const wireguardKey: SecretReader = (text, { path }) =>
  /^\s*PrivateKey\s*=\s*\S/m.test(text)
    ? [
        reading(
          'vpn-key',
          path
            .split('/')
            .at(-1)
            ?.replace(/\.conf$/, '') ?? null,
        ),
      ]
    : [];

export const wifiAndVpn: SecretReader = (text) =>
  /^\s*(psk|password|private-key|secret)\s*=\s*\S/m.test(text)
    ? [reading('vpn-key', /^id=(.{1,64})$/m.exec(text)?.[1] ?? null)]
    : [];
