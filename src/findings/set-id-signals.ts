import { basename, isInterpreter } from './command-reading.ts';
import type { Indicators } from './indicators.ts';
import type { ObservedMark } from './mark.ts';
import { isTempPath, placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** Programs that distributions ship with set-id bits; by name, since no package manager but rpm records modes. */
const ORDINARY =
  /^(su|sudo|sudoedit|sudo-rs|su-rs|doas|mount|umount|mount\.(nfs|cifs|ntfs|ecryptfs_private|davfs)|passwd|chsh|chfn|chage|expiry|gpasswd|newgrp|sg|crontab|at|atd?|batch|ssh-agent|ssh-keysign|unix_chkpwd|unix2_chkpwd|pam_extrausers_chkpwd|pam_timestamp_check|dbus-daemon-launch-helper|polkit-agent-helper-1|pkexec|fusermount3?|ntfs-3g|wall|write|bsd-write|bsdwrite|screen|ping6?|traceroute6?|traceroute6?\.iputils|arping|mtr-packet|mail-(un)?lock|mail-touchlock|dotlockfile|dotlock\.mailutils|lockfile|procmail|sendmail|exim4?|postdrop|postqueue|locate|[mps]locate|Xorg\.wrap|Xorg|pppd|newuidmap|newgidmap|staprun|cockpit-session|utempter|usernetctl|chrome-sandbox|snap-confine|snap-update-ns|lppasswd|vmware-user-suid-wrapper|bwrap|nvidia-modprobe|userhelper|grub2-set-bootenv|suexec\d*|spice-client-glib-usb-acl-helper|qemu-bridge-helper|lxc-user-nic|camel-lock-helper-.*|utmp|netreport|bbsuid|abuild-sudo|singularity|starter-suid|ksu|mlocate|camlock|VBox\w+|gnome-pty-helper|dumpcap|kismet_cap_.*|btmgmt|ecryptfs.*|man|mandb|games.*|cgexec|unix_update|sendmail\.sendmail|crond?|chronyd)$/;

/** A program that runs with its owner's or its group's rights, whoever starts it. */
export function setIdSignals(seen: ObservedMark, indicators: Indicators): Signal[] {
  const { isSetUid, uid, isShell, nested } = seen.details;
  const name = basename(seen.name);
  const isRoot = isSetUid === 'yes' && uid === '0';
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const what = isRoot
    ? 'root’s rights'
    : isSetUid === 'yes'
      ? `the rights of ${seen.owner}`
      : 'the rights of its group';
  if (isRoot && (isShell === 'yes' || DOES_ANYTHING.has(name) || isInterpreter(name)))
    add(
      'does-anything',
      'set-id-shell',
      90,
      `It does whatever it is told, with ${what}: whoever starts it is root`,
    );
  if (nested === 'yes') {
    add('place', 'another-system', 10, 'It is in the tree of another system that lies here');
    return signals;
  }
  if (isTempPath(seen.name))
    add(
      'place',
      'set-id-in-temp',
      isRoot ? 90 : 45,
      `It runs with ${what}, from a folder that anybody writes to`,
    );
  else signals.push(...placeSignals(seen.name, true, indicators));
  if (seen.package === null) {
    add('package', 'set-id-unowned', isRoot ? 45 : 25, `It runs with ${what}, and no package owns it`);
  } else if (!ORDINARY.test(name)) {
    add(
      'package',
      'odd-set-id',
      isRoot ? 25 : 10,
      `It runs with ${what}, which programs of this name seldom do`,
    );
  }
  return signals;
}

/** Not interpreters, and as good as one for who may start them as root. */
const DOES_ANYTHING: ReadonlySet<string> = new Set(
  'busybox env find vim vi nano ed less more man awk gawk mawk sed tar zip cp mv dd tee cat install rsync nmap gdb strace time timeout nice xargs watch socat nc ncat curl wget docker systemctl tclsh expect ld.so chmod chown setcap'.split(
    ' ',
  ),
);
