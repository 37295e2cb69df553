import type { Signal } from './weigh.ts';

/** What is noted of a start file beside the commands in it: properties, each with what it was seen in. */
export interface StartTrait {
  readonly code: TraitCode;
  /** Host text: a name, a path, a setting; may be empty. */
  readonly what: string;
  readonly line?: number;
}

interface TraitRule {
  readonly topic: string;
  readonly weight: number;
  readonly text: (what: string) => string;
}

const RULES = {
  'pseudo-device': {
    topic: 'trigger',
    weight: 60,
    text: (what) => `It waits for ${what}, a device that is there at every start`,
  },
  'through-shell': { topic: 'program', weight: 10, text: (what) => `It starts a shell (${what})` },
  'rootkit-module': {
    topic: 'name',
    weight: 90,
    text: (what) => `“${what}” is a kernel module that rootkits are known by`,
  },
  'mining-module': {
    topic: 'module',
    weight: 20,
    text: (what) => `Miners load the kernel module “${what}” to mine faster; few others do`,
  },
  'built-here': {
    topic: 'built',
    weight: -40,
    text: (what) => `It lies where ${what} puts the modules that it builds on this host`,
  },
  'writes-start-folder': {
    topic: 'target',
    weight: 60,
    text: (what) => `Its data is written into ${what}, from where the host starts things or lets people in`,
  },
  'copies-from': {
    topic: 'source',
    weight: 25,
    text: (what) => `It copies its data, and the modules with it, from ${what}`,
  },
  'other-init': {
    topic: 'init',
    weight: 60,
    text: (what) => `It has the kernel start ${what} in place of init`,
  },
  'guard-off': { topic: 'guard', weight: 15, text: (what) => `“${what}” switches a guard of the kernel off` },
  'temporary-folder': {
    topic: 'where',
    weight: 60,
    text: (what) => `${what} is in a folder for temporary files`,
  },
  'hidden-folder': { topic: 'hidden', weight: 45, text: (what) => `${what} is hidden by its name` },
  'writable-folder': {
    topic: 'writable',
    weight: 40,
    text: (what) => `Anybody may put libraries into ${what}`,
  },
  'folder-of-user': {
    topic: 'writable',
    weight: 25,
    text: (what) => `Libraries are taken from ${what}, which is not root’s`,
  },
  'loads-library': {
    topic: 'preload',
    weight: 45,
    text: (what) => `It has ${what} loaded into every program that inherits it`,
  },
  'allows-all': {
    topic: 'allows',
    weight: 60,
    text: (what) => `It allows everything to everybody (${what})`,
  },
  spawns: { topic: 'allows', weight: 40, text: (what) => `It starts a program to decide (${what})` },
  'runs-as-root': { topic: 'root', weight: 5, text: () => 'It is started as root' },
  'every-program': {
    topic: 'trigger',
    weight: 60,
    text: (what) => `“${what}” fits every program of this host: what it names is started with each of them`,
  },
  'writes-start': {
    topic: 'writes',
    weight: 45,
    text: (what) => `It makes ${what} anew, by which something is started or let in`,
  },
  'sets-set-id': {
    topic: 'set-id',
    weight: 60,
    text: (what) => `It gives set-id bits at every start: ${what}`,
  },
  'host-root': {
    topic: 'reach',
    weight: 30,
    text: (what) => `It reaches the whole file system of the host (${what})`,
  },
  housekeeping: {
    topic: 'housekeeping',
    weight: -20,
    text: () => 'It only cleans up what the package manager left behind',
  },
  'python-decodes': {
    topic: 'python',
    weight: 90,
    text: () => 'It decodes hidden Python code and runs it',
  },
  'python-runs': {
    topic: 'python',
    weight: 40,
    text: (what) => `It starts programs or opens connections (${what})`,
  },
  'unusual-import': {
    topic: 'import',
    weight: 10,
    text: () => 'It has a line of code where only paths are expected, and is none of those known',
  },
} as const satisfies Record<string, TraitRule>;

export type TraitCode = keyof typeof RULES;

export function traitSignal(trait: StartTrait): Signal {
  const { topic, weight, text } = RULES[trait.code];
  return { topic, code: trait.code, weight, text: text(trait.what) };
}
