import { MARKER_FILE, MARKER_FOLDER } from '../places.ts';

/**
 * The opening of every script that plays a part of the infection (sh and bash). It goes on only in a drill's
 * sandbox: the marker is there, the host has the marked name, this is not the machine's own pid namespace (whose
 * number is fixed, PROC_PID_INIT_INO in include/linux/proc_ns.h), and pid 1 is the sandbox's init.
 */
export const REFUSAL = String.raw`# Part of a drill. Harmless: it only runs in the sandbox that the drill made, and ends by itself.
is_drill() {
  [ -f ${MARKER_FILE} ] || return 1
  { read -r drill_id && read -r drill_name; } < ${MARKER_FILE} || return 1
  read -r own_name < /proc/sys/kernel/hostname
  [ "$own_name" = "$drill_name" ] || return 1
  [ "$(readlink /proc/self/ns/pid)" != 'pid:[4026531836]' ] || return 1
  [ "$(tr '\000' ' ' < /proc/1/cmdline)" = "/bin/sh ${MARKER_FOLDER}/init " ]
}
is_drill || { echo "this only runs in the sandbox of a drill" >&2; exit 86; }
`;
