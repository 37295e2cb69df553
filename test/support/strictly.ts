/** A schema as it is, but what it does not name is wrong: so it cannot fall behind what is written. */
export function strictly(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strictly);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, strictly(value)]));
  const names = 'properties' in schema ? Object.keys(schema.properties ?? {}) : ['kind'];
  // Subjects and events are told by their kind alone; a schema of its own says what else there may be.
  return names.join() === 'kind' || 'additionalProperties' in schema
    ? inner
    : { ...inner, additionalProperties: false };
}
