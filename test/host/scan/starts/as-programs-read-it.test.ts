import { expect, it } from 'vitest';
import type { Finding } from '../../../../src/findings/finding.ts';
import { scanTree } from '../tree.ts';
import { makeDebian, script } from './packaged.ts';

/**
 * Each of these lines was run by the program whose settings they are (Debian 12: cron 3.0, anacron 2.3, exim 4.96,
 * postfix 3.7, procmail 3.22, logrotate 3.21, rsyslog 8.2302, snmpd 5.9, fail2ban 1.0, needrestart 3.6, supervisor 4.2,
 * monit 5.33, runit 2.1, ifupdown 0.8, openvpn 2.6, wg-quick 1.0, dhclient 4.4, acpid 2.0, openrc 0.45), by a program
 * that wrote down its name. `BAD` stands for it; lines that hold `bad` go on from one before, and go with it.
 */
const BAD = '/var/tmp/.q/run';
const OK = '/usr/local/bin/ok';
const FILES: Readonly<Record<string, string>> = {
  '/etc/cron.d/shell': `SHELL=${BAD}\n* * * * * root true\n`,
  '/etc/cron.d/quoted': `"SHELL" = "${BAD}"\nPATH=/usr/sbin:/usr/bin\n`,
  '/etc/cron.d/stdin': `* * * * * root sh%exec ${BAD}%\n0 0 * * * root ok date +%F\n`,
  '/etc/cron.d/home': 'HOME=/var/tmp/.q\n* * * * * root ./run bad\n* * * * * root ~/run bad\n',
  '/etc/cron.d/variable': `X=${BAD}\nTZ=UTC\n* * * * * root $X bad\n* * * * * root \${X} bad\n`,
  '/etc/cron.d/return': `* * * * * root ${BAD}\r\n`,
  '/var/spool/cron/tabs/root': `@minutely ${BAD}\n@daily ${OK}\n`,
  '/etc/anacrontab': `SHELL=/bin/sh\n1 5 a ${OK}\n1 5 b true \\\n  && ${BAD}\n1 5 c ${BAD}\r\n`.replace(
    'true \\',
    'true bad \\',
  ),
  '/etc/incron.conf': 'system_table_dir = /etc/tables\n',
  '/etc/tables/x': `/srv IN_CREATE,loopable=true ${BAD}\n`,
  '/etc/aliases': `postmaster: root\na: "|${BAD}", root\nb: root,\n  |${BAD}\nc: "|${BAD} \\"x\\" y"\nd: :include:/etc/list\nf: "|${OK} post", root\n`,
  '/etc/list': `root\n"|${BAD}"\n`,
  '/etc/postfix/main.cf': `alias_maps = hash:/etc/aliases, hash:/etc/others\nmailbox_command = ${BAD} -a\nmyhostname = x\n`,
  '/etc/postfix/master.cf': `smtp inet n - y - - smtpd\nx unix - n n - - pipe\n  flags=R user=nobody\n  argv=${BAD}\ny unix - n n - - pipe flags=R argv=${OK}\n`,
  '/etc/others': `x: "|${BAD}"\n`,
  '/home/ann/.forward+x': `"|${BAD}"\n`,
  '/home/ann/.forward': `# Exim filter\nif $h_subject: contains x then\n unseen pipe "${BAD}" endif\n`,
  '/root/.procmailrc': `A=\`${BAD}\`\nTRAP="${BAD}"\nINCLUDERC=$HOME/more.rc\n:0 c\n* ? ${BAD}\n/dev/null\n:0 hc\nOUT=| ${BAD}\n:0\n* 1^1 ? ${BAD}\n* ^Subject: ok?\n| cat bad; \\\n ${BAD}\n`,
  '/root/more.rc': `:0 c\n| ${BAD}\n`,
  '/etc/logrotate.d/x': `/var/log/x {\n postrotate # of x\n ${BAD}\n # endscript\n ${BAD}\n endscript\n}\ninclude /etc/more.d\n/var/log/y {\n compresscmd ${BAD}\n prerotate\n  true bad \\\n   && ${BAD}\n endscript\n}\n`,
  '/etc/more.d/y': `/var/log/z {\n postrotate=\n ${BAD}\n endscript\n}\n`,
  '/etc/rsyslog.d/1.conf': `ACTION(TYPE="omprog" BINARY="${BAD}")\n& ^${BAD}\n:msg, contains, "x" ^${BAD};fmt\n$ActionOMProgBinary ${BAD}\n$IncludeConfig /etc/rs/*.inc\n:msg, regex, "^/ok" ~\n`,
  '/etc/rs/a.inc': `action(type="omprog"\n  binary = "${BAD}")\n`,
  '/etc/snmp/snmpd.conf': `EXTEND a ${BAD}\nextend "a b" ${BAD}\nextend -cacheTime 1 .1.3.6.1.4 c ${BAD}\nextend-sh d ${BAD}\npass -p 1 .1.3.6.1.4 ${BAD}\nincludeFile /etc/more.conf\nextend ok ${OK}\n`,
  '/etc/more.conf': `extend e ${BAD}\n`,
  '/etc/snmp/snmptrapd.conf': `TrapHandle default ${BAD}\n`,
  '/usr/share/snmp/snmpd.conf': `extend f ${BAD}\n`,
  '/etc/fail2ban/jail.local': `[DEFAULT]\nignorecommand = ${BAD}\n[x]\nlogpath = /var/log/ok.log\naction = y\n  z[start="${BAD}"]\n`,
  '/etc/fail2ban/action.d/y.local': `[Definition]\nActionStop: ${BAD}\nactionban =\n  ok <ip>\n  ${BAD}\n ; comment\n  ${BAD}\n[Init]\nmine = ${BAD}\nport = ssh\n`,
  '/etc/needrestart/needrestart.conf': `$x = qx(${BAD});\nsystem qw(${BAD} a);\nopen(F, "${BAD} |");\ndo '/etc/more.pl';\n$nrconf{ok} = 1;\n`,
  '/etc/more.pl': `system('${BAD}');\n`,
  '/etc/smartd.conf': `/dev/sda -a -m root bad \\\n  -M exec ${BAD}\n/dev/sdb -m ok\n`,
  '/etc/supervisor/supervisord.conf': '[include]\nfiles = /etc/supervisor/conf.d/*.conf /etc/sup/*.ini\n',
  '/etc/sup/x.ini': `[program:a]\nCOMMAND : ${BAD} ; comment\n[program:b]\ncommand =\n  ${BAD}\n[program:c]\ncommand=${OK}\nenvironment=LD_PRELOAD="${BAD}.so",X="1"\n`,
  '/etc/monit/conf.d/x': `check process a pidfile /run/a.pid START PROGRAM "${BAD}" with timeout 3 seconds\n  stop "${BAD}"\ncheck program b with path "${BAD}" if status != 0 then alert\ncheck file c path /etc/passwd if changed checksum then exec ${BAD}\ncheck file d path /var/tmp/.ok\n`,
  '/etc/xinetd.d/x': `service x\n{\n server\t=\t${BAD}\n}\n`,
  '/etc/sv/a/finish': `#!/bin/sh\n${BAD}\n`,
  '/etc/sv/a/log/run': `#!/bin/sh\nexec chpst -u nobody ${BAD}\n`,
  '/etc/sv/a/control/t': `#!/bin/sh\n${BAD}\n`,
  '/etc/sv/b/run': `#!/usr/bin/perl\nsystem("${BAD}");\n`,
  '/etc/s6/sv/c/run': `#!/usr/bin/execlineb -P\nforeground { ${BAD} }\n`,
  '/etc/acpi/events/x': `event=.*\naction=${BAD} %e\n`,
  '/etc/network/interfaces': `source /etc/net/*.inc\nsource-directory /etc/net/dir\niface a inet manual\n\tpost-up true bad; \\\n\t  ${BAD}\nmapping b\n\tscript ${BAD}\n`,
  '/etc/net/a.inc': `iface a inet6 manual\n up ${BAD}\n`,
  '/etc/net/dir/b': `iface a inet6 manual\r\n up ${BAD}\r\n`,
  '/etc/wireguard/a.conf': `[Interface]\npostup=${BAD} # comment\nPREDOWN = true; ${BAD}\nAddress = 10.0.0.1/24\n`,
  '/etc/openvpn/client/a.conf': `--up '${BAD}'\nroute-up "${BAD} \\"x\\"" # comment\nplugin ${BAD}.so\nconfig /etc/openvpn/more\nremote ok.example\n`,
  '/etc/openvpn/more': `down "${BAD}"\n`,
  '/etc/dhcp/dhclient.conf': `script "${BAD}";\ntimeout 1;\non commit { execute("${BAD}", "x"); }\n`,
  '/etc/init.d/a': `#!/sbin/openrc-run\nstart() {\n  start-stop-daemon --start --background --exec ${BAD} -- x\n}\n`,
  '/etc/conf.d/a': `ARGS="-ok"\nPROGRAM=${BAD}\nstart_post() { ${BAD}; }\n`,
  '/etc/rc.conf': `rc_ok="NO"\n${BAD} &\n`,
  '/etc/sysconfig/network': `NETWORKING=yes\n${BAD} &\n`,
};

it('reads settings as the program does that they are for: every line that starts something, and none besides', async () => {
  const entries = Object.entries(FILES).map(
    ([path, text]) => [path, text.startsWith('#!') ? { text, mode: 0o755 } : text] as const,
  );
  const tree = { ...Object.fromEntries(entries), [BAD]: script('sleep 1'), [OK]: script('true') };
  const outcome = await scanTree(makeDebian({}, tree), { packageManager: 'apt' });
  const told = Object.keys(FILES).map((path) => [path, linesTold(outcome.findings, path)] as const);
  const expected = Object.entries(FILES).map(([path, text]) => [path, linesMeant(text)] as const);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(expected));
});

function linesMeant(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, index) => (/\bbad\b|\.q\/run/.test(line) && !/^X=/.test(line) ? [index + 1] : []));
}

function linesTold(findings: readonly Finding[], path: string): number[] {
  const places = findings
    .filter(({ verdict }) => verdict === 'malicious')
    .flatMap(({ places }) => places.filter((place) => place.path === path));
  return [...new Set(places.flatMap(({ line }) => line ?? []))].toSorted((a, b) => a - b);
}
