/** The package that brings a tool, by package manager. Checked against Debian 12, Fedora 43 and Alpine 3.22. */
export interface ToolPackages {
  readonly apt: string;
  readonly dnf: string;
  readonly apk: string;
}

const same = (name: string): ToolPackages => ({ apt: name, dnf: name, apk: name });
const UTIL_LINUX: ToolPackages = same('util-linux');

export const TOOL_PACKAGES: Readonly<Record<string, ToolPackages>> = {
  nft: same('nftables'),
  iptables: { apt: 'iptables', dnf: 'iptables-nft', apk: 'iptables' },
  ip: { apt: 'iproute2', dnf: 'iproute', apk: 'iproute2' },
  ss: { apt: 'iproute2', dnf: 'iproute', apk: 'iproute2-ss' },
  bash: same('bash'),
  unshare: UTIL_LINUX,
  nsenter: UTIL_LINUX,
  setsid: UTIL_LINUX,
  flock: { apt: 'util-linux', dnf: 'util-linux-core', apk: 'flock' },
  setpriv: { apt: 'util-linux', dnf: 'util-linux', apk: 'setpriv' },
  pivot_root: UTIL_LINUX,
  mount: { apt: 'mount', dnf: 'util-linux-core', apk: 'mount' },
  umount: { apt: 'mount', dnf: 'util-linux-core', apk: 'umount' },
  crontab: { apt: 'cron', dnf: 'cronie', apk: 'dcron' },
  ssh: { apt: 'openssh-client', dnf: 'openssh-clients', apk: 'openssh-client-default' },
  'ssh-keygen': { apt: 'openssh-client', dnf: 'openssh', apk: 'openssh-keygen' },
  sshd: { apt: 'openssh-server', dnf: 'openssh-server', apk: 'openssh-server' },
  ps: { apt: 'procps', dnf: 'procps-ng', apk: 'procps' },
  age: same('age'),
  'age-keygen': same('age'),
  chromium: same('chromium'),
  'redis-server': { apt: 'redis-server', dnf: 'valkey-compat-redis', apk: 'redis' },
  pg_ctlcluster: { apt: 'postgresql', dnf: 'postgresql-server', apk: 'postgresql' },
  zstd: same('zstd'),
  tar: same('tar'),
  setfacl: same('acl'),
  getfattr: same('attr'),
  setfattr: same('attr'),
  chattr: { apt: 'e2fsprogs', dnf: 'e2fsprogs', apk: 'e2fsprogs-extra' },
  lsattr: { apt: 'e2fsprogs', dnf: 'e2fsprogs', apk: 'e2fsprogs-extra' },
  setcap: { apt: 'libcap2-bin', dnf: 'libcap', apk: 'libcap-setcap' },
  getcap: { apt: 'libcap2-bin', dnf: 'libcap', apk: 'libcap-getcap' },
  podman: same('podman'),
  'systemd-nspawn': { apt: 'systemd-container', dnf: 'systemd-container', apk: '' },
  crun: same('crun'),
  debootstrap: same('debootstrap'),
  rpm: same('rpm'),
  rpmbuild: { apt: 'rpm', dnf: 'rpm-build', apk: 'rpm-dev' },
  btrfs: same('btrfs-progs'),
  'mkfs.btrfs': same('btrfs-progs'),
  systemctl: { apt: 'systemd', dnf: 'systemd', apk: '' },
  useradd: { apt: 'passwd', dnf: 'shadow-utils', apk: 'shadow' },
  chage: { apt: 'passwd', dnf: 'shadow-utils', apk: 'shadow' },
  usermod: { apt: 'passwd', dnf: 'shadow-utils', apk: 'shadow' },
  tmux: same('tmux'),
  screen: same('screen'),
  openssl: same('openssl'),
  sudo: same('sudo'),
  expect: same('expect'),
  strace: same('strace'),
};
