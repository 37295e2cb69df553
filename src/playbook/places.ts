/** Offsets in the text, end excluded. */
export type Span = readonly [start: number, end: number];
/** From the top of the file to a value: keys and list indices. */
export type Path = readonly (string | number)[];

export interface Place {
  readonly value: Span;
  /** Of the key that leads to it; list items have none. */
  readonly key?: Span;
  /** Whether the value's text stands there as it is (no map, no list, no alias). */
  readonly scalar: boolean;
}

/** Where everything of a playbook stands in its text. */
export class Places {
  private readonly places = new Map<string, Place>();
  private readonly spoiled = new Set<string>();

  /** Keeps the key that was set before. */
  set(path: Path, place: Place): void {
    const id = JSON.stringify(path);
    const key = place.key ?? this.places.get(id)?.key;
    this.places.set(id, key === undefined ? place : { ...place, key });
  }

  /** Marks a value as already complained about: what is missing from it is no second mistake. */
  spoil(path: Path): void {
    this.spoiled.add(JSON.stringify(path));
  }

  isSpoiled(path: Path): boolean {
    return path.some((_, index) => this.spoiled.has(JSON.stringify(path.slice(0, index + 1))));
  }

  /** Of the value; for what is not there, of the nearest thing around it. */
  valueAt(path: Path): Span {
    return this.nearest(path).value;
  }

  /** Of the key; for a list item, of its value. */
  keyAt(path: Path): Span {
    const place = this.nearest(path);
    return place.key ?? place.value;
  }

  /** Where a piece of a text stands, given by offsets in the text's value; the whole of it if quoting hides that. */
  pieceAt(path: Path, source: string, value: string, start: number, end: number): Span {
    const place = this.nearest(path);
    if (!place.scalar) return place.value;
    const [from, to] = place.value;
    const written = source.slice(from, to);
    const whole = written.indexOf(value);
    if (whole >= 0) return [from + whole + start, from + whole + Math.max(end, start)];
    // Indented, folded or escaped: the piece itself may still stand there unchanged, as often as in the value.
    const piece = value.slice(start, end);
    let at = -1;
    if (piece !== '') {
      for (
        let seen = value.indexOf(piece);
        seen >= 0 && seen <= start;
        seen = value.indexOf(piece, seen + 1)
      ) {
        at = written.indexOf(piece, at + 1);
        if (at < 0) break;
      }
    }
    return at >= 0 ? [from + at, from + at + piece.length] : place.value;
  }

  private nearest(path: Path): Place {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = this.places.get(JSON.stringify(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return { value: [0, 0], scalar: false };
  }
}
