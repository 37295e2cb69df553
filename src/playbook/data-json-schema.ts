import { z } from 'zod';

/** The JSON Schema of a data file (indicators, allow list), for editors. Draft 7, as the playbook's. */
export function dataFileSchema(schema: z.ZodType, title: string): Readonly<Record<string, unknown>> {
  const made = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return { ...(JSON.parse(JSON.stringify(made)) as Record<string, unknown>), title };
}
