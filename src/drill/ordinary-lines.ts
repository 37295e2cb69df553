import type { Part, PlantedLine } from './scene.ts';

/** Lines of a file that look odd and are fine, each with what it is. */
export function lines(
  path: string,
  mode: number,
  texts: readonly (readonly [what: string, text: string])[],
  owner: { uid?: number; gid?: number } = {},
): Part {
  return {
    ...{ kind: 'lines', role: 'ordinary', what: path, path, mode, ...owner },
    lines: texts.map(([what, text]): PlantedLine => ({ what, text, role: 'ordinary' })),
  };
}
