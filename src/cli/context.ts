import type { SignalSettings, ThemeName } from '../settings/settings-schema.ts';
import type { Surroundings } from './surroundings.ts';

/** What every verb is given: its process's surroundings and what all options and settings came to. */
export interface CliContext extends Surroundings {
  /** Folder of all incidents. */
  readonly root: string;
  /** The folder of incidents as it was named on the command line. */
  readonly namedFolder?: string | undefined;
  readonly responder: string;
  readonly json: boolean;
  /** Only ASCII signs, from option, setting or locale. */
  readonly ascii: boolean;
  /** Plain lines instead of screens, from the settings. */
  readonly plain: boolean;
  readonly theme: ThemeName;
  readonly signals: SignalSettings;
  /** Name or path of the playbook when none is named. */
  readonly defaultPlaybook: string;
  readonly version: string;
  readonly sampleMs: number;
  /** Folder of the responder's own indicators, rules and allow lists; null: none is set. */
  readonly knowledgeFolder: string | null;
  /** Who is told of what happens, see notify-target.ts, and in which words; null: nobody, the usual ones. */
  readonly notifyTo: string | null;
  readonly notifyTemplate: string | null;
}
