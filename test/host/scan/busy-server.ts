import type { Entries } from './mechanisms/pair.ts';
import { publicKey } from './tree.ts';

/** What a server that does much has from packages: web, database, cache, containers, mail, guards, languages. */
export const BUSY_PACKAGES = [
  ...[
    'systemd',
    'systemd-sysv',
    'dbus',
    'cron',
    'at',
    'sudo',
    'rsyslog',
    'logrotate',
    'openssh-server',
    'polkitd',
  ],
  ...[
    'nginx',
    'apache2',
    'postgresql',
    'redis-server',
    'php-fpm',
    'memcached',
    'haproxy',
    'exim4-daemon-light',
  ],
  ...['docker.io', 'git', 'python3-pip', 'python3-venv', 'nodejs', 'supervisor', 'etckeeper', 'chrony'],
  ...[
    'fail2ban',
    'unattended-upgrades',
    'ufw',
    'auditd',
    'apparmor',
    'iputils-ping',
    'curl',
    'wget',
    'net-tools',
  ],
];

const DOCKER = `/var/lib/docker/containers/${'5'.repeat(64)}`;
const script = (text: string) => ({ text: `#!/bin/sh\n${text}\n`, mode: 0o755 });

/** And what people have added to it by hand. All of it is as it is found on servers, and none of it is to be blamed. */
export const BUSY_BY_HAND: Entries = {
  '/var/spool/cron/crontabs/root': [
    '# m h dom mon dow command',
    '15 3 * * * curl -fsS -T /srv/backup/nightly.tar.gz https://backup.example.net/in/ >/dev/null 2>&1',
    '*/5 * * * * cd /srv/app && /usr/bin/php artisan schedule:run >> /dev/null 2>&1',
    '@reboot /opt/hostwatch/bin/ship --daemon',
    '',
  ].join('\n'),
  '/etc/cron.d/certbot-renew': '0 */12 * * * root test -x /usr/bin/certbot && certbot -q renew\n',
  '/etc/cron.daily/dump': script('pg_dumpall -U postgres | gzip > /srv/backup/all.sql.gz'),
  '/etc/systemd/system/app.service':
    '[Unit]\nDescription=App\n[Service]\nUser=www-data\nEnvironment=NODE_ENV=production\nExecStart=/usr/bin/node /srv/app/server.js\nRestart=always\n[Install]\nWantedBy=multi-user.target\n',
  '/etc/systemd/system/multi-user.target.wants/app.service': { link: '/etc/systemd/system/app.service' },
  '/etc/systemd/system/backup.service': '[Service]\nType=oneshot\nExecStart=/usr/local/sbin/backup\n',
  '/etc/systemd/system/backup.timer': '[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n',
  '/etc/systemd/system/nginx.service.d/limits.conf': '[Service]\nLimitNOFILE=65536\n',
  '/usr/local/sbin/backup': script('restic backup /srv --exclude-caches'),
  '/usr/local/bin/deploy': script('set -e\ngit -C /srv/app pull\nsystemctl restart app'),
  '/opt/hostwatch/bin/ship': { text: '\x7fELFagent', mode: 0o755 },
  '/etc/sudoers.d/90-cloud-init-users': 'admin ALL=(ALL) NOPASSWD:ALL\n',
  '/etc/sudoers.d/deploy': 'deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart app\n',
  '/etc/ssh/sshd_config.d/10-keys.conf': 'PasswordAuthentication no\nPermitRootLogin prohibit-password\n',
  '/root/.ssh/authorized_keys': `${publicKey('a')} ann@laptop\ncommand="/usr/local/bin/receive",restrict ${publicKey('b')} backup@bastion\n`,
  '/root/.bashrc': [
    'export NVM_DIR="$HOME/.nvm"',
    '[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"',
    'export PATH="$HOME/.local/bin:$HOME/.cargo/bin:$PATH"',
    "alias ll='ls -l'",
    '',
  ].join('\n'),
  '/etc/profile.d/proxy.sh': 'export https_proxy=http://proxy.example:3128\n',
  '/etc/sysctl.d/60-server.conf':
    'vm.swappiness=10\nnet.core.somaxconn=4096\nfs.inotify.max_user_watches=524288\n',
  '/etc/hosts': '127.0.0.1 localhost\n10.0.0.5 db.internal\n0.0.0.0 ads.example.com\n',
  '/etc/rc.local': script('echo never > /sys/kernel/mm/transparent_hugepage/enabled\nexit 0'),
  '/etc/modules-load.d/k8s.conf': 'overlay\nbr_netfilter\n',
  '/etc/udev/rules.d/70-persistent-net.rules':
    'SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="52:54:00:12:34:56", NAME="lan0"\n',
  '/etc/ufw/user.rules':
    '*filter\n-A ufw-user-input -p tcp --dport 22 -j ACCEPT\n-A ufw-user-input -p tcp --dport 443 -j ACCEPT\nCOMMIT\n',
  '/etc/apt/sources.list.d/vendor.list':
    'deb [signed-by=/usr/share/keyrings/vendor.gpg] https://packages.example.com/apt stable main\n',
  '/etc/apt/apt.conf.d/90local':
    'Acquire::Retries "3";\nDPkg::Post-Invoke {"/usr/local/bin/report-packages || true";};\n',
  '/srv/app/server.js': 'require("http").createServer().listen(8080);\n',
  '/srv/app/.git/hooks/post-merge': script('npm ci'),
  '/var/www/html/index.php':
    '<?php require __DIR__."/vendor/autoload.php"; $kernel->handle(Request::capture());\n',
  [`${DOCKER}/config.v2.json`]: JSON.stringify({
    Name: '/metabase',
    Path: '/app/run_metabase.sh',
    Args: [],
    Config: { Image: 'metabase/metabase:v0.50', Env: ['MB_DB_TYPE=postgres', 'MB_DB_PASS=example'] },
  }),
  [`${DOCKER}/hostconfig.json`]: JSON.stringify({
    RestartPolicy: { Name: 'unless-stopped' },
    Binds: ['/srv/metabase:/data', '/etc/localtime:/etc/localtime:ro'],
  }),
  '/tmp/npm-4711/package/install.js': 'console.log(1)\n',
  '/var/log/wtmp': 'r'.repeat(384 * 3),
};
