/**
 * What a thing on the host is recognised by, so that a plan made for it is never carried out on another
 * thing that has taken its number or its name meanwhile.
 */

/** A process: its number is reused, number + start time + boot is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after boot at which it started (proc_pid_stat(5)). */
  readonly startTicks: string;
  /** /proc/sys/kernel/random/boot_id. */
  readonly bootId: string;
  /** Target of /proc/PID/exe as the kernel gives it, with a trailing " (deleted)" if it says so; null if unreadable. */
  readonly exePath: string | null;
  /** Device and inode of the executable, "DEVICE:INODE"; null if unreadable (kernel threads, no permission). */
  readonly exeInode: string | null;
  /** What it calls itself: /proc/PID/comm. For showing only, never compared. */
  readonly name: string;
}

/** A file as it was when it was looked at. Paths are host strings (see text/host-bytes.ts). */
export interface FileIdentity {
  readonly path: string;
  readonly kind: 'file' | 'symlink';
  readonly device: string;
  readonly inode: string;
  readonly sizeBytes: number;
  /** Permission bits with set-id and sticky, e.g. 0o644. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the epoch as a decimal string (beyond a JSON number's precision). */
  readonly mtimeNs: string;
  /** Of the contents; of the target text for a symlink. */
  readonly sha256: string;
}

/** An exact line of a file, 1-based. The text is without its line end. */
export interface LineRef {
  readonly number: number;
  readonly text: string;
}

/** A mount as /proc/self/mountinfo has it (proc_pid_mountinfo(5)): what is needed to know it again and to mount it anew. */
export interface MountRef {
  /** Where it lies, e.g. `/proc/812`. */
  readonly point: string;
  /** The file system's type, e.g. `tmpfs`. */
  readonly fileSystem: string;
  /** What was mounted, e.g. `/dev/vda` or `tmpfs`. */
  readonly source: string;
  /** The folder of that file system which lies there: `/` unless it is a bind mount. */
  readonly root: string;
  /** `MAJOR:MINOR` of the file system: two mounts of one file system have the same. */
  readonly device: string;
}

/** A volume that can be snapshotted by itself. */
export interface VolumeRef {
  readonly type: 'btrfs' | 'lvm' | 'zfs';
  /** Where it is mounted. */
  readonly mountPoint: string;
  /** The device, `group/volume` or dataset. */
  readonly source: string;
}

/** A container as its runtime knows it. */
export interface ContainerIdentity {
  readonly runtime: 'docker' | 'podman' | 'nerdctl';
  /** The full id, 64 hexadecimal digits: a name can pass to another container, an id cannot. */
  readonly id: string;
  /** For showing only. */
  readonly name: string;
  readonly image: string;
}
