import type { LineCounter } from 'yaml';
import type { Span } from './places.ts';
import type { Problem, ProblemCode } from './playbook.ts';

export interface Fault {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string | null;
  readonly severity?: Problem['severity'];
  readonly at: Span;
}

/** Nobody reads more; a file that is wrong throughout must not fill a terminal. */
const MAX_PROBLEMS = 100;

/** Collects what is wrong, and turns offsets into lines and columns. */
export class ProblemList {
  private readonly lines: LineCounter;
  private readonly faults: Fault[] = [];

  constructor(lines: LineCounter) {
    this.lines = lines;
  }

  add(fault: Fault): void {
    this.faults.push(fault);
  }

  get hasErrors(): boolean {
    return this.faults.some((fault) => (fault.severity ?? 'error') === 'error');
  }

  /** 1-based. */
  lineOf(offset: number): number {
    return Math.max(1, this.lines.linePos(offset).line);
  }

  /** In the order of the file. */
  all(): readonly Problem[] {
    const sorted = this.faults.toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1]);
    const problems = sorted.slice(0, MAX_PROBLEMS).map((fault) => this.problemOf(fault));
    const more = sorted.length - problems.length;
    const last = problems.at(-1);
    if (more > 0 && last !== undefined) {
      problems[problems.length - 1] = {
        ...last,
        hint: `${last.hint ?? ''} (${more} more problems follow)`.trim(),
      };
    }
    return problems;
  }

  private problemOf({ code, message, hint = null, severity = 'error', at }: Fault): Problem {
    const start = this.lines.linePos(at[0]);
    const end = this.lines.linePos(Math.max(at[0], at[1]));
    return {
      code,
      severity,
      message,
      hint,
      line: Math.max(1, start.line),
      column: Math.max(1, start.col),
      endLine: Math.max(1, end.line),
      endColumn: Math.max(1, end.col),
    };
  }
}
