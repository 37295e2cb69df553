import type { ScanScope } from '../../../findings/scan.ts';
import { type Look, listFolder } from '../look.ts';
import {
  type ParsedStart,
  parseLines,
  parseProgram,
  placesIn,
  type StartPlace,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/** Settings by which servers that every host has start, or load, what an intruder likes; and folders of hooks of such. */
export const daemonCommands: StartReader = {
  mechanism: 'daemon-command',
  *list(look, scope) {
    for (const [path, command] of FILES) yield { path, account: null, ...settings(command) };
    for (const { folder, name, command } of [...FOLDERS, ...phpFolders(look, scope)])
      yield* placesIn(look, scope, folder, { ...settings(command), ...(name ? { name } : {}) });
    for (const folder of HOOKS) yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram });
    yield* placesIn(look, scope, '/etc/needrestart/conf.d', {
      as: 'lines',
      // Read by needrestart as Perl.
      parse: ({ text }) => parseLines(text, (line) => firstGroup(PERL.exec(line)?.slice(2))),
    });
  },
};

/** A script in them is run as root: by needrestart after each upgrade, by certbot twice a day, by cloud-init at boot. */
const HOOKS = [
  '/etc/needrestart/hook.d',
  '/etc/needrestart/notify.d',
  '/etc/needrestart/restart.d',
  '/etc/letsencrypt/renewal-hooks/pre',
  '/etc/letsencrypt/renewal-hooks/post',
  '/etc/letsencrypt/renewal-hooks/deploy',
  '/var/lib/cloud/scripts/per-boot',
  '/var/lib/cloud/scripts/per-instance',
  '/var/lib/cloud/scripts/per-once',
];

/** rsyslog.conf(5) `action(type="omprog" binary="X")`, and the older `^X`. */
const RSYSLOG = /\bbinary\s*=\s*"([^"]+)"|^\s*[\w*.,;!=-]+\s+\^([^;\s]+)/;
/** snmpd.conf(5). */
const SNMPD = /^\s*(?:extend(?:fix)?|exec|sh|pass|pass_persist)\s+(?:-\S+\s+\S+\s+)?\S+\s+(\S.*)$/;
/** hosts_options(5). */
const WRAPPERS = /\b(?:spawn|twist)\s+\(?\s*(\/[^)]*)/;
const CLOUD_INIT = /^\s*-\s*\[?\s*(?:sh,\s*-x?c,\s*)?["']?([^"'\]]*(?:\/|\|)[^"'\]]*)/;
const PERL = /\b(?:system|exec)\s*\(?\s*(["'])(.+)\1|`(.+)`/;
const FAIL2BAN = /^\s*action(?:start|stop|check|ban|unban|flush|reload)\s*=\s*(\S.*)$/;
/** php.ini: run before or after every page, or loaded by every process. */
const PHP = /^\s*(?:auto_(?:pre|ap)pend_file|(?:zend_)?extension)\s*=\s*["']?(\/[^"';\s]+)/;

const FILES: readonly (readonly [string, RegExp])[] = [
  ['/etc/rsyslog.conf', RSYSLOG],
  ['/etc/snmp/snmpd.conf', SNMPD],
  ['/etc/smartd.conf', /\s-M\s+exec\s+(\S+)/],
  ['/etc/hosts.allow', WRAPPERS],
  ['/etc/hosts.deny', WRAPPERS],
  // sudo.conf(5): loaded by sudo, as root.
  ['/etc/sudo.conf', /^\s*Plugin\s+\S+\s+(\/\S+)/],
  ['/etc/docker/daemon.json', /"(?:path|exec-root)"\s*:\s*"(\/[^"]+)"/],
  ['/etc/cloud/cloud.cfg', CLOUD_INIT],
];

interface Folder {
  readonly folder: string;
  readonly name?: RegExp;
  readonly command: RegExp;
}

const FOLDERS: readonly Folder[] = [
  { folder: '/etc/rsyslog.d', name: /\.conf$/, command: RSYSLOG },
  { folder: '/etc/snmp/snmpd.conf.d', name: /\.conf$/, command: SNMPD },
  { folder: '/etc/fail2ban/action.d', name: /\.(conf|local)$/, command: FAIL2BAN },
  { folder: '/etc/cloud/cloud.cfg.d', name: /\.cfg$/, command: CLOUD_INIT },
];

/** `/etc/php/8.2/cli/conf.d` of Debian, `/etc/php.d` of Red Hat, `/etc/php83/conf.d` of Alpine. */
function phpFolders(look: Look, scope: ScanScope): Folder[] {
  const inEtc = listFolder(look, scope, '/etc').filter((name) => /^php\d*(\.d)?$/.test(name));
  const folders = inEtc.flatMap((name): string[] => {
    if (name !== 'php') return [`/etc/${name}`, `/etc/${name}/conf.d`];
    const versions = listFolder(look, scope, '/etc/php').map((version) => `/etc/php/${version}`);
    const servers = versions.flatMap((path) =>
      listFolder(look, scope, path).map((server) => `${path}/${server}`),
    );
    return servers.flatMap((path) => [path, `${path}/conf.d`]);
  });
  return folders.map((folder) => ({ folder, name: /\.ini$/, command: PHP }));
}

function settings(command: RegExp): Pick<StartPlace, 'as' | 'parse'> {
  const parse = ({ text }: StartText): ParsedStart =>
    parseLines(text, (line) => firstGroup(command.exec(line)?.slice(1)));
  return { as: 'lines', parse };
}

function firstGroup(groups: readonly (string | undefined)[] | undefined): string | undefined {
  return groups?.find((group) => group !== undefined);
}
