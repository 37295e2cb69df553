import type { Vitals } from '../../engine/handle.ts';
import { BLANK, type Row, span } from '../look/cells.ts';

const BARS = '▁▂▃▄▅▆▇█';
const ASIDE = 24;

/** How the host does while it is watched: a small chart each of its processor, its connections, and what was dropped. */
export function vitalsRows(vitals: readonly Vitals[], columns: number): readonly Row[] {
  const latest = vitals.at(-1);
  if (latest === undefined) return [];
  const width = Math.max(0, Math.min(60, columns - ASIDE));
  const shown = vitals.slice(-width);
  const chart = (name: string, read: (one: Vitals) => number | null, unit: string): Row => {
    const values = shown.map(read);
    const most = Math.max(1, ...values.map((value) => value ?? 0));
    const now = read(latest);
    return [
      span(` ${name.padEnd(12)}`, 'dim'),
      span(values.map((value) => barOf(value, most)).join(''), 'accent'),
      span(now === null ? ' not known' : ` ${now}${unit}`),
    ];
  };
  return [
    BLANK,
    [span(' While it is watched', 'strong')],
    chart('processor', ({ busyPercent }) => busyPercent, ' %'),
    chart('connections', ({ connections }) => connections, ''),
    chart('dropped', ({ droppedPackets }) => droppedPackets, ' packets'),
  ];
}

function barOf(value: number | null, most: number): string {
  if (value === null) return ' ';
  return BARS[Math.min(BARS.length - 1, Math.floor((value / most) * (BARS.length - 1) + 0.5))] ?? ' ';
}
