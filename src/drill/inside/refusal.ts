import { basename } from 'node:path';
import { MARKER_FILE, MARKER_FOLDER } from '../places.ts';

/**
 * The opening of every script that plays a part of the infection (sh and bash). It goes on only in a drill's
 * sandbox: the marker is there, the host has the marked name, this is not the machine's own pid namespace (whose
 * number is fixed, PROC_PID_INIT_INO in include/linux/proc_ns.h), and pid 1 is the sandbox's init. The marker is not
 * named by its whole path, so that nobody who follows the paths of a bad script takes the marker for a part of it.
 */
export const REFUSAL = String.raw`# Part of a drill. Harmless: it only runs in the sandbox that the drill made, and ends by itself.
drill=$(echo ${MARKER_FOLDER})
is_drill() {
  [ -f "$drill/${basename(MARKER_FILE)}" ] || return 1
  { read -r drill_id && read -r drill_name; } < "$drill/${basename(MARKER_FILE)}" || return 1
  read -r own_name < /proc/sys/kernel/hostname
  [ "$own_name" = "$drill_name" ] || return 1
  [ "$(readlink /proc/self/ns/pid)" != 'pid:[4026531836]' ] || return 1
  [ "$(tr '\000' ' ' < /proc/1/cmdline)" = "/bin/sh $drill/init " ]
}
is_drill || { echo "this only runs in the sandbox of a drill" >&2; exit 86; }
`;
