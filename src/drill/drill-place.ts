/** A part of the infection, or an ordinary thing, with where it is. */
export interface DrillPlace {
  readonly what: string;
  readonly place: string;
  /** What is wrong with it, for damage. */
  readonly detail?: string;
}
