import { type Html, html } from './html-text.ts';
import { spokenTime } from './story-words.ts';
import type { Transcript, TranscriptStep } from './transcript.ts';

/** When which step was in hand, as bars over the time of the incident. Geometry is in attributes: no style is needed. */
export function chart(transcript: Transcript): Html {
  const begin = Date.parse(transcript.openedAt);
  const end = Math.max(Date.parse(transcript.closedAt ?? transcript.lastAt), begin + 1);
  const rows = transcript.steps.filter((step) => step.startedAt !== null);
  if (rows.length === 0 || Number.isNaN(begin + end)) return html``;
  const at = (time: string) =>
    LABELS + ((Math.min(Math.max(Date.parse(time), begin), end) - begin) / (end - begin)) * BARS;
  const bars = rows.map((step, index) => bar(step, index, at, transcript.lastAt));
  const foot = rows.length * ROW + 16;
  const edge = (ms: number) => spokenTime(new Date(ms).toISOString());
  return html`<svg viewBox="0 0 ${LABELS + BARS} ${foot + 6}" role="img" aria-label="Steps over the time of the incident">
${bars}<text x="${LABELS}" y="${foot}">${edge(begin)}</text><text x="${LABELS + BARS}" y="${foot}" text-anchor="end">${edge(end)}</text>
</svg>`;
}

const LABELS = 260;
const BARS = 740;
const ROW = 20;

function bar(step: TranscriptStep, index: number, at: (time: string) => number, lastAt: string): Html {
  const from = at(step.startedAt ?? lastAt);
  const width = Math.max(2, at(step.finishedAt ?? lastAt) - from);
  const label = `${step.number}. ${step.title}`;
  const short = label.length > 38 ? `${label.slice(0, 37)}…` : label;
  return html`<text x="0" y="${index * ROW + 15}">${short}</text><rect class="${step.status}" x="${from.toFixed(1)}" y="${index * ROW + 4}" width="${width.toFixed(1)}" height="12" rx="2"/>
`;
}
