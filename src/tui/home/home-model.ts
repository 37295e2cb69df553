/** What the home screen shows, as plain data; made by whoever starts the terminal interface. */
export interface HomeModel {
  readonly version: string;
  /** `web-07 · Debian 12 · 4 cores · up 41 d · load 4.02`. */
  readonly hostLine: string;
  /** `you: ana (root) ← 10.8.0.4`. */
  readonly responderLine: string;
  /** Open and closed ones, newest first. */
  readonly incidents: readonly HomeIncident[];
  readonly starts: readonly HomeStart[];
  /** For a start that lets a playbook be chosen; asked for when one does. */
  readonly loadPlaybooks: () => Promise<readonly HomePlaybook[]>;
  /** For a start that lets what is practised be chosen. */
  readonly scenarios: readonly HomeScenario[];
}

export interface HomeIncident {
  readonly id: string;
  readonly playbook: string;
  /** `4 of 10 done · stopped at Block C2 · 11 min ago`. */
  readonly state: string;
  /** What ⏎ does with it: go on, read along while somebody else is at it, or read what was closed. */
  readonly how: 'resume' | 'follow' | 'read';
  /** Why it cannot be opened, e.g. its journal was altered; null when it can. */
  readonly whyNot: string | null;
}

export interface HomeStart {
  readonly id: StartId;
  /** `Practise`. */
  readonly title: string;
  /** `a harmless infection in a sandbox on this machine`. */
  readonly detail: string;
  readonly choosesPlaybook: boolean;
  readonly choosesScenario?: boolean;
  /** What it is about has to be typed first: the host's address. */
  readonly asksAddress?: boolean;
  readonly whyNot: string | null;
}

export type StartId = 'here' | 'remote' | 'drill' | 'look';

export interface HomeScenario {
  readonly name: string;
  readonly detail: string;
}

export interface HomePlaybook {
  readonly path: string;
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Why it cannot be used (`3 problems: tourniquet playbook check …`); null when it can. */
  readonly whyNot: string | null;
}

/** What was chosen to be started. */
export interface StartChoice {
  readonly id: StartId;
  /** null for a start that does not let one be chosen. */
  readonly playbookPath: string | null;
  /** What was typed for a start that asks for an address; null for the others. */
  readonly address: string | null;
  /** What is practised; only of a drill. */
  readonly scenario?: string;
}
