import { basename } from './command-reading.ts';
import type { Indicators } from './indicators.ts';
import type { MarkCode, ObservedMark } from './mark.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** Where only packages put anything. */
const OF_PACKAGES = /^\/(?:usr\/)?(?:lib|lib32|lib64|libexec)\//;

type Rule = (seen: ObservedMark, indicators: Indicators) => Signal[];

/** Libraries that programs load unasked. */
export const LIBRARY_MARK_RULES = {
  'library-unowned': ({ name, details }, indicators) => [
    details.link === undefined
      ? one('unowned-library', OF_PACKAGES.test(name) ? 45 : 25, `No package owns it, and ${details.why}`)
      : one(
          'library-led-astray',
          60,
          `${details.link} is the package ${details.owner}’s and leads here, to what no package owns; ${details.why}`,
        ),
    ...placeSignals(name, true, indicators),
    ...(indicators.preloads.has(basename(name))
      ? [one('known-bad-library', 90, `“${basename(name)}” is a name that rootkits are known by`)]
      : []),
    ...(details.hides === undefined
      ? []
      : [
          one(
            'hides-things',
            60,
            `It puts its own ${details.hides} before those that list files and processes`,
          ),
        ]),
  ],
  'library-changed': (seen) => [
    one(
      'changed-library',
      90,
      `It is not the library that the package ${seen.package} installed, and ${seen.details.why}`,
    ),
  ],
} satisfies Partial<Record<MarkCode, Rule>>;

function one(code: string, weight: number, text: string): Signal {
  return { topic: code, code, weight, text };
}
