/**
 * Names, ports and patterns that published write-ups connect with miners and what comes with them.
 * No entry here is enough by itself unless it says so; the judges give the weights.
 */

/** Process and file names used by miners and their droppers, with no known ordinary use. */
export const MINER_NAMES: ReadonlySet<string> = new Set([
  'xmrig',
  'xmrigdaemon',
  'xmrigminer',
  'xmr-stak',
  'xmr-stak-cpu',
  'xmrminer',
  'minerd',
  'cpuminer',
  'cpuminer-multi',
  'ccminer',
  'cgminer',
  'bfgminer',
  'nbminer',
  't-rex-miner',
  'lolminer',
  'srbminer-multi',
  'srbminer',
  'ethminer',
  'kinsing',
  'kdevtmpfsi',
  'kworkerds',
  'kworkerd',
  'kthreaddi',
  'kthreadad',
  'kswapd00',
  'ksoftirqds',
  'khugepageds',
  'sysrv',
  'sysrv001',
  'sysrv002',
  'sysrv012',
  'network01',
  'perfctl',
  'perfcc',
  'perfclean',
  'ddgs',
  'qw3xt.2',
  'watchdogs',
  'watchbog',
  'sustes',
  'sustse',
  'pwnrig',
  'pwnrigl',
  'dbused',
  'moneroocean_miner',
  'c3pool_miner',
  'wizlmsh',
  'diamorphine',
  'crypto-pool',
  'zzh',
  'newinit.sh',
  'sysupdata',
  'networkservice',
  'sysguard',
  'phpguard',
  'phpupdate',
  'wnTKYg',
  'atd1',
  'tsm32',
  'tsm64',
  'dovecat',
  'donate-xmr',
  'kauditd00',
  'solrd',
  'tntrecht',
  'bioset',
]);

/** Real kernel threads; a process of user space that goes by such a name pretends. */
export const KERNEL_THREAD_NAME =
  /^\[?(kworker(\/|\]?$)|kswapd\d*\]?$|kthreadd\]?$|ksoftirqd(\/|\]?$)|kauditd\d*\]?$|kdevtmpfs\]?$|khugepaged\]?$|kcompactd\d*\]?$|migration\/|rcu_(sched|bh|preempt|gp|par_gp)|watchdog\/|jbd2\/|ext4-rsv|scsi_eh_|kintegrityd|kblockd|crypto\]?$|bioset\]?$|kthrotld|irq\/\d|ksmd\]?$|oom_reaper|writeback\]?$|netns\]?$|mm_percpu_wq|cpuhp\/|idle_inject\/)/;

/** Host names of mining pools (parts of them). `mooo.com` is left out: it is anybody's dynamic DNS. */
export const POOL_DOMAIN =
  /(?:^|[./@\s"'=])((?:minexmr|supportxmr|c3pool|moneroocean|hashvault|nanopool|2miners|f2pool|herominers|unmineable|hashcity|miningpoolhub|nicehash|minergate|crypto-pool|monerohash|xmrpool|dwarfpool|ethermine|viabtc|poolin|antpool|slushpool|kryptex|zpool|prohashing|mining-dutch|xmr-eu\d?|skypool|p2pool|monerpool|minemonero|miner\.rocks|coinhive|cryptoloot|minerxmr)(?:\.[a-z0-9-]{1,63}){1,4})/i;

/** Ports that pools offer. Weak: databases and applications use several of them. */
export const POOL_PORTS: ReadonlySet<number> = new Set([
  3333, 3334, 3335, 3336, 3357, 4444, 5555, 5556, 5588, 5730, 6099, 6666, 7777, 7778, 8333, 9332, 9999, 10001,
  13531, 14433, 14444, 20580, 45560, 45700,
]);

/** A Monero address, standard or integrated. No checksum: write-ups show real miners with a mistyped one. */
export const WALLET =
  /(?<![A-Za-z0-9])[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?(?![A-Za-z0-9])/;
/** A shortened or starred one beside other miner's arguments. */
export const WALLET_ARGUMENT = /(?:^|\s)(?:-u|--user|--wallet|-wal)[=\s]\s*[48][0-9AB]?[1-9A-Za-z]{20,}/;

export const STRATUM_URL = /\bstratum[12]?\+(?:tcp|ssl|tls|udp):\/\//i;

/** Options that only miners have. */
export const MINER_OPTION =
  /(?:^|\s)(?:--donate-(?:level|over-proxy)|--nicehash|--randomx-[a-z-]+|--cpu-max-threads-hint|--rig-id|--coin[=\s]\s*(?:monero|xmr)|--algo[=\s]\s*(?:rx\/|cn\/|randomx|cryptonight)|-a\s+(?:rx\/|cn\/|randomx|cryptonight)|--cpu-priority|--asm[=\s]|--huge-pages-jit)/i;

/** What stratum and a miner's configuration look like in a file. */
export const MINER_TEXT =
  /"donate-level"|"rig-id"|"randomx"\s*:|mining\.(?:subscribe|authorize|notify)|"agent"\s*:\s*"XMRig|"algo"\s*:\s*"(?:rx|cn)\/|\bXMRig\b/;

/** Comments of keys that intruders are known to leave. */
export const KEY_COMMENTS: readonly { readonly pattern: RegExp; readonly who: string }[] = [
  { pattern: /mdrfckr/i, who: 'Outlaw' },
  { pattern: /team-?tnt|hilde@/i, who: 'TeamTNT' },
  { pattern: /h2miner|kinsing/i, who: 'Kinsing / H2Miner' },
  { pattern: /\bpwnrig\b|8220-?gang/i, who: '8220 / PwnRig' },
  { pattern: /xmrig|moneroocean/i, who: 'a miner’s dropper' },
];

export const INTRUDER_ACCOUNTS: ReadonlySet<string> = new Set([
  'monerodaemon',
  'hilde',
  'tnt',
  'mdrfckr',
  'xmrig',
  'kinsing',
]);

/** Preloaded libraries of known miners. */
export const PRELOAD_NAMES: ReadonlySet<string> = new Set([
  'libsystem.so',
  'libgcwrap.so',
  'libprocesshider.so',
  'libioset.so',
  'libcset.so',
  'libcurl.so.2.17.0',
  'libpamcd.so',
  'libdns.so.2',
  'libpthread.so.9',
  'processhider.so',
  'libc1.so',
]);

/** Vendors' agents that preload a library of no package. */
export const PRELOAD_AGENTS =
  /(?:^|\/)(?:liboneagentproc\.so|libsnoopy\.so|snoopy\.so|libjemalloc\.so[.\d]*|libtcmalloc[^/]*\.so[.\d]*|libauto_ld_preload[^/]*|libAppProtection\.so)$/;

/** Where updates come from: distributions, and what protects a host. */
export const UPDATE_DOMAIN =
  /(?:^|\.)(?:debian\.org|ubuntu\.com|launchpad\.net|centos\.org|rockylinux\.org|almalinux\.org|fedoraproject\.org|redhat\.com|alpinelinux\.org|opensuse\.org|suse\.com|archlinux\.org|kernel\.org|pypi\.org|npmjs\.org|docker\.com|docker\.io|letsencrypt\.org|mirrors\.aliyun\.com|mirrors\.cloud\.aliyuncs\.com|mirrors\.tencentyun\.com|github\.com)$/i;
export const SECURITY_DOMAIN =
  /(?:^|\.)(?:aegis\.aliyun\.com|jsrv\.aegis\.aliyun\.com|update\.aegis\.aliyun\.com|aliyuncs\.com|yundun\.aliyun\.com|clamav\.net|virustotal\.com|malwarebytes\.com|crowdstrike\.com|sentinelone\.net|kaspersky\.com|sophos\.com|eset\.com|bitdefender\.com|symantec\.com|trendmicro\.com|mcafee\.com|avast\.com|f-secure\.com|drweb\.com|rising\.com\.cn|360\.cn|abuse\.ch|security\.debian\.org|security\.ubuntu\.com|wazuh\.com|falco\.org|sysdig\.com|snyk\.io|rapid7\.com|tenable\.com|qualys\.com|aquasec\.com|lacework\.net|elastic\.co)$/i;

/** Folders that hide by name, as write-ups give them. */
export const HIDING_FOLDERS =
  /^(?:\.configrc\d*|\.rsync|\.\.\.+|\. +|\.\. +|\.ICEd-unix|\.xdiag|\.perf\.c|\.copydie|\.X\d+-unix|\.x11-unix|\.bin_|\.ddg|\.ssdm?|\.cache-sys|\.sysd)$/;

/** Dot folders of /tmp that belong there, with sockets in them: a program in one hides, by an ordinary name. */
export const STOCK_TEMP_FOLDERS: ReadonlySet<string> = new Set([
  '.X11-unix',
  '.ICE-unix',
  '.font-unix',
  '.XIM-unix',
  '.Test-unix',
]);

/** Ordinary hidden folders of a home; anything else hidden in a home is a little odd, no more. */
export const HOME_DOT_FOLDERS: ReadonlySet<string> = new Set([
  '.local',
  '.cache',
  '.config',
  '.ssh',
  '.npm',
  '.nvm',
  '.cargo',
  '.rustup',
  '.rbenv',
  '.pyenv',
  '.asdf',
  '.sdkman',
  '.acme.sh',
  '.bun',
  '.deno',
  '.pm2',
  '.composer',
  '.gem',
  '.m2',
  '.gradle',
  '.vscode-server',
  '.cursor-server',
  '.dotnet',
  '.docker',
  '.kube',
  '.gnupg',
  '.virtualenvs',
  '.venv',
  '.oh-my-zsh',
  '.vim',
  '.git',
  '.bash.d',
  '.bashrc.d',
  '.poetry',
  '.volta',
  '.fnm',
  '.jenv',
  '.linuxbrew',
  '.dapr',
  '.krew',
  '.yarn',
  '.nix-profile',
  '.profile.d',
  '.opam',
  '.ghcup',
]);

/** Programs that run what others wrote: never blamed for it. Version suffixes are stripped first. */
export const INTERPRETERS: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'mksh',
  'fish',
  'busybox',
  'node',
  'nodejs',
  'bun',
  'deno',
  'python',
  'perl',
  'ruby',
  'php',
  'php-fpm',
  'php-cgi',
  'java',
  'lua',
  'tclsh',
  'awk',
  'gawk',
  'mawk',
  'env',
  'ld-linux',
  'dotnet',
  'mono',
  'R',
  'Rscript',
  'pwsh',
]);

/** Start another program and wait: what counts is the program they start. */
export const WRAPPERS: ReadonlySet<string> = new Set([
  'sudo',
  'doas',
  'su',
  'env',
  'nice',
  'ionice',
  'nohup',
  'setsid',
  'timeout',
  'time',
  'watch',
  'strace',
  'ltrace',
  'ssh',
  'chroot',
  'exec',
  'command',
  'stdbuf',
  'taskset',
  'chrt',
  'flock',
  'unbuffer',
  'script',
  'xargs',
  'runuser',
  'setpriv',
  'systemd-run',
  'cpulimit',
  'builtin',
]);

/** Programs that only look at text: a pattern in their arguments says nothing about them. */
export const TEXT_TOOLS: ReadonlySet<string> = new Set([
  'grep',
  'egrep',
  'fgrep',
  'zgrep',
  'rg',
  'ag',
  'ack',
  'sed',
  'awk',
  'gawk',
  'mawk',
  'less',
  'more',
  'vi',
  'vim',
  'nvim',
  'nano',
  'emacs',
  'tail',
  'head',
  'cat',
  'find',
  'locate',
  'echo',
  'printf',
  'pgrep',
  'pkill',
  'ps',
  'man',
  'tee',
  'journalctl',
  'git',
  'scp',
  'rsync',
  'yara',
  'yr',
  'clamscan',
  'strings',
  'ausearch',
  'iptables',
  'nft',
  'dig',
  'host',
  'nslookup',
  'getent',
  'ping',
  'tcpdump',
  'wireshark',
]);

/** System units whose names are imitated. What packages of the host bring is added to it. */
export const KNOWN_UNITS: readonly string[] = [
  'systemd-networkd',
  'systemd-resolved',
  'systemd-timesyncd',
  'systemd-journald',
  'systemd-logind',
  'systemd-udevd',
  'systemd-hostnamed',
  'systemd-localed',
  'systemd-machined',
  'systemd-timedated',
  'systemd-oomd',
  'systemd-homed',
  'systemd-sysctl',
  'systemd-sysusers',
  'systemd-tmpfiles-setup',
  'systemd-tmpfiles-clean',
  'systemd-update-utmp',
  'systemd-user-sessions',
  'systemd-random-seed',
  'systemd-modules-load',
  'systemd-remount-fs',
  'systemd-boot-update',
  'systemd-pstore',
  'systemd-coredump',
  'systemd-binfmt',
  'dbus-org.freedesktop.network1',
  'dbus-org.freedesktop.resolve1',
  'dbus-org.freedesktop.timesync1',
  'dbus-org.freedesktop.login1',
  'dbus-org.freedesktop.hostname1',
  'dbus-org.freedesktop.locale1',
  'dbus-org.freedesktop.machine1',
  'dbus-org.freedesktop.timedate1',
  'dbus-org.freedesktop.import1',
  'dbus-org.freedesktop.portable1',
  'dbus-org.freedesktop.home1',
  'dbus-org.freedesktop.oom1',
  'dbus-org.freedesktop.ModemManager1',
  'dbus-org.freedesktop.nm-dispatcher',
  'dbus-org.freedesktop.Avahi',
  'dbus-org.bluez',
  'networking',
  'NetworkManager',
  'network-manager',
  'sshd',
  'ssh',
  'cron',
  'crond',
  'rsyslog',
  'syslog',
  'dbus',
  'dbus-broker',
  'polkit',
  'udev',
  'ModemManager',
  'accounts-daemon',
  'irqbalance',
  'unattended-upgrades',
  'apt-daily',
  'apt-daily-upgrade',
  'logrotate',
  'man-db',
  'fstrim',
  'chrony',
  'chronyd',
  'ntp',
  'ntpd',
  'auditd',
  'firewalld',
  'nftables',
  'apparmor',
  'cloud-init',
  'cloud-config',
  'getty',
  'snapd',
  'kmod',
  'keyboard-setup',
  'console-setup',
  'e2scrub_all',
  'dpkg-db-backup',
  'postfix',
  'nginx',
  'apache2',
  'docker',
  'containerd',
];
