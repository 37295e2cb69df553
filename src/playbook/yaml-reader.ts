import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path, Places, Span } from './places.ts';
import type { JsonValue } from './playbook.ts';
import type { Fault, ProblemList } from './problem-list.ts';

/** Values after aliases are followed. The shipped playbook has some two hundred. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 32;

/** Makes plain data of YAML nodes, noting where everything stands. Bounded in values and depth, whatever aliases do. */
export class YamlReader {
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

  /** Undefined if it grew beyond all bounds. */
  read(contents: Node): JsonValue | undefined {
    const value = this.value(contents, []);
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

function spanOf(node: Node): Span {
  const range = node.range ?? [0, 0, 0];
  return [range[0], range[1]];
}
