/** What can be practised, easiest first, each in a few words. `none`: just the sandbox. */
export const SCENARIO_WORDS = {
  noisy: 'a loud miner with seven ways to come back: begin here',
  watchdog: 'a quiet one with a guard that starts it again, and five ways back for both',
  bare: 'a host without systemd and nft: init scripts, inittab, rc.local, iptables',
  'hostile-names': 'names that are traps for shells, terminals and whoever follows links',
  hides: 'the ways of a rootkit: a preloaded library, a mount over /proc, no program file',
} as const;

export const DRILL_SCENARIOS = ['none', ...keysOf(SCENARIO_WORDS)] as const;
export type DrillScenario = 'none' | keyof typeof SCENARIO_WORDS;

function keysOf<T extends object>(value: T): (keyof T)[] {
  return Object.keys(value) as (keyof T)[];
}
