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
