import { readCommand } from './command-reading.ts';
import type { Indicators } from './indicators.ts';
import { commandSignals, minerSignals } from './judge-command.ts';
import type { ObservedFile } from './observation.ts';
import type { Signal } from './weigh.ts';

const MAX_LINES = 400;

/**
 * What a script's own text says, line by line. A long program holds all sorts of words (this product's own
 * lists of indicators too), so only short scripts are judged by their text.
 */
export function scriptSignals(file: ObservedFile, indicators: Indicators): readonly Signal[] {
  const known = JUDGED.get(file);
  if (known?.by === indicators) return known.signals;
  const signals = readScript(file, indicators);
  JUDGED.set(file, { by: indicators, signals });
  return signals;
}

/** Judging goes in rounds over the same files; their text says the same each time. */
const JUDGED = new WeakMap<ObservedFile, { readonly by: Indicators; readonly signals: readonly Signal[] }>();

function readScript(file: ObservedFile, indicators: Indicators): readonly Signal[] {
  if (file.content !== 'script' && file.content !== 'text') return [];
  const lines = file.head.split('\n');
  if (lines.length > MAX_LINES) return [];
  const isShell = file.content === 'script' && /^#!.*\b(ba|da|a|z|k)?sh\b/.test(lines[0] ?? '');
  const found = new Map<string, Signal>();
  for (const line of lines) {
    if (line.trimStart().startsWith('#') || line.length > 4000) continue;
    const reading = readCommand(line, { home: null, workingFolder: null });
    for (const signal of isShell ? commandSignals(reading, indicators) : minerSignals(reading, indicators)) {
      // In a script these are ordinary.
      if (signal.weight < 40) continue;
      const known = found.get(signal.topic);
      if (!known || signal.weight > known.weight) {
        found.set(signal.topic, {
          ...signal,
          text: `In ${file.path}: ${signal.text}`,
          topic: `script-${signal.topic}`,
        });
      }
    }
  }
  return [...found.values()];
}
