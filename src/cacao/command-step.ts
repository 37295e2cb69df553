import type { JsonValue } from '../playbook/playbook.ts';
import type { CacaoCommand, CacaoPlaybook, CacaoStep } from './schema.ts';

/** A step of ours while it is put together. */
export interface StepDraft {
  readonly id: string;
  readonly name: string;
  readonly why: string;
  readonly timeoutMs?: number;
  readonly file: { readonly [key: string]: JsonValue };
  /** As we exported it: taken as it is. */
  readonly own?: { readonly [key: string]: JsonValue };
  /** The conditions on each way that leads to it. */
  readonly ways: (readonly string[])[];
  mayFail?: boolean;
}

/** What a command of CACAO is in a step of ours; `remark` says what of it is not done as it says. */
export function commandStep(
  command: CacaoCommand,
  step: Extract<CacaoStep, { type: 'action' }>,
  playbook: CacaoPlaybook,
  names: ReadonlyMap<string, string>,
): { readonly file: StepDraft['file']; readonly remark: string | null } {
  const text = textOf(command);
  const targets = (step.targets ?? []).map((id) => playbook.target_definitions?.[id]?.name ?? id);
  const on = targets.length === 0 ? '' : ` on ${targets.join(', ')}`;
  if (text.trim() === '' && command.type !== 'manual')
    return {
      file: byHand([`(${command.type} without a command)`]),
      remark: 'it has no command; a person has to say what was meant',
    };
  switch (command.type) {
    case 'bash':
    case 'ssh': {
      const remark =
        command.type === 'ssh' || targets.length > 0
          ? `it is run on the host responded to${on === '' ? '' : `, CACAO says${on}`}`
          : null;
      return { file: shell(text, names), remark };
    }
    case 'manual':
      return { file: byHand([shown(text || command.description || step.name || '', names)]), remark: null };
    case 'http-api': {
      const body = command.content_b64 === undefined ? command.content : '(binary content)';
      const parts = [
        `Send${on}: ${text}`,
        ...(command.headers === undefined ? [] : [`Headers: ${JSON.stringify(command.headers)}`]),
        ...(body ? [`Body: ${String(body)}`] : []),
      ];
      return {
        file: byHand(parts.map((part) => shown(part, names))),
        remark: 'no HTTP request is sent from here: a person sends it',
      };
    }
    default:
      return {
        file: byHand([`Run with ${command.type}${on}:`, shown(text, names)]),
        remark: `commands of type ${command.type} cannot be run here: a person runs it`,
      };
  }
}

function textOf({ command, command_b64: encoded }: CacaoCommand): string {
  if (command !== undefined && command !== '') return command;
  if (encoded === undefined) return '';
  return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));
}

const REFERENCE = /(__[a-zA-Z_][a-zA-Z0-9_-]*?__):value/g;

/** Values come in by the environment: put into the text, one could be a command of its own. */
function shell(text: string, names: ReadonlyMap<string, string>): StepDraft['file'] {
  const env: Record<string, string> = {};
  const run = text.replace(REFERENCE, (whole, variable: string) => {
    const input = names.get(variable);
    if (input === undefined) return whole;
    const name = `CACAO_${input.toUpperCase().replaceAll('-', '_')}`;
    env[name] = `\${{ inputs.${input} }}`;
    return `\${${name}}`;
  });
  return { run, ...(Object.keys(env).length === 0 ? {} : { env }) };
}

function shown(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (whole, variable: string) =>
    names.has(variable) ? `<${names.get(variable)}>` : whole,
  );
}

function byHand(instructions: readonly string[]): StepDraft['file'] {
  return { manual: { do: [...instructions], record: ['what came of it'] } };
}
