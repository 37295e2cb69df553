import type { FileIdentity, LineRef } from '../operations/identity.ts';
import type { MechanismName } from './mechanisms.ts';
import type { StartCommand } from './start-script.ts';
import type { StartTrait } from './start-traits.ts';

/** A file, or a line of one, that something starts or reads by itself: boot, login, a device, a tool. */
export interface ObservedStart {
  readonly file: FileIdentity;
  readonly ctimeNs: string;
  readonly owner: string;
  readonly package: string | null | undefined;
  readonly isUnchangedFromPackage: boolean;
  readonly mechanism: MechanismName;
  /** One line of a file that holds others too; null: the file as a whole. */
  readonly line: LineRef | null;
  /** How many lines like this one came before it in its file. */
  readonly repeat: number;
  /** Entries of the file, if it may go as a whole once all of them are malicious. */
  readonly wholeFile: number | null;
  readonly commands: readonly StartCommand[];
  /** The commands are lines of a program text, most of which are ordinary. */
  readonly isScript: boolean;
  /** Nothing starts it as it is: not executable, a name that is passed over. */
  readonly isInert: boolean;
  /** Reached by a symlink that leads out of the folder it is in. */
  readonly isLinked: boolean;
  readonly traits: readonly StartTrait[];
  /** Folder that `~` and `$HOME` stand for in it. */
  readonly home: string | null;
  /** Whose it is, if it is not everybody's. */
  readonly account: string | null;
}
