import {
  isObject,
  lineReader,
  parseObject,
  reading,
  type SecretReader,
  type SecretReading,
} from './reading.ts';

/** Registries of `~/.docker/config.json` whose login stands in it; with a credential store it does not. */
export const dockerLogins: SecretReader = (text) => {
  const auths = parseObject(text)?.auths;
  if (!isObject(auths)) return [];
  return Object.entries(auths)
    .filter(([, auth]) => isObject(auth) && ('auth' in auth || 'identitytoken' in auth || 'password' in auth))
    .slice(0, 40)
    .map(([registry]) => reading('registry-login', registry));
};

/** `//registry.example/:_authToken=…`, `_password`, `_auth` (npmrc(5)). */
export const npmTokens: SecretReader = lineReader(
  'package-token',
  /^\s*(?:(\/\/[^\s=]+?)\/?:)?(?:_authToken|_auth|_password)\s*=\s*(?!\$\{)\S/,
);

/** Sections with a `password` (pypirc), a `token` (cargo), a `:key:` (gems). */
export const sectionTokens: SecretReader = (text) => {
  const out: SecretReading[] = [];
  let section: string | null = null;
  text.split('\n').forEach((line, index) => {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? section;
    if (/^\s*(password|token|secret|auth_token)\s*[=:]\s*\S/i.test(line) || /^\s*:[\w.]+:\s*\S/.test(line))
      out.push(reading('package-token', section, { line: index + 1 }));
  });
  return out.slice(0, 40);
};

/** `https://user:token@host` (git-credential-store(1)): only where. Forges take a token in the user's place as well. */
export const gitCredentials: SecretReader = lineReader('git-token', /^\s*https?:\/\/[^@/\s]+@([^/\s?#@]+)/);

/** `machine host login user password …`, over as many lines as it likes (netrc(5)). */
export const netrcLogins: SecretReader = (text) =>
  [...text.matchAll(/\bmachine\s+(\S+)((?:\s+(?!machine\b|default\b)\S+)*)/g)]
    .slice(0, 40)
    .flatMap((match) => {
      if (!/\bpassword\s+\S/.test(match[2] ?? '')) return [];
      const line = text.slice(0, match.index).split('\n').length;
      return [reading('login-file', match[1] ?? null, { line })];
    });

/** `host:port:database:user:password` (PostgreSQL manual, “The Password File”). */
export const pgpassLogins: SecretReader = lineReader(
  'database-password',
  /^\s*(?!#)((?:\\.|[^:\\])*:(?:\\.|[^:\\])*:(?:\\.|[^:\\])*:(?:\\.|[^:\\])*):./,
);

/** Groups of an option file with a `password` (MySQL manual, “Using Option Files”). */
export const mysqlOptions: SecretReader = (text) => {
  const out: SecretReading[] = [];
  let group: string | null = null;
  text.split('\n').forEach((line, index) => {
    group = /^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? group;
    if (/^\s*password\s*=\s*\S/.test(line))
      out.push(reading('database-password', group, { line: index + 1 }));
  });
  return out;
};

/** Tokens of gh and glab: the host above each. */
export const forgeTokens: SecretReader = (text) => {
  const out: SecretReading[] = [];
  let host: string | null = null;
  text.split('\n').forEach((line, index) => {
    host = /^\s{0,4}([\w.-]+\.[\w.-]+):\s*$/.exec(line)?.[1] ?? host;
    if (/^\s*(oauth_token|token):\s*\S/.test(line)) out.push(reading('git-token', host, { line: index + 1 }));
  });
  return out;
};
