import { formatBytes } from '../../src/text/format.ts';
import { type PtyOptions, type PtyProgram, startPty } from '../support/pty.ts';

/** Who is measured on the same pseudo-terminal in the same run. */
export const PROGRAMS = ['tourniquet', 'whiptail', 'dialog', 'htop', 'mc', 'less', 'a bare Ink app'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** One line of the table: what it is, at most how much, and what each that can do it needs. */
export interface TerminalRow {
  readonly what: string;
  readonly limit: string;
  readonly values: Readonly<Partial<Record<ProgramName, string>>>;
}

/** A program of its own on a terminal, from its argv. */
export type Start = (options?: PtyOptions) => PtyProgram;

export function starting(argv: readonly string[], environment: Record<string, string> = {}): Start {
  return (options = {}) =>
    startPty(argv, { ...options, environment: { ...environment, ...options.environment } });
}

export function terminalTable(rows: readonly TerminalRow[]): string {
  return [
    `| what | at most | ${PROGRAMS.join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(PROGRAMS.length)}`,
    ...rows.map(
      ({ what, limit, values }) =>
        `| ${what} | ${limit} | ${PROGRAMS.map((name) => values[name] ?? '').join(' | ')} |`,
    ),
  ].join('\n');
}

/** `12 ms`, `0.8 ms`. */
export function tookMs(value: number): string {
  if (Number.isNaN(value)) return 'never';
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

export const size = formatBytes;
