import type { InputType, JsonValue } from '../playbook/playbook.ts';
import type { CacaoPlaybook, CacaoVariable } from './schema.ts';
import { slug } from './slug.ts';

/** Something that CACAO says and we cannot do as it says; what was put in its place. */
export interface Remark {
  readonly where: string;
  readonly text: string;
}

const TYPES: Readonly<Record<string, readonly [InputType, pattern?: string]>> = {
  string: ['string'],
  bool: ['boolean'],
  integer: ['integer'],
  long: ['integer'],
  float: ['string', '-?[0-9]+([.][0-9]+)?'],
  'ipv4-addr': ['cidr'],
  'ipv6-addr': ['cidr'],
  'mac-addr': ['string', '([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}'],
  hexstring: ['string', '[0-9A-Fa-f]*'],
  hash: ['string', '[0-9A-Fa-f]+'],
  'md5-hash': ['string', '[0-9A-Fa-f]{32}'],
  'sha256-hash': ['string', '[0-9A-Fa-f]{64}'],
  uri: ['string', '[A-Za-z][A-Za-z0-9+.-]*:.*'],
  uuid: ['string', '[0-9A-Fa-f-]{36}'],
};

/** Variables as inputs, with their types; which input stands for which variable. */
export function inputsOf(playbook: CacaoPlaybook): {
  readonly names: ReadonlyMap<string, string>;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly remarks: readonly Remark[];
} {
  const names = new Map<string, string>();
  const inputs: Record<string, JsonValue> = {};
  const remarks: Remark[] = [];
  const taken = new Set<string>();
  const add = (where: string, name: string, variable: CacaoVariable) => {
    if (names.has(name)) {
      remarks.push({ where, text: `${name} is defined twice; there is one input for both` });
      return;
    }
    const [type, pattern] = TYPES[variable.type] ?? ['string'];
    if (TYPES[variable.type] === undefined)
      remarks.push({ where, text: `a variable of type ${variable.type} is taken as text` });
    const input = slug(name.slice(2, -2), taken);
    names.set(name, input);
    inputs[input] = {
      type,
      ...(variable.description ? { description: variable.description } : {}),
      ...defaultOf(variable, type),
      ...(pattern === undefined ? {} : { pattern }),
    };
  };
  for (const [name, variable] of Object.entries(playbook.playbook_variables ?? {}))
    add(`playbook_variables.${name}`, name, variable);
  for (const [id, step] of Object.entries(playbook.workflow))
    for (const [name, variable] of Object.entries(step.step_variables ?? {}))
      add(`workflow.${id}.step_variables.${name}`, name, variable);
  return { names, inputs, remarks };
}

function defaultOf({ value, external }: CacaoVariable, type: InputType): Record<string, JsonValue> {
  if (value === undefined || value === null || (value === '' && type !== 'string'))
    return external === true ? { required: true } : {};
  if (typeof value === 'object') return { default: JSON.stringify(value) };
  if (type === 'integer' && /^-?\d{1,15}$/.test(value)) return { default: Number(value) };
  if (type === 'boolean') return { default: /^(?:true|1)$/i.test(value) };
  return { default: value };
}
