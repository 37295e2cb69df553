/**
 * What is put into a sandbox, as data: files and processes, which of them are the infection, which are ordinary.
 * inside/stage-script.ts carries it out; score.ts judges by the {@link Manifest} that is kept outside.
 */
export interface Scene {
  readonly parts: readonly Part[];
  /** Told to the responder: what could not be had in this sandbox. */
  readonly notes: readonly string[];
  /** What the pretend C2 server hands out, by name. */
  readonly served: Readonly<Record<string, string>>;
}

export type Part = {
  /** E.g. `crontab line`; with the place it names the part in the score. */
  readonly what: string;
  /** `stage`: needed by the others, not judged. */
  readonly role: 'infection' | 'ordinary' | 'stage';
  /** Planted once the processes run. */
  readonly isLate?: boolean;
} & (
  | PlantedFile
  | PlantedLines
  | PlantedLink
  | PlantedProcess
  | PlantedMount
  | KeptFile
  | EmptiedFolder
  | StageCommand
);

interface Owned {
  readonly path: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface PlantedFile extends Owned {
  readonly kind: 'file';
  /** The bytes, or the path of a file inside whose bytes these are; null: a folder. */
  readonly text?: string;
  readonly base64?: string;
  readonly copyOf?: string;
  readonly isFolder?: boolean;
  /** Octal as chmod knows it. */
  readonly mode: number;
  readonly mtimeMs?: number;
  readonly isImmutable?: boolean;
  /** Replaced by a new file with the same bytes once the processes run, as an upgrade does. */
  readonly isUpgraded?: boolean;
  /** Removed once the processes run; a folder must be empty by then. */
  readonly isGoneInTheEnd?: boolean;
  /** Planted once the processes run, with the number of the process of this name instead of `HIDDEN_PID`. */
  readonly hidesProcess?: string;
}

/** Lines at the end of a text file; what the machine has there stays above them. */
export interface PlantedLines extends Owned {
  readonly kind: 'lines';
  readonly lines: readonly PlantedLine[];
  /** For a file that was not there. */
  readonly mode: number;
}

export interface PlantedLine {
  readonly text: string;
  readonly what: string;
  readonly role: 'infection' | 'ordinary';
}

export interface PlantedLink {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
}

/** A file of the machine itself that must be as it was. */
export interface KeptFile {
  readonly kind: 'kept';
  readonly path: string;
}

/** An empty folder mounted over the one in /proc of the process of this name, once everything else stands. */
export interface PlantedMount {
  readonly kind: 'mount';
  readonly over: string;
}

export interface PlantedProcess {
  readonly kind: 'process';
  readonly file: string;
  readonly args: readonly string[];
  /** What it calls itself, if not by its file. */
  readonly calledAs?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  readonly niceness?: number;
  /** `address:port` it must be connected to before the drill begins. */
  readonly connectsTo?: string;
  /** It says so in the file of starts; what hides it, and what is taken away from under it, waits for that. */
  readonly saysThatItRuns?: boolean;
}

export interface EmptiedFolder {
  readonly kind: 'empty';
  readonly path: string;
}

export interface StageCommand {
  readonly kind: 'command';
  readonly argv: readonly string[];
}

/** What a file is, as far as undo and damage go. */
export interface FileState {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Of a regular file. */
  readonly sha256: string | null;
  readonly target: string | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  /** As lsattr prints them; null where they cannot be read. */
  readonly attributes: string | null;
}

/** Path → what is there; null: nothing. */
export type FileSnapshot = Readonly<Record<string, FileState | null>>;

/** Kept outside the sandbox, so that nothing inside can change what a drill is judged by. */
export interface Manifest {
  readonly scenario: string;
  readonly seed: number;
  readonly infectedAt: number;
  /** By its wallet in a command line the pretend miner is known, wherever its file has gone; by its folder its guard. */
  readonly miner: { readonly wallet: string; readonly program: string; readonly folder: string };
  readonly infection: readonly Trace[];
  readonly ordinary: readonly Ordinary[];
  /** Every planted file as it was when the drill began; after undo it must be this again, bit for bit. */
  readonly planted: FileSnapshot;
  /** Configuration of the machine itself: path → size, time, mode and owner in one text. */
  readonly baseline: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

export type Trace = {
  readonly what: string;
  readonly place: string;
} /** A link is found with what it points to. */ & (
  | { readonly kind: 'file'; readonly path: string; readonly target?: string }
  | { readonly kind: 'line'; readonly path: string; readonly text: string }
  /** Known by the words `DRILL_PART=` of its environment; without a part: whatever is a miner by its looks. */
  | { readonly kind: 'process'; readonly part?: string; readonly named: readonly string[] }
  | { readonly kind: 'mount'; readonly path: string }
);

export type Ordinary = { readonly what: string; readonly place: string } & (
  | { readonly kind: 'file'; readonly path: string; readonly state: FileState }
  /** A file that ordinary and bad lines share: what it is without the bad ones. */
  | {
      readonly kind: 'text';
      readonly path: string;
      readonly state: FileState;
      readonly cleanText: string;
      readonly badLines: readonly string[];
    }
  | { readonly kind: 'process'; readonly pid: number; readonly start: string }
);
