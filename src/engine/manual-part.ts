import type { StepState } from './incident.ts';

/** What a person does in a step, if it is one for a person: by its definition, or because nothing could be called. Pure. */
export function manualOf({
  definition,
  plan,
}: StepState): { readonly instructions: readonly string[]; readonly record: readonly string[] } | null {
  return definition.manual ?? plan?.byHand ?? null;
}
