import type { Reason, Verdict } from './finding.ts';

/** A reason and what it is about. Of several with one topic only the strongest counts: they are not independent. */
export interface Signal extends Reason {
  readonly topic: string;
}

export interface Weighed {
  readonly verdict: Verdict;
  /** 0 … 100. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** One signal of this weight is enough by itself. */
export const DECISIVE = 90;
/** Two independent signals of this weight are enough. */
export const STRONG = 40;
const MALICIOUS_SCORE = 70;
const UNKNOWN_SCORE = 20;

/**
 * From signals to a verdict, in this one place.
 *
 * malicious: one decisive signal or two independent strong ones, and 70 points left after what speaks for it.
 * suspicious: 40 points. unknown: 20. Below, nothing speaks against it that would not be seen on any server.
 * A port, a load or a missing package therefore never makes anything malicious, however many there are.
 */
export function weigh(signals: readonly Signal[]): Weighed {
  const counted = strongestOfEachTopic(signals);
  const score = clamp(counted.reduce((sum, signal) => sum + signal.weight, 0));
  const strong = counted.filter((signal) => signal.weight >= STRONG).length;
  const isCertain = strong >= 2 || counted.some((signal) => signal.weight >= DECISIVE);
  const reasons = [...signals]
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    // Two ways to one sentence (the name of a process and of its program) are said once.
    .filter(({ text }, at, all) => all.findIndex((other) => other.text === text) === at)
    .map(({ code, text, weight }) => ({ code, text, weight }));
  return { verdict: verdictOf(score, isCertain), score, reasons };
}

function verdictOf(score: number, isCertain: boolean): Verdict {
  if (isCertain && score >= MALICIOUS_SCORE) return 'malicious';
  if (score >= STRONG) return 'suspicious';
  return score >= UNKNOWN_SCORE ? 'unknown' : 'benign';
}

function strongestOfEachTopic(signals: readonly Signal[]): Signal[] {
  const strongest = new Map<string, Signal>();
  for (const signal of signals) {
    // What speaks for a thing and what speaks against it are never traded for each other.
    const key = `${signal.weight < 0 ? '-' : '+'}${signal.topic}`;
    const known = strongest.get(key);
    if (!known || Math.abs(signal.weight) > Math.abs(known.weight)) strongest.set(key, signal);
  }
  return [...strongest.values()];
}

function clamp(sum: number): number {
  return Math.max(0, Math.min(100, Math.round(sum)));
}
