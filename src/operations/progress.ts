/** How far a long operation is. */
export interface OperationProgress {
  readonly done: number;
  /** null when not known. */
  readonly total: number | null;
  readonly unit: 'bytes' | 'files' | 'packages' | 'milliseconds' | 'percent';
}
