import { stringify } from 'yaml';
import { durationText } from './duration.ts';
import type { InputDefinition, JsonValue, Playbook, PlaybookCommand, Step } from './playbook.ts';

type JsonMap = { readonly [key: string]: JsonValue };

/** A playbook as its file says it: what is at its default is left out. `parsePlaybook` of it gives the same playbook. */
export function playbookFile(playbook: Playbook): JsonMap {
  return {
    name: playbook.name,
    title: playbook.title,
    ...some('summary', playbook.summary, ''),
    ...some('platform', playbook.platform, 'any'),
    ...(playbook.provider === undefined ? {} : { provider: playbook.provider }),
    ...filled('inputs', mapped(playbook.inputs, inputFile)),
    ...filled('env', playbook.env),
    steps: playbook.steps.map(stepFile),
  };
}

/** YAML text, with long texts folded, to be read and changed by a person. */
export function writeYaml(file: JsonValue): string {
  return stringify(file, { lineWidth: 100, blockQuote: 'literal' });
}

export function stepFile(step: Step): JsonMap {
  const isAction = step.run === null && step.manual === null;
  return {
    id: step.id,
    name: step.title,
    ...some('why', step.why, ''),
    ...(step.attack.length === 0 ? {} : { attack: [...step.attack] }),
    ...(isAction ? { uses: step.uses } : {}),
    ...filled('with', step.with),
    ...command('run', step.run),
    ...(step.on === undefined ? {} : { on: step.on }),
    ...(step.byHand === undefined
      ? {}
      : {
          'by-hand': {
            unless: step.byHand.unless,
            do: [...step.byHand.instructions],
            ...(step.byHand.record.length === 0 ? {} : { record: [...step.byHand.record] }),
          },
        }),
    ...command('verify', step.verify),
    ...command('undo', step.undo),
    ...filled('env', step.env),
    ...(step.manual === null
      ? {}
      : {
          manual: {
            do: [...step.manual.instructions],
            ...(step.manual.record.length === 0 ? {} : { record: [...step.manual.record] }),
          },
        }),
    ...(step.if === null ? {} : { if: step.if }),
    ...(step.needs.length === 0 ? {} : { needs: [...step.needs] }),
    ...(step.needsEvidenceFrom.length === 0 ? {} : { 'needs-evidence-from': [...step.needsEvidenceFrom] }),
    timeout: durationText(step.timeoutMs),
    ...some('retries', step.retries, 0),
    ...some('on-failure', step.onFailure, 'stop'),
    ...(step.risk === null ? {} : { risk: step.risk }),
  };
}

function inputFile(input: InputDefinition): JsonMap {
  return {
    type: input.type,
    ...some('list', input.isList, false),
    ...some('description', input.description, ''),
    ...some('required', input.isRequired, false),
    ...(input.default === null || (Array.isArray(input.default) && input.default.length === 0)
      ? {}
      : { default: written(input.default, input) }),
    ...(input.options.length === 0 ? {} : { options: [...input.options] }),
    ...(input.pattern === null ? {} : { pattern: input.pattern }),
    ...some('secret', input.isSecret, false),
  };
}

function written(value: JsonValue, input: InputDefinition): JsonValue {
  return input.type === 'duration' && typeof value === 'number' ? durationText(value) : value;
}

function command(name: string, value: PlaybookCommand | null): JsonMap {
  if (value === null) return {};
  return { [name]: 'shell' in value ? value.shell : [...value.argv] };
}

function some(name: string, value: JsonValue, usual: JsonValue): JsonMap {
  return value === usual ? {} : { [name]: value };
}

function filled(name: string, value: JsonMap): JsonMap {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

function mapped<T>(values: Readonly<Record<string, T>>, change: (value: T) => JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
