import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { actionCatalogue } from '../actions/registry.ts';
import { formatInputValue } from '../playbook/input-value.ts';
import { playbookJsonSchema } from '../playbook/json-schema.ts';
import { nearest } from '../playbook/nearest.ts';
import { parsePlaybook } from '../playbook/parse.ts';
import type { InputDefinition, Playbook, Problem, Step } from '../playbook/playbook.ts';
import { formatProblem, formatProblems } from '../playbook/problem-text.ts';
import { MAX_LENGTH } from '../playbook/source.ts';
import { formatDuration } from '../text/format.ts';
import { decodeHostBytes } from '../text/host-bytes.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import { textWidth } from '../text/width.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { shippedPlaybooks } from './surroundings.ts';
import { textTable } from './text-table.ts';

/** `tourniquet playbook …`: everything about playbooks that needs no host. */
export interface PlaybookOutput {
  readonly json: boolean;
  /** Takes whole lines, newlines included. */
  readonly write: (text: string) => void;
  /** Instead of the folder that came with the program. */
  readonly folder?: string;
}

/** A file that was read and understood as far as it could be. */
export interface LoadedPlaybook {
  readonly path: string;
  readonly text: string;
  readonly playbook: Playbook | null;
  readonly problems: readonly Problem[];
}

/**
 * `playbook check [FILE…]`: every problem of every file (of every shipped one if none is named); for editors
 * (`file:line:col: error …`) and for CI (`--json`). Warnings do not count as failure.
 */
export async function checkPlaybooks(files: readonly string[], output: PlaybookOutput): Promise<ExitCode> {
  const named = files.length > 0 ? files : await shippedFiles(output);
  const checked: {
    file: string;
    unreadable: UserError | null;
    problems: readonly Problem[];
    text: string;
  }[] = [];
  for (const file of named) {
    try {
      const { text, problems } = await loadPlaybook(file);
      checked.push({ file, unreadable: null, problems, text });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      checked.push({ file, unreadable: error, problems: [], text: '' });
    }
  }
  const isGood = ({ unreadable, problems }: (typeof checked)[number]) =>
    unreadable === null && problems.every((problem) => problem.severity === 'warning');
  if (output.json) {
    const files = checked.map(({ file, unreadable, problems, ...rest }) => ({
      file,
      isValid: isGood({ file, unreadable, problems, ...rest }),
      error: unreadable === null ? null : { code: unreadable.code, message: unreadable.message },
      problems,
    }));
    output.write(`${JSON.stringify({ files }, null, 2)}\n`);
  } else {
    for (const { file, unreadable, problems, text } of checked) {
      if (unreadable !== null)
        output.write(`${printable(file)}: error [${unreadable.code}] ${printable(unreadable.message)}\n`);
      else output.write(`${formatProblems(problems, text, file)}\n`);
    }
  }
  return checked.every(isGood) ? EXIT.done : EXIT.usage;
}

/** `playbook list`: those that came with the program. One that is wrong is listed, and says so. */
export async function listPlaybooks(output: PlaybookOutput): Promise<ExitCode> {
  const loaded: LoadedPlaybook[] = [];
  for (const file of await shippedFiles(output)) loaded.push(await loadPlaybook(file));
  if (output.json) {
    const playbooks = loaded.map(({ path, playbook, problems }) => ({
      name: playbook?.name ?? stemOf(path),
      title: playbook?.title ?? null,
      platform: playbook?.platform ?? null,
      steps: playbook?.steps.map((step) => step.id) ?? null,
      path,
      problems: problems.length,
    }));
    output.write(`${JSON.stringify({ playbooks }, null, 2)}\n`);
    return EXIT.done;
  }
  const rows = loaded.map(({ path, playbook, problems }) =>
    playbook === null
      ? [stemOf(path), '', '', `has ${problems.length} problems: see \`tourniquet playbook check\``]
      : [playbook.name, playbook.platform, String(playbook.steps.length), playbook.title],
  );
  output.write(textTable(['NAME', 'PLATFORM', 'STEPS', 'TITLE'], rows));
  return EXIT.done;
}

/** `playbook show NAME|FILE`: what it asks and what its steps are, without running anything. */
export async function showPlaybook(nameOrPath: string, output: PlaybookOutput): Promise<ExitCode> {
  const path = await playbookPath(nameOrPath, output.folder);
  const { playbook, problems, text } = await loadPlaybook(path);
  if (playbook === null) {
    output.write(`${problems.map((problem) => formatProblem(problem, text, path)).join('\n\n')}\n`);
    return EXIT.usage;
  }
  output.write(output.json ? `${JSON.stringify(playbook, null, 2)}\n` : describe(playbook));
  return EXIT.done;
}

/** `playbook schema`: the JSON Schema that editors use, as playbooks/playbook.schema.json holds it. */
export function writeSchema(output: Pick<PlaybookOutput, 'write'>): ExitCode {
  output.write(`${JSON.stringify(playbookJsonSchema(actionCatalogue), null, 2)}\n`);
  return EXIT.done;
}

/**
 * A path, or the name of a playbook that came with the program, as a path.
 * @throws UserError `no-such-playbook` for a name that is none of them.
 */
export async function playbookPath(nameOrPath: string, folder = shippedPlaybooks()): Promise<string> {
  if (nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath)) return nameOrPath;
  const names = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file));
  const found = names.find((file) => stemOf(file) === nameOrPath);
  if (found !== undefined) return join(folder, found);
  const meant = nearest(nameOrPath, names.map(stemOf));
  throw new UserError('no-such-playbook', `There is no playbook "${nameOrPath}".`, {
    hint:
      meant === null
        ? '`tourniquet playbook list` shows those that there are; a file of your own is given with its path.'
        : `Did you mean ${meant}?`,
  });
}

/**
 * Reads and parses a playbook file, right or wrong. Bytes that are not UTF-8 are a problem with a place, not
 * question marks; no more is read than a playbook may have.
 * @throws UserError `no-such-playbook` if it cannot be read.
 */
export async function loadPlaybook(path: string): Promise<LoadedPlaybook> {
  const text = decodeHostBytes(await readBounded(path));
  return { path, text, ...parsePlaybook(text, path, actionCatalogue) };
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    // A named pipe would make opening it wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(MAX_LENGTH * 4 + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw new UserError(
      'no-such-playbook',
      `The playbook ${path} cannot be read: ${REASONS[code] ?? String(cause)}.`,
      {
        hint: '`tourniquet playbook list` shows those that come with it.',
        cause,
      },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EAGAIN: 'it is a pipe that nobody writes to',
};

async function shippedFiles(output: PlaybookOutput): Promise<string[]> {
  const folder = output.folder ?? shippedPlaybooks();
  const names = await readdir(folder);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function stemOf(path: string): string {
  return basename(path).replace(/\.ya?ml$/, '');
}

function describe(playbook: Playbook): string {
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
