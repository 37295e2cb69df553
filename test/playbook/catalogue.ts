import { z } from 'zod';
import type { ActionCatalogue, ActionDescription } from '../../src/playbook/catalogue.ts';
import { cidrParameter, durationParameter, endpointParameter } from '../../src/playbook/parameter-types.ts';

/** Fixed, so that the printed problems do not change with the real actions. */
const descriptions: readonly ActionDescription[] = [
  { name: 'triage', summary: 'look', parameters: z.strictObject({}) },
  { name: 'kill-process', summary: 'kill', parameters: z.strictObject({}) },
  {
    name: 'isolate',
    summary: 'cut off',
    parameters: z.strictObject({
      allow: z.array(cidrParameter()).default([]).describe('who may stay'),
      'allow-dns': z.boolean().default(false).describe('names'),
      'confirm-within': durationParameter().default(60_000).describe('until it takes itself back'),
      'must-reach': endpointParameter().default(null).describe('tested'),
    }),
  },
  {
    name: 'watch',
    summary: 'wait',
    parameters: z.strictObject({ for: durationParameter().default(600_000).describe('how long') }),
  },
  {
    name: 'rebuild-or-release',
    summary: 'end',
    parameters: z.strictObject({
      decision: z.enum(['ask', 'release', 'rebuild']).default('ask').describe('which'),
    }),
  },
  {
    name: 'notify',
    summary: 'tell somebody',
    parameters: z.strictObject({ who: z.string().describe('whom') }),
  },
];

export const catalogue: ActionCatalogue = new Map(
  descriptions.map((description) => [description.name, description]),
);
