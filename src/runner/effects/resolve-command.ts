import type { Incident } from '../../engine/incident.ts';
import { expressionScope } from '../../engine/scope.ts';
import type { CommandText, RunCommand } from '../../operations/operation.ts';
import { type ExpressionScope, resolveArguments, resolveEnvironment } from '../../playbook/expression.ts';
import { secretNames } from '../../playbook/expression-names.ts';
import type { PlaybookCommand, Step } from '../../playbook/playbook.ts';

/**
 * The `run:` of a step with its values worked out. Values go to argv and environment, never into shell text.
 * A variable that holds a secret input is passed by name: its value is not in the plan, nor in the journal.
 */
export function resolveCommand(
  step: Step,
  incident: Incident,
  secrets: ReadonlyMap<string, string>,
): RunCommand | { readonly error: string } | null {
  if (step.run === null) return null;
  const scope = withSecrets(incident, secrets);
  const env = { ...incident.playbook.env, ...step.env };
  const secret = secretNames(env, incident.playbook.inputs);
  const environment = resolveEnvironment(env, scope);
  if ('error' in environment) return { error: `env ${environment.error}` };
  const command = resolveText(step.run, scope);
  const verify = resolveText(step.verify, scope);
  const undo = resolveText(step.undo, scope);
  for (const text of [command, verify, undo]) if (text !== null && 'error' in text) return text;
  return {
    kind: 'run-command',
    command: command as CommandText,
    environment: mapValues(environment.value, (value, name) => (secret.includes(name) ? '' : value)),
    secretNames: secret,
    workingFolder: null,
    timeoutMs: step.timeoutMs,
    risk: step.risk ?? 'disruptive',
    verify: verify as CommandText | null,
    undo: undo as CommandText | null,
    ...(step.on === 'responder' ? { on: 'responder' as const } : {}),
  };
}

/** The values that `resolveCommand` left out, by the variable's name. */
export function secretEnvironment(
  step: Step,
  incident: Incident,
  secrets: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const env = { ...incident.playbook.env, ...step.env };
  const secret = secretNames(env, incident.playbook.inputs);
  const resolved = resolveEnvironment(env, withSecrets(incident, secrets));
  if ('error' in resolved) return {};
  return Object.fromEntries(Object.entries(resolved.value).filter(([name]) => secret.includes(name)));
}

function withSecrets(incident: Incident, secrets: ReadonlyMap<string, string>): ExpressionScope {
  return expressionScope({ ...incident, inputs: { ...incident.inputs, ...Object.fromEntries(secrets) } });
}

function resolveText(
  command: PlaybookCommand | null,
  scope: ExpressionScope,
): CommandText | { readonly error: string } | null {
  if (command === null || 'shell' in command) return command;
  const resolved = resolveArguments(command.argv, scope);
  return 'error' in resolved ? resolved : { argv: resolved.value };
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string, name: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}
