import { availableParallelism, hostname } from 'node:os';
import { hasRootRights, readDistribution, readPassingFacts } from './facts.ts';
import type { HostFacts } from './host.ts';
import type { ToldResponder } from './responder.ts';

/** What a first screen says of the machine. */
export type Glance = Pick<
  HostFacts,
  'hostname' | 'distribution' | 'cores' | 'isRoot' | 'upSeconds' | 'loadAverage' | 'responder'
>;

/** At once: no tool is looked for, nothing is hashed. */
export async function readGlance(told: ToldResponder = {}): Promise<Glance> {
  const [distribution, isRoot, passing] = await Promise.all([
    readDistribution(),
    hasRootRights(),
    readPassingFacts(told),
  ]);
  return { hostname: hostname(), distribution, cores: availableParallelism(), isRoot, ...passing };
}
