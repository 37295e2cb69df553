import { INDICATOR_KINDS, type IndicatorFile, indicatorSchema } from './indicator-schema.ts';
import { type Complaint, type ParsedData, parseData } from './parse-data.ts';

/** One indicator, apart from its file. */
export interface ParsedIndicator {
  readonly kind: (typeof INDICATOR_KINDS)[number];
  readonly value: string;
  readonly who: string | null;
  /** Addresses of the write-ups. */
  readonly sources: readonly string[];
}

export interface ParsedIndicators {
  readonly name: string;
  readonly entries: readonly ParsedIndicator[];
}

/** A file of indicators from its YAML text, or everything that is wrong with it. */
export function parseIndicators(text: string): ParsedData<ParsedIndicators> {
  const kind = {
    article: 'a file of indicators',
    begins: 'a file of indicators begins with name:, title: and sources:',
  };
  const { data, problems } = parseData(text, indicatorSchema, kind, unknownSources);
  return { data: data === null ? null : { name: data.name, entries: entriesOf(data) }, problems };
}

function entriesOf(file: IndicatorFile): ParsedIndicator[] {
  return INDICATOR_KINDS.flatMap((kind) =>
    (file[kind] ?? []).flatMap(({ values, who = null, source }) =>
      [values].flat().map((value) => ({
        kind,
        value: String(value),
        who,
        sources: [source].flat().map((name) => file.sources[name] ?? name),
      })),
    ),
  );
}

function unknownSources(file: IndicatorFile): Complaint[] {
  const known = Object.keys(file.sources);
  return INDICATOR_KINDS.flatMap((kind) =>
    (file[kind] ?? []).flatMap(({ source }, index) =>
      [source].flat().flatMap((name, at): Complaint[] =>
        Object.hasOwn(file.sources, name)
          ? []
          : [
              {
                path: [kind, index, 'source', ...(Array.isArray(source) ? [at] : [])],
                message: `there is no source "${name}"`,
                hint: known.length === 0 ? 'sources: is empty' : `there are ${known.join(', ')}`,
              },
            ],
      ),
    ),
  );
}
