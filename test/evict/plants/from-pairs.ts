import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Action } from '../../../src/actions/action.ts';
import { resetKeys } from '../../../src/actions/reset-keys.ts';
import type { Pair } from '../../host/scan/mechanisms/pair.ts';
import type { TreeEntry } from '../../host/scan/tree.ts';
import { type Plant, quoted } from './plant.ts';

const FOLDER = new URL('../../host/scan/mechanisms/', import.meta.url);

/** The steps that answer what is no way of starting. */
const BY: Readonly<Record<string, Action>> = { 'authorized-key': resetKeys };

/**
 * The real case that the scan's own tests have of a mechanism, with its ordinary neighbours, in a real Debian: what of it
 * is there already, or was planted for another (`taken`, which grows), is left as it is, and what only a kernel makes cannot be planted.
 */
export async function fromPair(mechanism: string, tree: string, taken: Set<string>): Promise<Plant> {
  const { pair } = (await import(new URL(`${mechanism}.ts`, FOLDER).href)) as { readonly pair: Pair };
  const entries = Object.entries<TreeEntry>(pair.tree).filter(
    ([path]) => !taken.has(path) && !existsSync(join(tree, path)) && !/^\/(proc|sys|dev|run)\//.test(path),
  );
  const planted = new Set(entries.map(([path]) => path));
  for (const path of planted) taken.add(path);
  const blamed = pair.blamed.filter(({ path }) => planted.has(path));
  const paths = blamed.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`));
  const bad = new Set(blamed.map(({ path }) => path));
  return {
    ...{ mechanism, name: `${mechanism}, as the scan’s tests have it`, paths: [...new Set(paths)] },
    plant: entries.map(([path, entry]) => made(path, entry)).join('\n'),
    beside: [...planted].filter((path) => !bad.has(path)),
    ...(BY[mechanism] === undefined ? {} : { by: BY[mechanism] }),
  };
}

export function pairNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name !== 'pair.ts')
    .map((name) => name.replace(/\.ts$/, ''));
}

/** With an old time and an attribute, that an undo must bring back as well. */
function made(path: string, entry: TreeEntry): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const start = `mkdir -p ${quoted(folder)}`;
  if (typeof entry === 'object' && 'link' in entry)
    return `${start}; ln -s ${quoted(entry.link)} ${quoted(path)}`;
  const bytes = Buffer.from(typeof entry === 'string' ? entry : 'bytes' in entry ? entry.bytes : entry.text);
  const mode = typeof entry === 'object' && 'mode' in entry ? entry.mode : 0o644;
  const at = quoted(path);
  return `${start}; printf %s ${bytes.toString('base64')} | base64 -d >${at}
setfattr -n user.mark -v kept ${at}; chmod ${mode.toString(8)} ${at}; touch -d @1600000000.123456789 ${at}`;
}
