import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { listIncidentFolders } from '../../journal/folder.ts';
import { truncate } from '../../text/width.ts';

/** What can stand for a word, and what it means in a few words. */
export interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** A file or folder can stand there too. */
  readonly takesFiles: boolean;
}

/** More than this of a meaning pushes the words apart. */
const MOST_COLUMNS = 60;

/** Names that only the machine knows. */
export interface KnownNames {
  readonly incidents: () => Promise<readonly string[]>;
  readonly playbooks: () => Promise<readonly string[]>;
  readonly scopes: readonly string[];
  readonly settings: readonly string[];
}

/**
 * What can stand in place of the last of `words` (the words after the program's name, the last perhaps empty), read
 * from the same definitions as `--help`.
 */
export async function complete(
  program: Command,
  words: readonly string[],
  names: KnownNames,
): Promise<Completion> {
  // bash parts --option=value into three words.
  const joined = words.filter((word, index) => word !== '=' || index === words.length - 1);
  const current = joined.at(-1) ?? '';
  const before = joined.slice(0, -1);
  const { command, options, position, awaiting } = walk(program, before);
  const option = awaiting ?? optionOfEquals(options, current);
  const typed = awaiting === null && option !== null ? current.slice(current.indexOf('=') + 1) : current;
  const prefix = current.slice(0, current.length - typed.length);
  const found =
    option !== null
      ? await valuesOf(option, names)
      : current.startsWith('-')
        ? { candidates: options.map(optionCandidate), takesFiles: false }
        : await positional(command, position, names);
  return {
    candidates: found.candidates
      .filter(({ word }) => word.startsWith(typed))
      .map(({ word, meaning }) => ({ word: `${prefix}${word}`, meaning: truncate(meaning, MOST_COLUMNS) })),
    takesFiles: found.takesFiles,
  };
}

interface Walked {
  readonly command: Command;
  readonly options: readonly Option[];
  /** How many arguments stand before. */
  readonly position: number;
  /** The option whose value is to come; null: none. */
  readonly awaiting: Option | null;
}

function walk(program: Command, words: readonly string[]): Walked {
  let command = program;
  let position = 0;
  let awaiting: Option | null = null;
  for (const word of words) {
    if (awaiting !== null) {
      awaiting = null;
      continue;
    }
    const options = optionsOf(program, command);
    if (word.startsWith('-')) {
      const option = options.find(({ long, short }) => long === word || short === word);
      awaiting = option?.required === true ? option : null;
      continue;
    }
    const child = command.commands.find((each) => each.name() === word);
    if (child !== undefined && position === 0) command = child;
    else position += 1;
  }
  return { command, options: optionsOf(program, command), position, awaiting };
}

function optionsOf(program: Command, command: Command): readonly Option[] {
  return command === program ? program.options : [...command.options, ...program.options];
}

function optionOfEquals(options: readonly Option[], current: string): Option | null {
  const at = current.indexOf('=');
  if (!current.startsWith('--') || at === -1) return null;
  return options.find(({ long }) => long === current.slice(0, at)) ?? null;
}

function optionCandidate({ long, short, description }: Option): Candidate {
  return { word: long ?? short ?? '', meaning: description };
}

async function valuesOf(option: Option, names: KnownNames): Promise<Completion> {
  if (option.argChoices !== undefined) return only(option.argChoices);
  switch (option.attributeName()) {
    case 'playbook':
      return { ...only(await names.playbooks()), takesFiles: true };
    case 'only':
      return only(names.scopes);
    default:
      return { candidates: [], takesFiles: /<(?:file|folder)>/.test(option.flags) };
  }
}

async function positional(command: Command, position: number, names: KnownNames): Promise<Completion> {
  const children = command.commands.map((child) => ({ word: child.name(), meaning: child.description() }));
  if (children.length > 0 && position === 0) return { candidates: children, takesFiles: false };
  const argument = argumentAt(command, position);
  switch (argument?.name()) {
    case 'incident':
      return { ...only(await names.incidents()), takesFiles: true };
    case 'playbook':
      return { ...only(await names.playbooks()), takesFiles: true };
    case 'key':
      return only(names.settings);
    case 'shell':
      return only(argument.argChoices ?? []);
    case undefined:
      return { candidates: [], takesFiles: false };
    default:
      return { candidates: [], takesFiles: true };
  }
}

function argumentAt(command: Command, position: number): Argument | undefined {
  const declared = command.registeredArguments;
  const last = declared.at(-1);
  return declared[position] ?? (last?.variadic === true ? last : undefined);
}

function only(words: readonly string[]): Completion {
  return { candidates: words.map((word) => ({ word, meaning: '' })), takesFiles: false };
}

/** The names of all incidents, without reading them. */
export async function incidentNames(root: string): Promise<readonly string[]> {
  const folders = await listIncidentFolders(root).catch(() => []);
  return folders.map(({ path }) => basename(path));
}

export async function playbookNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.flatMap((name) => (name.endsWith('.yaml') ? [name.slice(0, -'.yaml'.length)] : []));
}
