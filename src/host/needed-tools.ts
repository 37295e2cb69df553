/** A tool that some operation starts, and the package that brings it. Looked up by `doctor` and by the drill. */
export interface NeededTool {
  /** One of these names is enough. */
  readonly anyOf: readonly string[];
  /** What cannot be done without it. */
  readonly why: string;
  /** `always`: nothing works without; `drill`: only the sandbox needs it. */
  readonly need: 'always' | 'operations' | 'drill';
  /** null where every installation has it or none brings it. */
  readonly packages: {
    readonly apt: string | null;
    readonly dnf: string | null;
    readonly apk: string | null;
  };
}

/** Names as of Debian 12, Fedora 41 and Alpine 3.20. */
export const NEEDED_TOOLS: readonly NeededTool[] = [
  {
    anyOf: ['nft', 'iptables'],
    why: 'block addresses and isolate the host',
    need: 'operations',
    packages: { apt: 'nftables', dnf: 'nftables', apk: 'nftables' },
  },
  {
    anyOf: ['setsid'],
    why: 'take isolation back by itself when nobody confirms it',
    need: 'operations',
    packages: { apt: 'util-linux', dnf: 'util-linux-core', apk: 'setsid' },
  },
  {
    anyOf: ['usermod', 'passwd'],
    why: 'lock accounts',
    need: 'operations',
    packages: { apt: 'passwd', dnf: 'shadow-utils', apk: 'shadow' },
  },
  {
    anyOf: ['chage'],
    why: 'make users set a new password',
    need: 'operations',
    packages: { apt: 'passwd', dnf: 'shadow-utils', apk: 'shadow' },
  },
  {
    anyOf: ['ssh-keygen'],
    why: 'make new SSH host keys',
    need: 'operations',
    packages: { apt: 'openssh-client', dnf: 'openssh', apk: 'openssh-keygen' },
  },
  {
    anyOf: ['touch'],
    why: 'put files back with their time to the nanosecond',
    need: 'operations',
    packages: { apt: 'coreutils', dnf: 'coreutils', apk: 'coreutils' },
  },
  {
    anyOf: ['getfattr'],
    why: 'keep extended attributes of files in quarantine on record',
    need: 'operations',
    packages: { apt: 'attr', dnf: 'attr', apk: 'attr' },
  },
  {
    anyOf: ['lsattr'],
    why: 'see and lift the immutable flag',
    need: 'operations',
    packages: { apt: 'e2fsprogs', dnf: 'e2fsprogs', apk: 'e2fsprogs-extra' },
  },
  {
    anyOf: ['unshare'],
    why: 'make the sandbox of the drill',
    need: 'drill',
    packages: { apt: 'util-linux', dnf: 'util-linux', apk: 'util-linux-misc' },
  },
  {
    anyOf: ['nsenter'],
    why: 'go into the sandbox of the drill',
    need: 'drill',
    packages: { apt: 'util-linux', dnf: 'util-linux', apk: 'util-linux-misc' },
  },
  {
    anyOf: ['ip'],
    why: 'give the sandbox its pretend network',
    need: 'drill',
    packages: { apt: 'iproute2', dnf: 'iproute', apk: 'iproute2' },
  },
  {
    anyOf: ['setpriv'],
    why: 'take the sandbox the rights that reach past it',
    need: 'drill',
    packages: { apt: 'util-linux', dnf: 'util-linux', apk: 'setpriv' },
  },
];
