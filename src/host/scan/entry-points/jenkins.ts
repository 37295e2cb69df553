import { type EntryReader, type EntryReading, replacing } from './reading.ts';

const UNSECURED = /<authorizationStrategy\s+class="hudson\.security\.AuthorizationStrategy\$Unsecured"\s*\/>/;

/** config.xml of Jenkins: who may do what (jenkins.io, “Managing Security”), Its version: holes/. */
export const readJenkins: EntryReader = (lines) => {
  const readings: EntryReading[] = [];
  const text = lines.join('\n');
  const off = lines.findIndex((line) => /<useSecurity>\s*false\s*</.test(line));
  const open = lines.findIndex((line) => UNSECURED.test(line));
  // With users to log in with, security can be switched on and “logged in” be asked for; without any that would lock everybody out.
  const hasUsers =
    /<securityRealm\s+class="hudson\.security\.(HudsonPrivateSecurityRealm|LDAPSecurityRealm|PAMSecurityRealm)"/.test(
      text,
    );
  const common = { port: 8080, isOpenToAll: true } as const;
  if (off >= 0)
    readings.push({
      ...common,
      what: 'Jenkins has its security switched off',
      line: off + 1,
      value: 'useSecurity false',
      advice: hasUsers
        ? 'Switch it on again: it has users to log in with. Then look through jobs and their scripts.'
        : 'Switch it on and set up users; until then keep it from the network. Without users nobody could log in, so this is for you to do.',
      ...(hasUsers
        ? replacing(lines, off, (lines[off] ?? '').replace(/(<useSecurity>\s*)false(\s*<)/, '$1true$2'))
        : {}),
    });
  if (open >= 0) {
    const strategy =
      '<authorizationStrategy class="hudson.security.FullControlOnceLoggedInAuthorizationStrategy"><denyAnonymousReadAccess>true</denyAnonymousReadAccess></authorizationStrategy>';
    readings.push({
      ...common,
      what: 'Jenkins lets anybody do anything',
      line: open + 1,
      value: 'AuthorizationStrategy Unsecured',
      advice:
        'Let only users who are logged in do anything; better, a matrix of who may do what. Then look through jobs and their scripts.',
      ...(hasUsers
        ? replacing(
            lines,
            open,
            (lines[open] ?? '').replace(UNSECURED, () => strategy),
          )
        : {}),
    });
  }
  return readings;
};
