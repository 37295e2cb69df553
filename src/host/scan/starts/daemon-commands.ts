import type { ScanScope } from '../../../findings/scan.ts';
import { type Look, listFolder } from '../look.ts';
import {
  fail2banIncludes,
  parseFail2ban,
  parsePerl,
  parseRsyslog,
  parseSmartd,
  parseSnmp,
  rsyslogIncludes,
  snmpIncludes,
} from './daemon-parsers.ts';
import { includedFiles } from './included-files.ts';
import { perlCommands } from './perl-text.ts';
import {
  firstGroup,
  type ParsedStart,
  parseLines,
  parseProgram,
  placesIn,
  type StartPlace,
  type StartReader,
  type StartText,
} from './start-reader.ts';
import { tunedProfiles } from './tuned-profiles.ts';

/** Settings by which servers that every host has start, or load, what an intruder likes; and folders of hooks of such. */
export const daemonCommands: StartReader = {
  mechanism: 'daemon-command',
  *list(look, scope) {
    for (const [path, command] of FILES) yield { path, account: null, ...settings(command) };
    for (const { folder, name, command } of [...FOLDERS, ...phpFolders(look, scope)])
      yield* placesIn(look, scope, folder, { ...settings(command), ...(name ? { name } : {}) });
    for (const folder of HOOKS) yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram });
    yield* tunedProfiles(look, scope);
    for (const { paths, parse, includes } of families(look, scope)) {
      for (const path of [...paths, ...includedFiles(look, scope, paths, includes)])
        yield { path, account: null, as: 'lines', parse };
    }
  },
};

interface Family {
  readonly paths: readonly string[];
  readonly parse: StartPlace['parse'];
  /** What a line of them has read with them. */
  readonly includes: (line: string) => readonly string[];
}

/** Files that one server reads together, each with what it includes in its turn. */
function families(look: Look, scope: ScanScope): Family[] {
  const inFolder = (folder: string, name: RegExp): string[] =>
    listFolder(look, scope, folder)
      .filter((one) => name.test(one))
      .map((one) => `${folder}/${one}`);
  const snmpFolders = ['/etc/snmp', '/usr/share/snmp', '/var/lib/snmp', '/root/.snmp'];
  return [
    {
      paths: ['/etc/rsyslog.conf', ...inFolder('/etc/rsyslog.d', /\.conf$/)],
      parse: parseRsyslog,
      includes: rsyslogIncludes,
    },
    {
      paths: [
        ...snmpFolders.flatMap((folder) => inFolder(folder, /^snmp(trap)?d(\.local)?\.conf$/)),
        ...inFolder('/etc/snmp/snmpd.conf.d', /\.conf$/),
      ],
      parse: parseSnmp,
      includes: snmpIncludes,
    },
    {
      paths: [
        ...inFolder('/etc/fail2ban', /^jail\.(conf|local)$/),
        ...['jail.d', 'action.d'].flatMap((name) => inFolder(`/etc/fail2ban/${name}`, /\.(conf|local)$/)),
      ],
      parse: parseFail2ban,
      includes: fail2banIncludes,
    },
    {
      paths: ['/etc/needrestart/needrestart.conf', ...inFolder('/etc/needrestart/conf.d', /\.conf$/)],
      parse: parsePerl,
      includes: (line) =>
        perlCommands(line).filter((one) => /^\/\S+$/.test(one) && /\b(do|require)\b/.test(line)),
    },
    { paths: ['/etc/smartd.conf', '/etc/smartmontools/smartd.conf'], parse: parseSmartd, includes: () => [] },
  ];
}

/** A script in them is run as root: by needrestart after each upgrade, by certbot twice a day, by cloud-init at boot. */
const HOOKS = [
  '/etc/needrestart/hook.d',
  '/etc/needrestart/notify.d',
  '/etc/needrestart/restart.d',
  '/etc/smartmontools/run.d',
  '/etc/smartmontools/smartd_warning.d',
  '/etc/letsencrypt/renewal-hooks/pre',
  '/etc/letsencrypt/renewal-hooks/post',
  '/etc/letsencrypt/renewal-hooks/deploy',
  '/var/lib/cloud/scripts/per-boot',
  '/var/lib/cloud/scripts/per-instance',
  '/var/lib/cloud/scripts/per-once',
  '/var/lib/cloud/instance/scripts',
];

/** hosts_options(5). */
const WRAPPERS = /\b(?:spawn|twist)\s+\(?\s*(\/[^)]*)/;
const CLOUD_INIT = /^\s*-\s*\[?\s*(?:sh,\s*-x?c,\s*)?["']?([^"'\]]*(?:\/|\|)[^"'\]]*)/;
/** mod_log_config, core, mod_rewrite, mod_ssl, mod_ext_filter: programs that Apache starts as root, and keeps running; and PHP’s own within it. */
const APACHE =
  /^\s*(?:CustomLog|TransferLog|ErrorLog|GlobalLog|ForensicLog)\s+(?:"\|[|$]?\s*((?:[^"\\]|\\.)+)"|'\|[|$]?\s*([^']+)'|\|[|$]?(\S+))|^\s*(?:RewriteMap|SSLPassPhraseDialog)\s.*?(?:prg|exec):([^"\s]+)|^\s*ExtFilterDefine\s.*\bcmd="([^"]+)"|^\s*php_(?:admin_)?value\s+(?:auto_(?:pre|ap)pend_file|extension)\s+["']?(\/[^"'\s]+)/i;
/** haproxy’s management guide: checks, Lua and programs beside it. */
const HAPROXY = /^\s*(?:external-check\s+command|lua-load(?:-per-thread)?|command)\s+(\/\S.*)$/;
const SQUID = /^\s*(?:\w+_program|auth_param\s+\w+\s+program|external_acl_type\s.*?)\s(\/\S.*)$/;
/** keepalived.conf(5). */
const KEEPALIVED = /^\s*(?:notify(?:_\w+)?|script|smtp_alert)\s+["']?([^"'\s{][^"']*)/;
/** plugins of auditd(8), and what it does when the disk is full. */
const AUDITD = /^\s*(?:path|dispatcher)\s*=\s*(\/\S+)|_action\s*=\s*exec\s+(\/\S+)/i;
/** Agents of monitoring: keys and checks that are commands. */
const CHECKS = /^\s*(?:UserParameter\s*=[^,]*,|command\[[^\]]*\]\s*=|LoadModule\s*=)\s*(\S.*)$/;
/** smb.conf(5). */
const SAMBA =
  /^\s*(?:(?:root )?(?:pre|post)exec\s*(?:close)?|magic script|panic action|message command|(?:add|delete|set|rename|change)[\w ]* (?:script|command)|username map script|passwd program|print command|lpq command)\s*=\s*(\S.*)$/i;
/** php.ini: run before or after every page, or loaded by every process. */
const PHP = /^\s*(?:auto_(?:pre|ap)pend_file|(?:zend_)?extension|extension_dir)\s*=\s*["']?(\/[^"';\s]+)/;

const FILES: readonly (readonly [string, RegExp])[] = [
  ['/etc/hosts.allow', WRAPPERS],
  ['/etc/hosts.deny', WRAPPERS],
  // sudo.conf(5): loaded by sudo, as root.
  ['/etc/sudo.conf', /^\s*Plugin\s+\S+\s+(\/\S+)/],
  // kdump.conf(5), of Red Hat: run by the kernel that comes up after a crash.
  ['/etc/kdump.conf', /^\s*(?:kdump_(?:pre|post)|core_collector)\s+(\S.*)$/],
  ['/etc/docker/daemon.json', /"(?:path|exec-root)"\s*:\s*"(\/[^"]+)"/],
  ['/etc/cloud/cloud.cfg', CLOUD_INIT],
  ['/etc/haproxy/haproxy.cfg', HAPROXY],
  ['/etc/squid/squid.conf', SQUID],
  ['/etc/keepalived/keepalived.conf', KEEPALIVED],
  ['/etc/audit/auditd.conf', AUDITD],
  ['/etc/samba/smb.conf', SAMBA],
  ['/etc/dnsmasq.conf', /^\s*(?:dhcp-script|dhcp-luascript)\s*=\s*(\S.*)$/],
  ['/etc/mdadm/mdadm.conf', /^\s*PROGRAM\s+(\S.*)$/],
  ['/etc/mdadm.conf', /^\s*PROGRAM\s+(\S.*)$/],
];

interface Folder {
  readonly folder: string;
  readonly name?: RegExp;
  readonly command: RegExp;
}

const FOLDERS: readonly Folder[] = [
  { folder: '/etc/cloud/cloud.cfg.d', name: /\.cfg$/, command: CLOUD_INIT },
  ...of(
    APACHE,
    '/etc/apache2',
    '/etc/apache2/conf-enabled',
    '/etc/apache2/sites-enabled',
    '/etc/apache2/mods-enabled',
  ),
  ...of(APACHE, '/etc/apache2/conf.d', '/etc/httpd/conf', '/etc/httpd/conf.d', '/etc/httpd/conf.modules.d'),
  ...of(AUDITD, '/etc/audit/plugins.d', '/etc/audisp/plugins.d'),
  ...of(
    CHECKS,
    '/etc/zabbix',
    '/etc/zabbix/zabbix_agentd.d',
    '/etc/zabbix/zabbix_agentd.conf.d',
    '/etc/zabbix/zabbix_agent2.d',
  ),
  ...of(CHECKS, '/etc/nagios', '/etc/nagios/nrpe.d', '/etc/nrpe.d'),
];

function of(command: RegExp, ...folders: readonly string[]): Folder[] {
  return folders.map((folder) => ({ folder, command, name: /\.(?:conf|load|cfg)$/ }));
}

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
    parseLines(text, (line) => firstGroup(command.exec(line)));
  return { as: 'lines', parse };
}
