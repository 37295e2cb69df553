import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml';
import { type Path, Places, type Span } from './places.ts';
import type { JsonValue } from './playbook.ts';
import { type Fault, ProblemList } from './problem-list.ts';
import { faultOfYaml } from './yaml-faults.ts';

/** A playbook is read by a person; more than this is not one. */
export const MAX_LENGTH = 262_144;
/** Values after aliases are followed. The shipped playbook has some two hundred. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 32;

/** YAML as plain data, with the place of everything in the text. `value` is undefined if it could not be read. */
export interface Source {
  readonly text: string;
  readonly value: JsonValue | undefined;
  readonly places: Places;
  readonly problems: ProblemList;
}

/** Reads YAML 1.2 (core schema): no merge keys, no tags, no more than one document. Bounded in size, depth and aliases. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const problems = new ProblemList(lines);
  const places = new Places();
  const nothing: Source = { text, value: undefined, places, problems };
  if (text.length > MAX_LENGTH) {
    problems.add({
      code: 'too-large',
      message: `the file is larger than a playbook can be (${MAX_LENGTH} characters)`,
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
  const value = new Reader(places, problems).read(text, lines);
  return { text, value, places, problems };
}

class Reader {
  private readonly places: Places;
  private readonly problems: ProblemList;
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private count = 0;
  /** The alias being followed, outermost. */
  private alias: Node | null = null;
  private isStopped = false;

  constructor(places: Places, problems: ProblemList) {
    this.places = places;
    this.problems = problems;
  }

  read(text: string, lines: LineCounter): JsonValue | undefined {
    const options = {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      merge: false,
      prettyErrors: false,
      // Found by ourselves: the library compares every key with every other.
      uniqueKeys: false,
      logLevel: 'silent',
    } as const;
    const document = parseDocument(text, options);
    for (const error of worthReading([...document.errors, ...document.warnings], lines)) {
      this.problems.add(faultOfYaml(error, text));
    }
    if (document.errors.length > 0) return undefined;
    if (document.contents === null) {
      this.problems.add({
        code: 'not-a-mapping',
        message: 'the file is empty',
        hint: 'a playbook begins with name:, title: and steps:',
        at: [0, 0],
      });
      return undefined;
    }
    const value = this.value(document.contents, []);
    return this.isStopped ? undefined : value;
  }

  private value(node: Node | null, path: Path): JsonValue {
    if (node === null || this.isStopped) return null;
    if (isAlias(node)) return this.followed(node, node.source, path);
    this.count += 1;
    if (this.count > MAX_VALUES || path.length > MAX_DEPTH || this.open.has(node)) return this.stop(node);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    // Within an alias the place is that of the alias, where the reader's mistake is.
    this.places.set(path, { value: spanOf(this.alias ?? node), scalar: isScalar(node) && !this.alias });
    this.open.add(node);
    const value = this.contents(node, path);
    this.open.delete(node);
    return value;
  }

  private contents(node: Node, path: Path): JsonValue {
    if (isMap(node)) return this.map(node, path);
    if (isSeq(node))
      return node.items.map((item, index) => this.value(item as Node | null, [...path, index]));
    const value: unknown = isScalar(node) ? node.value : null;
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.places.spoil(path);
    this.add('wrong-value', 'expected an ordinary number', spanOf(this.alias ?? node));
    return null;
  }

  private map(node: YAMLMap, path: Path): JsonValue {
    const entries = new Map<string, JsonValue>();
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      if (!isPair(pair) || !isScalar(pair.key)) {
        this.add(
          'wrong-type',
          'a key must be a word, not a list or a map',
          spanOf(this.alias ?? pair.key ?? node),
        );
        continue;
      }
      const key =
        typeof pair.key.value === 'string' ? pair.key.value : (pair.key.source ?? String(pair.key.value));
      const at = spanOf(this.alias ?? pair.key);
      if (entries.has(key)) {
        this.add('duplicate-key', `"${key}" is here twice; only one of them could count`, at);
        continue;
      }
      // As an object's key it would change the object itself.
      if (key === '__proto__') {
        this.add('unknown-key', 'unknown key "__proto__"', at);
        continue;
      }
      this.places.set([...path, key], { key: at, value: at, scalar: false });
      entries.set(key, this.value(pair.value, [...path, key]));
      // `key:` with nothing behind it: the key is where to look.
      if (entries.get(key) === null) this.places.set([...path, key], { key: at, value: at, scalar: false });
    }
    return Object.fromEntries(entries);
  }

  private followed(node: Node, name: string, path: Path): JsonValue {
    const target = this.anchors.get(name);
    if (target === undefined) {
      this.places.set(path, { value: spanOf(node), scalar: false });
      this.places.spoil(path);
      this.add('not-yaml', `no "&${name}" stands before this "*${name}"`, spanOf(node));
      return null;
    }
    const outer = this.alias;
    this.alias = outer ?? node;
    const value = this.value(target, path);
    this.alias = outer;
    return value;
  }

  private stop(node: Node): null {
    const at = spanOf(this.alias ?? node);
    this.isStopped = true;
    if (this.alias === null) {
      const what =
        this.count > MAX_VALUES ? `more than ${MAX_VALUES} values` : `more than ${MAX_DEPTH} levels`;
      this.add('too-large', `the file has ${what}, which no playbook needs`, at);
    } else if (this.open.has(node)) {
      this.add('alias-bomb', 'this alias stands within what it stands for, without end', at);
    } else {
      this.add('alias-bomb', 'aliases within aliases make this file grow beyond all bounds', at);
    }
    return null;
  }

  private add(code: Fault['code'], message: string, at: Span): void {
    this.problems.add({ code, message, at });
  }
}

/** One mistake makes the YAML reader complain of all that follows on its line; a tab, of the rest of the file. */
function worthReading<E extends YAMLParseError | YAMLWarning>(
  errors: readonly E[],
  lines: LineCounter,
): readonly E[] {
  const tab = errors.find((error) => error.code === 'TAB_AS_INDENT');
  const seen = new Set<number>();
  return errors
    .filter((error) => tab === undefined || error.pos[0] <= tab.pos[0])
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .filter((error) => {
      const { line } = lines.linePos(error.pos[0]);
      if (seen.has(line)) return false;
      seen.add(line);
      return true;
    });
}

function spanOf(node: Node): Span {
  const range = node.range ?? [0, 0, 0];
  return [range[0], range[1]];
}
