import { readCommand, readSetting } from './command-reading.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { isVouchedFor } from './known-bad.ts';
import type { ObservedUnit } from './observation.ts';
import { PRELOAD_AGENTS } from './ordinary.ts';
import { isTempPath, placeSignals } from './place-signals.ts';
import { type Signal, STRONG } from './weigh.ts';

/** What a unit’s settings say beside its commands. */
export function unitSettingSignals(seen: ObservedUnit, view: EntryView): Signal[] {
  return [...placeAndLoadSignals(seen, view), ...preloadSignals(seen, view), ...ownNameSignals(seen)];
}

/** What its environment has loaded or run, and where it takes things from: of those only what is odd by its place. */
function placeAndLoadSignals(seen: ObservedUnit, view: EntryView): Signal[] {
  const place = { home: seen.home, workingFolder: null };
  const signals = seen.environment.flatMap((setting) => entrySignals(readSetting(setting, place), view));
  for (const path of seen.takesFrom)
    signals.push(
      ...placeSignals(path, true, view.setting.indicators).filter(({ weight }) => weight >= STRONG),
    );
  if (seen.isUnexplained && startsOther(seen, view))
    signals.push({
      topic: 'generated',
      code: 'unexplained-unit',
      text: 'It lies where systemd’s generators write at each start, and nothing here that they make units from names what it starts',
      weight: 45,
    });
  return signals;
}

/** Whether it starts anything but a package’s own program: generators of packages do not. */
function startsOther(seen: ObservedUnit, view: EntryView): boolean {
  const targets = seen.commands.flatMap(
    (command) => readCommand(command, { home: seen.home, workingFolder: null }).targets,
  );
  return targets.some(({ path, use }) => use === 'run' && view.files.get(path)?.package === null);
}

function preloadSignals(seen: ObservedUnit, view: EntryView): Signal[] {
  const { indicators } = view.setting;
  return seen.environment.flatMap((setting) => {
    const library = /^LD_(?:PRELOAD|AUDIT)=(.*)$/s.exec(setting)?.[1];
    if (library === undefined) return [];
    const isOdd =
      isTempPath(library) || placeSignals(library, true, indicators).some(({ weight }) => weight >= 40);
    const isOurs =
      !library.startsWith('/') || isVouchedFor(view.files.get(library)) || PRELOAD_AGENTS.test(library);
    const text = `It has ${library} loaded before all libraries`;
    return [{ topic: 'preload', code: 'ld-preload', text, weight: isOdd ? 50 : isOurs ? 20 : 45 }];
  });
}

/** `sh -c %I`: what runs is written into the name of a link. */
function ownNameSignals(seen: ObservedUnit): Signal[] {
  if (!seen.commands.some((command) => /\s-\w*c\s+["']?%[iIjJ]\b/.test(command))) return [];
  const text = 'It has a shell run what stands in the unit’s own name';
  return [{ topic: 'name-run', code: 'runs-own-name', text, weight: 45 }];
}
