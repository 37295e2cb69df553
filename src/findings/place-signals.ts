import { basename } from './command-reading.ts';
import { byWhom, type Indicators, knownBy } from './indicators.ts';
import { HOME_DOT_FOLDERS, KERNEL_THREAD_NAME, STOCK_TEMP_FOLDERS } from './ordinary.ts';
import type { Signal } from './weigh.ts';

const TEMP = /^(?:\/private)?\/(?:tmp|var\/tmp|dev\/shm|run\/user\/\d+|run\/lock|dev\/mqueue)\//;
/** A folder that is itself hidden is nobody's home. */
const HOME = /^\/(?:root|(?:home|var\/lib|srv|opt)\/[^/.][^/]*|var\/www)\//;

export function isTempPath(path: string): boolean {
  return TEMP.test(path) || (path.startsWith('/dev/') && !path.startsWith('/dev/fd/'));
}

/** The component that hides the path by its name; null if none does. Ordinary dot folders of a home do not count. */
export function hidingPart(path: string, indicators: Indicators): string | null {
  const parts = path.split('/').slice(1);
  const isAtHome = HOME.test(path);
  for (const part of parts) {
    if (isHidingName(part, indicators)) return part;
    if (!part.startsWith('.') || part === '.' || part === '..') continue;
    if (isAtHome && HOME_DOT_FOLDERS.has(part)) return null;
    return part;
  }
  return null;
}

/** What the place and the name of a program or script say. `isEntry`: something starts it by itself. */
export function placeSignals(path: string, isEntry: boolean, indicators: Indicators): Signal[] {
  const signals: Signal[] = [];
  if (isTempPath(path)) {
    signals.push({
      topic: 'where',
      code: 'temp-folder',
      text: `${path} is in a folder for temporary files`,
      weight: isEntry ? 40 : 25,
    });
  }
  const hidden = hidingPart(path, indicators);
  if (hidden !== null) {
    const isKnown = isHidingName(hidden, indicators);
    const text = isKnown
      ? `“${hidden}” is a name that miners hide behind`
      : `“${hidden}” in ${path} is hidden by its name`;
    signals.push({
      topic: 'hidden',
      code: 'hidden-path',
      text,
      weight: isKnown ? 50 : hiddenWeight(path, hidden, isEntry),
    });
  }
  const known = knownBy(indicators.paths, path);
  if (known !== undefined) {
    const text = `${path} is where an intruder’s file is known to lie${byWhom(known)}`;
    signals.push({ topic: 'known-path', code: 'known-bad-path', text, weight: 50 });
  }
  return [...signals, ...nameSignals(basename(path), indicators)];
}

/** Nothing but dots, or dots and blanks: made to be overlooked in a listing. */
const DOTS = /^(?:\.{3,}|\.{1,2} +)$/;

function isHidingName(name: string, { folder }: Indicators): boolean {
  return (DOTS.test(name) || folder.test(name)) && !STOCK_TEMP_FOLDERS.has(name);
}

function hiddenWeight(path: string, hidden: string, isEntry: boolean): number {
  if (!isTempPath(path)) return HOME.test(path) ? 15 : 45;
  // Work trees and unpacked packages in /tmp are full of dot folders further down.
  const isAtTop = path.slice(path.indexOf(hidden) - 1).length + tempRootLength(path) === path.length;
  return isEntry || isAtTop ? 45 : 10;
}

function tempRootLength(path: string): number {
  const root = TEMP.exec(path)?.[0];
  return root === undefined ? path.lastIndexOf('/') : root.length - 1;
}

export function nameSignals(name: string, { names }: Indicators): Signal[] {
  const plain = name.replace(/\.(sh|py|bin|elf|service|timer|x86_64|amd64|aarch64|arm64)$/i, '');
  const known = names.get(name) ?? names.get(plain);
  if (known !== undefined) {
    const text = `“${name}” is a name that miners are known by${byWhom(known)}`;
    return [{ topic: 'name', code: 'miner-name', text, weight: 45 }];
  }
  if (KERNEL_THREAD_NAME.test(plain) || /^\[[\w/:.+-]+\]$/.test(name)) {
    return [
      {
        topic: 'name',
        code: 'kernel-thread-name',
        text: `“${name}” is named like a kernel thread, and a kernel thread has no file`,
        weight: 45,
      },
    ];
  }
  return [];
}
