import type { Incident } from '../../engine/incident.ts';
import { expressionScope } from '../../engine/scope.ts';
import type { CommandText, RunCommand } from '../../operations/operation.ts';
import { resolveTemplate } from '../../playbook/expression.ts';
import type { JsonValue, PlaybookCommand, Step } from '../../playbook/playbook.ts';

/**
 * The `run:` of a step with its values worked out. Values go to argv and environment, never into shell text.
 * An `env:` entry that is exactly one secret input is passed by name: its value is not in the plan, nor in the journal.
 */
export function resolveCommand(
  step: Step,
  incident: Incident,
  secrets: ReadonlyMap<string, string>,
): RunCommand | { readonly error: string } | null {
  if (step.run === null) return null;
  const scope = expressionScope(incident);
  const environment: Record<string, string> = {};
  const secretNames: string[] = [];
  for (const [name, template] of Object.entries({ ...incident.playbook.env, ...step.env })) {
    const secret = /^\$\{\{\s*inputs\.([A-Za-z0-9_-]+)\s*\}\}$/.exec(template)?.[1];
    if (secret !== undefined && incident.playbook.inputs[secret]?.isSecret) {
      if (!secrets.has(secret)) return { error: `the secret input "${secret}" has not been given` };
      environment[name] = '';
      secretNames.push(name);
      continue;
    }
    const resolved = resolveTemplate(template, scope);
    if ('error' in resolved) return { error: `env ${name}: ${resolved.error}` };
    environment[name] = asText(resolved.value);
  }
  const texts: (CommandText | null)[] = [];
  for (const command of [step.run, step.verify, step.undo]) {
    const resolved = resolveText(command, scope);
    if (resolved !== null && 'error' in resolved) return resolved;
    texts.push(resolved);
  }
  const [command, verify, undo] = texts;
  if (!command) return null;
  return {
    kind: 'run-command',
    command,
    environment,
    secretNames,
    workingFolder: null,
    timeoutMs: step.timeoutMs,
    risk: step.risk ?? 'disruptive',
    verify: verify ?? null,
    undo: undo ?? null,
  };
}

/** For each environment name that is secret, which input it takes its value from. */
export function secretEnvironment(
  step: Step,
  incident: Incident,
  secrets: ReadonlyMap<string, string>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, template] of Object.entries({ ...incident.playbook.env, ...step.env })) {
    const input = /^\$\{\{\s*inputs\.([A-Za-z0-9_-]+)\s*\}\}$/.exec(template)?.[1] ?? '';
    const value = secrets.get(input);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function resolveText(
  command: PlaybookCommand | null,
  scope: Record<string, JsonValue>,
): CommandText | { readonly error: string } | null {
  if (command === null || 'shell' in command) return command;
  const resolved = resolveTemplate(command.argv, scope);
  if ('error' in resolved) return { error: `run: ${resolved.error}` };
  return { argv: Array.isArray(resolved.value) ? resolved.value.map(asText) : [] };
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
