import type { Sandbox } from './sandbox.ts';

export const DRILL_SCENARIOS = ['none', 'noisy'] as const;
export type DrillScenario = (typeof DRILL_SCENARIOS)[number];

export async function infect(_sandbox: Sandbox, _scenario: DrillScenario, _seed: number): Promise<void> {}
