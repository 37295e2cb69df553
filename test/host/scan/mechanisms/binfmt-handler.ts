import type { Pair } from './pair.ts';

/** The neighbour is as qemu-user-binfmt writes it: another processor's programs, with the word for it in the magic. */
const ARM =
  ':qemu-aarch64:M::\\x7f\\x45\\x4c\\x46\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/usr/libexec/qemu-binfmt/aarch64-binfmt-P:OCPF\n';

export const pair: Pair = {
  tree: {
    '/etc/binfmt.d/all.conf': '# speed\n:go:M::\\x7fELF::/var/tmp/.g/go:OC\n',
    '/etc/binfmt.d/mono.conf': ':mono:M::MZ::/usr/bin/mono:\n',
    '/usr/lib/binfmt.d/qemu-aarch64.conf': ARM,
  },
  blamed: [
    { path: '/etc/binfmt.d/all.conf', line: 2, verdict: 'malicious', code: 'every-program', attack: 'T1546' },
  ],
  passed: ['mono.conf', 'qemu-aarch64.conf'],
};
