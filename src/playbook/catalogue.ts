import type { z } from 'zod';

/** What a playbook may `use`, as far as reading a playbook needs to know. Filled by actions/registry.ts. */
export interface ActionDescription {
  readonly name: string;
  /** One line for `playbook show`, help and the schema. */
  readonly summary: string;
  /** A strict zod object for `with:`; each parameter has a description. */
  readonly parameters: z.ZodObject;
}

export type ActionCatalogue = ReadonlyMap<string, ActionDescription>;
