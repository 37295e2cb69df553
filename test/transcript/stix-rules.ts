import { stixSchema } from '../support/stix-schema.ts';

const validate = stixSchema();

/**
 * What is wrong with a bundle: by the published schemas of STIX 2.1, and by what the standard asks beyond them (2.9 ids,
 * 3.2 common properties, 9 patterns) of the three types that are written here; empty if nothing.
 */
export function checkBundle(bundle: Bundle): string[] {
  if (!validate(bundle)) return (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
  const { objects } = bundle;
  const ids = new Set(objects.map(({ id }) => id));
  return [
    ...(ids.size === objects.length ? [] : ['an id stands twice']),
    ...objects.flatMap((object) => brokenRules(object, ids).map((what) => `${object.id}: ${what}`)),
  ];
}

type StixObject = {
  readonly id: string;
  readonly type: string;
  readonly pattern?: string;
  readonly object_refs?: readonly string[];
};

interface Bundle {
  readonly objects: readonly StixObject[];
}

const COMMON = ['type', 'spec_version', 'id', 'created', 'modified', 'created_by_ref', 'name'];
/** The schemas let through what they do not know. */
const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  identity: [...COMMON, 'identity_class'],
  indicator: [
    ...COMMON,
    ...['description', 'indicator_types', 'pattern', 'pattern_type', 'pattern_version', 'valid_from'],
    ...['confidence', 'external_references'],
  ],
  report: [...COMMON, 'report_types', 'published', 'object_refs'],
};

/** Of the grammar (STIXPattern.g4) what is used here: an object's path, `=`, a string literal, more of them with AND. */
const LITERAL = "'(?:[^'\\\\]|\\\\['\\\\])*'";
const TEST = `[a-zA-Z_][a-zA-Z0-9_-]*:[a-zA-Z_][a-zA-Z0-9_]*(?:\\.(?:[a-zA-Z_][a-zA-Z0-9_]*|${LITERAL}))* = ${LITERAL}`;
const PATTERN = new RegExp(`^\\[${TEST}(?: AND ${TEST})*\\]$`);

function brokenRules(object: StixObject, ids: ReadonlySet<string>): string[] {
  const { type, pattern, object_refs = [] } = object;
  const known = PROPERTIES[type] ?? [];
  return [
    ...Object.entries(object)
      .filter(([name, value]) => !known.includes(name) || value === '')
      .map(([name]) => `${name} is unknown or empty`),
    ...object_refs.filter((ref) => !ids.has(ref)).map((ref) => `it names ${ref}, which is not there`),
    ...(pattern === undefined || PATTERN.test(pattern) ? [] : ['its pattern is none']),
  ];
}
