/** What a person would type to have a part of the system read its files anew, once one of them was changed. */
export const RELOADS = {
  /** udev(7): rules are read again by themselves only for new events; the daemon is told. */
  udev: ['udevadm control --reload'],
  /** The menu is made from /etc/default/grub and /etc/grub.d. */
  grub: ['update-grub || grub2-mkconfig -o /boot/grub2/grub.cfg'],
  /** Hooks and modules are packed into the image: what was packed runs until it is packed anew. */
  initramfs: ['update-initramfs -u || dracut --force'],
  systemd: ['systemctl daemon-reload'],
  /** Takes what /etc/sysctl.conf and sysctl.d now say; a setting that nothing names any more stays as it is. */
  sysctl: ['sysctl --system'],
  /** The cache that the dynamic linker reads instead of ld.so.conf.d (ldconfig(8)). */
  linker: ['ldconfig -X'],
  /** These read their configuration when they start; PostgreSQL and sshd can be told. */
  redis: ['systemctl restart redis-server || systemctl restart redis'],
  docker: ['systemctl restart docker'],
  kubelet: ['systemctl restart kubelet'],
  jenkins: ['systemctl restart jenkins'],
  postgresql: ['systemctl reload postgresql'],
  sshd: ['sshd -t && systemctl reload ssh || systemctl reload sshd'],
} as const;

export type ReloadName = keyof typeof RELOADS;

/** What reads a file that lies there once and then goes by what it has read. Empty for most files. */
export function reloadsFor(path: string): readonly ReloadName[] {
  return PLACES.flatMap(([pattern, name]) => (pattern.test(path) ? [name] : []));
}

const PLACES: readonly (readonly [RegExp, ReloadName])[] = [
  [/^(?:\/etc|\/run|(?:\/usr(?:\/local)?)?\/lib)\/udev\/rules\.d\//, 'udev'],
  [/^\/etc\/(?:default\/grub(?:\.d\/|$)|grub\.d\/)/, 'grub'],
  [
    /^(?:\/etc\/(?:initramfs-tools|dracut\.conf\.d|mkinitcpio\.d)\/|\/etc\/dracut\.conf$|\/usr\/(?:share\/initramfs-tools|lib\/dracut)\/)/,
    'initramfs',
  ],
  [/^(?:\/etc|\/run|\/usr\/local\/lib|\/usr\/lib|\/lib)\/systemd\/system(?:-generators)?(?:\/|$)/, 'systemd'],
  [/^\/(?:etc\/sysctl\.conf$|(?:etc|run|usr\/lib|usr\/local\/lib)\/sysctl\.d\/)/, 'sysctl'],
  [/^\/etc\/ld\.so\.conf(?:$|\.d\/)/, 'linker'],
  [/^\/(?:usr\/(?:local\/)?)?lib(?:64)?\/(?:[^/]+-linux-[^/]+\/)?lib[^/]*\.so(?:\.[\d.]+)?$/, 'linker'],
  [/^\/etc\/ssh\/sshd_config(?:$|\.d\/)/, 'sshd'],
];
