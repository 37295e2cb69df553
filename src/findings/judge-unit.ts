import { readCommand, readSetting } from './command-reading.ts';
import { finish, type IdMaker } from './draft.ts';
import { editDistance } from './edit-distance.ts';
import type { Finding, Place } from './finding.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { loadedByVariable } from './loading-variables.ts';
import type { ObservedUnit } from './observation.ts';
import { KNOWN_UNITS } from './ordinary.ts';
import { isTempPath, nameSignals, placeSignals } from './place-signals.ts';
import { unitSettingSignals } from './unit-setting-signals.ts';
import { type Signal, STRONG } from './weigh.ts';

export interface UnitView extends EntryView {
  readonly id: IdMaker;
}

/** null: a package's own, unchanged; or nothing about it is worth a word. */
export function judgeUnit(seen: ObservedUnit, view: UnitView): Finding | null {
  const signals = unitSignals(seen, view);
  const isStock = seen.isUnchangedFromPackage && !signals.some((signal) => signal.weight >= 40);
  if (isStock || !signals.some((signal) => signal.weight >= 5)) return null;
  const attack = /\.timer$/.test(seen.unit) ? 'T1053.006' : 'T1543.002';
  return finish({
    id: view.id(seen.isDropIn ? 'file' : 'unit', seen.file.path),
    subject: seen.isDropIn
      ? { kind: 'file', role: 'unit-drop-in', file: seen.file }
      : {
          kind: 'unit',
          unit: seen.unit,
          user: seen.user,
          file: seen.file,
          isEnabled: seen.isEnabled,
          commands: seen.commands,
        },
    title: seen.isDropIn ? seen.file.path : `${seen.unit} (${seen.file.path})`,
    signals,
    places: placesOf(seen, view),
    attack: [
      attack,
      ...(signals.some(({ code }) => code === 'look-alike') ? ['T1036.004'] : []),
      ...(signals.some(({ code }) => code === 'ld-preload') || loadsByVariable(seen) ? ['T1574.006'] : []),
    ],
    times: { mtimeNs: seen.file.mtimeNs, ctimeNs: seen.ctimeNs },
    owner: seen.user ?? seen.owner,
    ...(seen.package === undefined ? {} : { package: seen.package }),
  });
}

function loadsByVariable({ environment }: ObservedUnit): boolean {
  return environment.some((setting) => loadedByVariable(setting).length > 0);
}

/** The lines that something speaks against; the file as a whole if it is none of them. */
function placesOf(seen: ObservedUnit, view: UnitView): Place[] {
  const { path } = seen.file;
  const place = { home: seen.home, workingFolder: null };
  const isOdd = (command: string): boolean =>
    entrySignals(readCommand(command, place), view).some(({ weight }) => weight >= STRONG);
  const isOddSetting = (setting: string): boolean =>
    /^LD_PRELOAD=/.test(setting) ||
    entrySignals(readSetting(setting, place), view).some(({ weight }) => weight >= STRONG);
  const isOddPlace = (from: string): boolean =>
    placeSignals(from, true, view.setting.indicators).some(({ weight }) => weight >= STRONG);
  const odd = [
    ...seen.commands.filter(isOdd),
    ...seen.environment.filter(isOddSetting),
    ...seen.takesFrom.filter(isOddPlace),
  ];
  const numbers = new Set(odd.flatMap((text) => seen.lines.get(text) ?? []));
  const places = [...numbers].toSorted((a, b) => a - b).map((line) => ({ path, line }));
  return places.length === 0 ? [{ path }] : places;
}

function unitSignals(seen: ObservedUnit, view: UnitView): Signal[] {
  const place = { home: seen.home, workingFolder: null };
  const signals = seen.commands.flatMap((command) => entrySignals(readCommand(command, place), view));
  if (!seen.isDropIn && isForeign(seen))
    signals.push(...lookAlikeSignals(seen, view), ...nameSignals(stemOf(seen.unit), view.setting.indicators));
  signals.push(...unitSettingSignals(seen, view));
  const started = seen.activates === null ? undefined : view.known.units.get(seen.activates);
  if (started !== undefined) {
    signals.push({
      topic: 'association',
      code: 'starts-malicious-unit',
      text: `It starts ${seen.activates}, which is malicious`,
      weight: 90,
    });
  }
  if (seen.linkTarget !== null && isTempPath(seen.linkTarget)) {
    signals.push({
      topic: 'link',
      code: 'linked-from-temp',
      text: `It is a link to ${seen.linkTarget}, in a folder for temporary files`,
      weight: 50,
    });
  }
  if (seen.isDropIn && isForeign(seen) && seen.commands.length > 0) {
    signals.push({
      topic: 'drop-in',
      code: 'changes-commands',
      text: `It changes what ${seen.unit} starts`,
      weight: 15,
    });
  }
  if (seen.restart === 'always' && isForeign(seen)) {
    signals.push({
      topic: 'restart',
      code: 'restarts-always',
      text: 'It is started again whenever it ends',
      weight: 5,
    });
  }
  if (seen.isUnchangedFromPackage) {
    signals.push({
      topic: 'owned',
      code: 'owned',
      text: `It is as the package ${seen.package} installed it`,
      weight: -60,
    });
  } else if (seen.package === null) {
    signals.push({ topic: 'package', code: 'unowned', text: 'No package brought this unit', weight: 5 });
  }
  return signals;
}

/** No package brought it; where nobody can be asked, it is where administrators and intruders put theirs. */
function isForeign(seen: ObservedUnit): boolean {
  return seen.package === null || (seen.package === undefined && !/^\/(usr\/)?lib\//.test(seen.file.path));
}

/** An unowned unit that goes by nearly the name of a well-known one. */
function lookAlikeSignals(seen: ObservedUnit, view: UnitView): Signal[] {
  const stem = stemOf(seen.unit);
  const packaged = [...view.setting.packagedUnits].map(stemOf);
  const known = new Set([...KNOWN_UNITS, ...packaged]);
  if (known.has(stem)) return [];
  const near = [...known].find((name) => isLookAlike(stem, name));
  const text =
    near !== undefined
      ? `“${seen.unit}” looks like “${near}”, and is not`
      : /^(systemd-|dbus-org\.freedesktop\.)/.test(stem)
        ? `“${seen.unit}” goes by a name of systemd’s own, and is not part of it`
        : null;
  return text === null ? [] : [{ topic: 'name', code: 'look-alike', text, weight: 45 }];
}

function isLookAlike(stem: string, known: string): boolean {
  if (known.length < 6 || Math.abs(stem.length - known.length) > 2) return false;
  const allowed = known.length >= 12 ? 2 : 1;
  const distance = editDistance(stem.toLowerCase(), known.toLowerCase(), allowed);
  return distance > 0 && distance <= allowed;
}

/** `getty@tty1.service` → `getty`. */
function stemOf(unit: string): string {
  return unit.replace(/\.(service|timer|socket|path|target|mount)$/, '').replace(/@.*$/, '');
}
