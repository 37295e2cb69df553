import { LineCounter, type Node, parseDocument } from 'yaml';
import { Places } from './places.ts';
import type { JsonValue } from './playbook.ts';
import { ProblemList } from './problem-list.ts';
import { faultOfYaml, worthReading } from './yaml-faults.ts';
import { YamlReader } from './yaml-reader.ts';

/** A playbook is read by a person; more than this is not one. */
export const MAX_LENGTH = 262_144;

/** YAML as plain data, with the place of everything in the text. `value` is undefined if it could not be read. */
export interface Source {
  readonly text: string;
  readonly value: JsonValue | undefined;
  readonly places: Places;
  readonly problems: ProblemList;
}

/** What a file is called in what is said about it. */
export interface FileKind {
  readonly article: string;
  /** What it begins with, for who gives an empty one. */
  readonly begins: string;
}

const PLAYBOOK_FILE: FileKind = {
  article: 'a playbook',
  begins: 'a playbook begins with name:, title: and steps:',
};

/** Reads YAML 1.2 (core schema): no merge keys, no tags, no more than one document. Bounded in size, depth and aliases. */
export function readSource(text: string, kind: FileKind = PLAYBOOK_FILE): Source {
  const lines = new LineCounter();
  const problems = new ProblemList(lines);
  const places = new Places();
  const nothing: Source = { text, value: undefined, places, problems };
  if (text.length > MAX_LENGTH) {
    problems.add({
      code: 'too-large',
      message: `the file is larger than ${kind.article} can be (${MAX_LENGTH} characters)`,
      hint: 'is it the right file?',
      at: [0, 0],
    });
    return nothing;
  }
  // The reader stands in for bytes that are not UTF-8 with lone surrogates (text/host-bytes.ts).
  const foreign = /[\ud800-\udfff]/u.exec(text);
  if (foreign !== null) {
    // Lines are counted by the YAML reader, which will not see this text.
    for (const newline of text.matchAll(/^/gm)) lines.addNewLine(newline.index);
    problems.add({
      code: 'not-yaml',
      message: 'there is a byte here that is not UTF-8 text',
      hint: 'save the file as UTF-8',
      at: [foreign.index, foreign.index + 1],
    });
    return nothing;
  }
  const contents = parseYaml(text, lines, problems, kind);
  const value = contents === null ? undefined : new YamlReader(places, problems).read(contents);
  return { text, value, places, problems };
}

function parseYaml(text: string, lines: LineCounter, problems: ProblemList, kind: FileKind): Node | null {
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    merge: false,
    prettyErrors: false,
    // Found by YamlReader: the library compares every key with every other.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  for (const error of worthReading([...document.errors, ...document.warnings], lines)) {
    problems.add(faultOfYaml(error, text));
  }
  if (document.errors.length > 0) return null;
  if (document.contents === null) {
    problems.add({
      code: 'not-a-mapping',
      message: 'the file is empty',
      hint: kind.begins,
      at: [0, 0],
    });
  }
  return document.contents;
}
