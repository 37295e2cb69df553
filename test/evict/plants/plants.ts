import { mechanismNotes } from '../../../src/findings/scope-notes.ts';
import { debianTree } from '../../support/debian.ts';
import { fromPair } from './from-pairs.ts';
import { LEFT_OUT } from './left-out.ts';
import type { Plant } from './plant.ts';
import { SETTINGS } from './settings.ts';
import { STARTING } from './starting.ts';

const byHand = [...STARTING, ...SETTINGS];

/** For every mechanism of the scan's registry that a step answers: one plant at least. */
export async function allPlants(): Promise<readonly Plant[]> {
  const tree = debianTree();
  const named = new Set([...byHand.map(({ mechanism }) => mechanism), ...Object.keys(LEFT_OUT)]);
  const rest = mechanismNotes()
    .map(({ name }) => name)
    .filter((name) => !named.has(name));
  const taken = new Set(byHand.flatMap(({ paths }) => paths));
  const fromPairs: Plant[] = [];
  for (const name of rest) fromPairs.push(await fromPair(name, tree, taken));
  return [...byHand, ...fromPairs];
}
