import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { readWorker, WORKERS } from '../../../src/host/windows/scripts.ts';
import { SRC } from '../../architecture/source-files.ts';

const require = createRequire(import.meta.url);
const FOLDER = join(SRC, 'host/windows');

export interface Script {
  /** Relative to src/host/windows. */
  readonly name: string;
  readonly text: string;
  readonly tree: Node;
}

/** A parser of the tree-sitter grammar for PowerShell. */
export async function psParser(): Promise<(text: string) => Node> {
  await Parser.init();
  const language = await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm'));
  const parser = new Parser();
  parser.setLanguage(language);
  return (text) => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error('the parser gave nothing');
    return tree.rootNode;
  };
}

/** Every script that is shipped; workers as they are run, in their frame. */
export async function readScripts(): Promise<readonly Script[]> {
  const parse = await psParser();
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ps1'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const name = relative(FOLDER, path);
      const worker = WORKERS.find((one) => name === `work/${one}.ps1`);
      const text = worker === undefined ? readFileSync(path, 'utf8') : readWorker(worker);
      return { name, text, tree: parse(text) };
    });
}

/** All below, the thing itself first. */
export function allOf(tree: Node, type: string): Node[] {
  const found: Node[] = [];
  const walk = (node: Node): void => {
    if (node.type === type) found.push(node);
    for (const child of node.children) if (child !== null) walk(child);
  };
  walk(tree);
  return found;
}

export function lineOf(node: Node): number {
  return node.startPosition.row + 1;
}
