import { DROP_ARGUMENT, MARKER_FILE, MARKER_FOLDER, SANDBOX_ADDRESS, STARTS_FILE } from '../places.ts';

/**
 * Builds the sandbox's file system and becomes its init. Run by sh in new mount, pid, net, uts, ipc and cgroup
 * namespaces: `setup FOLDER root|user ID HOSTNAME [overlay PATH | copy PATH | bind PATH]…`.
 *
 * Says `up` on stdout when the namespaces exist, then reads `veth` or `loopback` on stdin, and `ready` when init
 * has taken over. `note TEXT` lines say what could not be had.
 *
 * Order that must be kept: the new root is whole before pivot_root, the old root is detached before anything else
 * runs, and capabilities are dropped last of all (mounting needs them).
 */
export const SETUP_SCRIPT = String.raw`set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C.UTF-8
folder=$1 mode=$2 id=$3 name=$4
shift 4
echo up
umask 022
base=$folder/root
mkdir -p "$base"
mount -t tmpfs -o mode=755,size=50% tourniquet-drill "$base"
mkdir "$base/upper" "$base/work" "$base/root"
root=$base/root
layer=0

give_up() { printf '%s\n' "$1" >&2; exit 1; }
note() { printf 'note %s\n' "$1"; }

# overlay LOWER TARGET: writes go to the tmpfs, LOWER stays as it is.
overlay() {
  layer=$((layer + 1))
  mkdir -p "$base/upper/$layer" "$base/work/$layer"
  options="lowerdir=$1,upperdir=$base/upper/$layer,workdir=$base/work/$layer"
  if [ "$mode" = root ]; then
    # With an index a file keeps its inode number under a second name, as on any other file system.
    mount -t overlay -o "index=on,$options" overlay "$2" 2>/dev/null && return
  else
    options="userxattr,$options"
  fi
  mount -t overlay -o "$options" overlay "$2" 2>/dev/null
}

if [ "$mode" = root ]; then
  overlay / "$root" || give_up "an overlay cannot be laid over the machine's root file system"
else
  mount --bind "$root" "$root" # pivot_root wants a mount of its own
  # Mounts that came along are locked together, so / as a whole is refused: one folder at a time. A folder can only
  # be written to if it is in the upper layer beforehand, because the owner of the lower one is not mapped.
  for path in /* /.[!.]*; do
    folder_name=${'$'}{path#/}
    if [ -L "$path" ]; then cp -P "$path" "$root/$folder_name"; continue; fi
    [ -d "$path" ] || continue
    mkdir -p "$root/$folder_name"
    case $folder_name in
      proc | sys | dev | run | tmp | lost+found) continue ;;
      etc) cp -dR --preserve=mode,timestamps /etc/. "$root/etc" 2>/dev/null || note "some files of /etc cannot be read and are missing inside" ;;
      root)
        chmod 700 "$root/root"
        for file in .bashrc .profile; do
          [ ! -r "/etc/skel/$file" ] || cp "/etc/skel/$file" "$root/root/$file"
        done ;;
      *)
        next=$((layer + 1))
        case $folder_name in
          var) mkdir -p "$base/upper/$next/tmp" "$base/upper/$next/spool/cron/crontabs" "$base/upper/$next/lib" \
            "$base/upper/$next/log" "$base/upper/$next/cache" "$base/upper/$next/backups"; chmod 1777 "$base/upper/$next/tmp" ;;
          usr) for inner in bin sbin lib local/bin local/sbin local/lib share; do mkdir -p "$base/upper/$next/$inner"; done ;;
        esac
        overlay "/$folder_name" "$root/$folder_name" || note "/$folder_name is empty inside: it has other file systems below it" ;;
    esac
  done
  [ -x "$root/usr/bin/env" ] || give_up "overlays cannot be mounted by an ordinary user (Linux 5.11 or newer is needed)"
fi

# The lower one cannot be read by an ordinary user, so nothing could be added to it.
[ "$mode" = root ] || { mkdir -p "$root/var/spool/cron" && mount -t tmpfs -o mode=755 tmpfs "$root/var/spool/cron"; }

while [ $# -gt 0 ]; do
  kind=$1 path=$2
  shift 2
  case $kind in
    overlay) overlay "$path" "$root$path" || note "$path is left out: its file system cannot be below an overlay" ;;
    copy) cp -a "$path" "$root$path" 2>/dev/null || note "$path could not be copied" ;;
    bind) binds="${'$'}{binds-}$path
" ;;
  esac
done

# What the machine keeps of its own incidents is no part of a drill. While somebody responds, files come into it below the
# overlay, which rm then finds in a folder that it had emptied.
if [ "$mode" = root ]; then
  tries=20
  while ! rm -rf "$root/var/lib/tourniquet" 2> /dev/null && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); done
  rm -rf "$root/var/lib/tourniquet"
elif [ -d "$root/var/lib/tourniquet" ]; then
  mount -t tmpfs -o mode=700 tmpfs "$root/var/lib/tourniquet"
fi

for path in proc sys dev run tmp; do [ -d "$root/$path" ] || mkdir -p "$root/$path"; done
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
if ! mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys" 2>/dev/null; then
  note "/sys is empty inside: this kernel does not allow a fresh one here"
fi
for path in sys sysrq-trigger irq bus; do
  [ -e "$root/proc/$path" ] || continue
  mount --bind "$root/proc/$path" "$root/proc/$path" &&
    mount -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/$path" || note "/proc/$path could not be made read-only"
done

mount -t tmpfs -o mode=755,nosuid,size=8m tmpfs "$root/dev"
for path in null zero full random urandom tty; do
  : > "$root/dev/$path"
  mount --bind "/dev/$path" "$root/dev/$path"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts" 2>/dev/null ||
  mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=0666,mode=620 devpts "$root/dev/pts" ||
  note "there are no pseudo-terminals inside"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

# New, or systemctl and docker would reach the daemons of the machine.
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
mkdir -p "$root/run/lock" "$root/run/sshd" "$root/run/old" "$root${MARKER_FOLDER}"
chmod 1777 "$root/run/lock"
: > "$root/run/utmp"

# What runs the agent must be seen inside, also when it lies below /tmp, /run or another file system.
printf '%s' "${'$'}{binds-}" | while IFS= read -r path; do
  mkdir -p "$root$path"
  mount --bind "$path" "$root$path" && mount -o remount,bind,ro "$root$path" || note "$path cannot be seen inside"
done

hostname "$name" 2>/dev/null || printf '%s\n' "$name" 2>/dev/null > /proc/sys/kernel/hostname ||
  note "the host name could not be set"
read -r name < "$root/proc/sys/kernel/hostname"
printf 'hostname %s\n' "$name"
printf '%s\n' "$name" > "$root/etc/hostname"
printf '%s\n%s\n' "$id" "$name" > "$root${MARKER_FILE}"
: > "$root${STARTS_FILE}"
chmod 666 "$root${STARTS_FILE}"
cat > "$root${MARKER_FOLDER}/init" <<'INIT'
# Holds the drill's sandbox and collects what ends in it.
echo ready
exec < /dev/null > /dev/null 2>&1
while :; do sleep 86400 & wait $!; done
INIT

read -r network
ip link set lo up
if [ "$network" = veth ]; then
  printf '%s\n' 'addr add ${SANDBOX_ADDRESS}/24 dev eth0' 'link set eth0 up' \
    'route add 198.51.100.0/24 via 203.0.113.1 dev eth0' | ip -batch -
  ip -6 addr add 2001:db8::10/64 dev eth0 nodad 2>/dev/null || note "there is no IPv6 inside"
else
  printf 'addr add %s/32 dev lo\n' ${SANDBOX_ADDRESS} 203.0.113.9 203.0.113.20 203.0.113.77 198.51.100.4 | ip -batch -
fi
printf 'network\n'

cd "$root"
pivot_root . run/old
cd /
umount -l /run/old
rmdir /run/old
exec setpriv --bounding-set ${DROP_ARGUMENT} --inh-caps ${DROP_ARGUMENT} -- /bin/sh ${MARKER_FOLDER}/init
`;
