import type { JsonValue } from '../playbook/playbook.ts';
import type { StepDraft } from './command-step.ts';

/** A step as the file has it, with the conditions of all ways that lead to it. */
export function finished({ id, name, why, timeoutMs, file, own, ways, mayFail }: StepDraft): JsonValue {
  if (own !== undefined) return own;
  const conditions = ways.map((way) => way.map((one) => `(${one})`).join(' && '));
  const isAlways = conditions.includes('');
  const distinct = [...new Set(conditions)];
  return {
    id,
    name,
    ...(why === '' ? {} : { why }),
    ...file,
    ...(isAlways
      ? {}
      : { if: distinct.length === 1 ? (distinct[0] ?? '') : distinct.map((one) => `(${one})`).join(' || ') }),
    ...(timeoutMs === undefined || file.run === undefined ? {} : { timeout: `${timeoutMs}ms` }),
    ...(mayFail === true ? { 'on-failure': 'continue' } : {}),
  };
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200) || 'Step';
}

export function isMap(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
