import { formatInputValue } from '../../playbook/input-value.ts';
import type { InputDefinition, Playbook, Step } from '../../playbook/playbook.ts';
import { formatDuration } from '../../text/format.ts';
import { printable } from '../../text/printable.ts';
import { textWidth } from '../../text/width.ts';

/** What a playbook asks and does, for reading on a terminal of 80 columns. */
export function describePlaybook(playbook: Playbook): string {
  const lines = [`${playbook.name}: ${playbook.title}`, '', ...indented(playbook.summary, 0), ''];
  const inputs = Object.entries(playbook.inputs);
  if (inputs.length > 0) {
    lines.push('Inputs (--input NAME=VALUE)');
    for (const [name, input] of inputs)
      lines.push(`  ${name}  ${describeInput(input)}`, ...indented(input.description, 6));
    lines.push('');
  }
  lines.push('Steps');
  for (const [index, step] of playbook.steps.entries()) {
    lines.push(`  ${index + 1}. ${step.title}  (${describeStep(step)})`, ...indented(step.why, 6));
  }
  return `${lines
    .map((line) => printable(line))
    .join('\n')
    .trimEnd()}\n`;
}

function describeInput(input: InputDefinition): string {
  const type = input.type === 'enum' ? input.options.join('|') : input.type;
  const parts = [input.isList ? `list of ${type}` : type];
  if (input.isSecret) parts.push('secret');
  if (input.isRequired) parts.push('required');
  const standard = formatInputValue(input, input.default);
  if (standard !== '') parts.push(`default ${standard}`);
  return `[${parts.join(', ')}]`;
}

function describeStep(step: Step): string {
  const parts = [`${step.id}: ${step.uses}`];
  if (step.risk !== null) parts.push(step.risk);
  if (step.if !== null) parts.push(`if ${step.if}`);
  if (step.needs.length > 0) parts.push(`needs ${step.needs.join(', ')}`);
  if (step.uses === 'run') parts.push(`at most ${formatDuration(step.timeoutMs)}`);
  return parts.join('; ');
}

function indented(text: string, by: number): string[] {
  return wrapped(text, COLUMNS - by).map((line) => `${' '.repeat(by)}${line}`);
}

const COLUMNS = 80;

/** Lines of whole words; a word that is longer than a line stays whole. */
function wrapped(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      const last = lines.at(-1);
      if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns)
        lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}
