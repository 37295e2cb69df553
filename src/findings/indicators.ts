/**
 * What is known of miners and of those who bring them, ready to be matched. The tables are data: the shipped ones in
 * playbooks/indicators/ (carried in shipped-indicators.ts), the responder's own come with the scan's request.
 * No entry is enough by itself unless its judge says so; the judges give the weights.
 */
import type { Indicator, IndicatorKind, IndicatorSet } from './indicator.ts';
import { SHIPPED_INDICATORS } from './shipped-indicators.ts';

/** What is said of an entry in a reason. */
export interface Known {
  readonly who: string | null;
  /** The responder's own file that it is from; null for what came with the program. */
  readonly from: string | null;
}

export interface Indicators {
  readonly names: ReadonlyMap<string, Known>;
  readonly programWords: readonly string[];
  readonly texts: RegExp;
  readonly option: RegExp;
  readonly wallet: RegExp;
  /** The pool's name is the first group. */
  readonly pool: RegExp;
  readonly ports: ReadonlySet<number>;
  readonly hosts: ReadonlyMap<string, Known>;
  readonly hashes: ReadonlyMap<string, Known>;
  readonly paths: readonly (Known & { readonly pattern: RegExp })[];
  readonly folder: RegExp;
  readonly preloads: ReadonlyMap<string, Known>;
  readonly keyComments: readonly (Known & { readonly part: string })[];
  readonly accounts: ReadonlyMap<string, Known>;
  readonly images: readonly (Known & { readonly pattern: RegExp })[];
  readonly renamedTools: ReadonlyMap<string, Known>;
  readonly updateDomain: RegExp;
  readonly securityDomain: RegExp;
}

/** The shipped ones and those that are given. Pure; the same answer for none is made once. */
export function indicatorsWith(own: readonly IndicatorSet[] = []): Indicators {
  if (own.length === 0) shipped ??= compile([]);
  return own.length === 0 ? (shipped as Indicators) : compile(own);
}

let shipped: Indicators | null = null;

type Entry = Known & { readonly value: string };

function compile(own: readonly IndicatorSet[]): Indicators {
  const of = (kind: IndicatorKind): Entry[] => [
    ...SHIPPED_INDICATORS.flatMap(({ entries }) => entriesOf(entries, kind, null)),
    ...own.flatMap(({ name, entries }) => entriesOf(entries, kind, name)),
  ];
  const map = (kind: IndicatorKind) =>
    new Map(of(kind).map(({ value, who, from }) => [value, { who, from }]));
  const globs = (kind: IndicatorKind) =>
    of(kind).map(({ value, who, from }) => ({ who, from, pattern: new RegExp(`^${globPattern(value)}$`) }));
  return {
    names: map('names'),
    programWords: of('program-words').map(({ value }) => value),
    texts: anyOf(of('texts').map(({ value }) => textPattern(value))),
    option: anyOf(
      of('options').map(({ value }) => optionPattern(value)),
      '(?:^|\\s)',
      '',
      'i',
    ),
    wallet: anyOf(
      of('wallets').map(({ value }) => value),
      '(?<![A-Za-z0-9])',
      '(?![A-Za-z0-9])',
    ),
    pool: poolPattern(of('pools').map(({ value }) => value)),
    ports: new Set(of('ports').map(({ value }) => Number(value))),
    hosts: map('hosts'),
    hashes: map('hashes'),
    paths: globs('paths'),
    folder: anyOf(
      of('folders').map(({ value }) => globPattern(value)),
      '^',
      '$',
    ),
    preloads: map('preloads'),
    keyComments: of('key-comments').map(({ value, who, from }) => ({ who, from, part: value.toLowerCase() })),
    accounts: map('accounts'),
    images: globs('images'),
    renamedTools: map('renamed-tools'),
    updateDomain: domainPattern(of('update-domains').map(({ value }) => value)),
    securityDomain: domainPattern(of('security-domains').map(({ value }) => value)),
  };
}

function entriesOf(entries: readonly Indicator[], kind: IndicatorKind, from: string | null): Entry[] {
  return entries.filter((entry) => entry.kind === kind).map(({ value, who }) => ({ value, who, from }));
}

/** ` (Kinsing)`, ` (Kinsing; from your campaign)`, or nothing: to stand at the end of a reason. */
export function byWhom({ who, from }: Known): string {
  const words = [...(who === null ? [] : [who]), ...(from === null ? [] : [`from your file “${from}”`])];
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}

/** The first of the patterns that the whole text fits. */
export function knownBy<T extends Known & { readonly pattern: RegExp }>(
  list: readonly T[],
  text: string,
): T | undefined {
  return list.find(({ pattern }) => pattern.test(text));
}

/** Nothing if there are none: an empty alternative would match everything. */
function anyOf(patterns: readonly string[], before = '', after = '', flags = ''): RegExp {
  // The longest first, so that of a name and a longer one that begins with it the longer is found.
  const sorted = patterns.toSorted((a, b) => b.length - a.length);
  return new RegExp(sorted.length === 0 ? '(?!)' : `${before}(?:${sorted.join('|')})${after}`, flags);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Blanks around a colon do not matter; a word is not part of a longer one. */
function textPattern(text: string): string {
  const body = text.split(':').map(escaped).join('\\s*:\\s*');
  return `${/^\w/.test(text) ? '\\b' : ''}${body}${/\w$/.test(text) ? '\\b' : ''}`;
}

/** `--randomx-*`, `--coin=monero` (also with a blank for the `=`, and more behind it). */
function optionPattern(option: string): string {
  const [name = '', value] = option.split('=');
  const word = escaped(name).replace(/\\\*$/, '[a-z-]+');
  return value === undefined ? word : `${word}[=\\s]\\s*${escaped(value)}`;
}

/** As in a shell: `*`, `?`, `[0-9]`. */
function globPattern(glob: string): string {
  return glob
    .split(/(\*|\?|\[[A-Za-z0-9-]+\])/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : part === '*' ? '.*' : part === '?' ? '.' : part))
    .join('');
}

/** A word without a dot is a label that more follow; a domain stands for itself and all below it. */
function poolPattern(pools: readonly string[]): RegExp {
  const words = pools.filter((pool) => !pool.includes('.'));
  const domains = pools.filter((pool) => pool.includes('.'));
  const bodies = [
    ...words.map((word) => `${escaped(word)}(?:\\.[a-z0-9-]{1,63}){1,4}`),
    ...domains.map((domain) => `(?:[a-z0-9-]{1,63}\\.){0,4}${escaped(domain)}(?![a-z0-9-])`),
  ];
  return new RegExp(bodies.length === 0 ? '(?!)' : `(?:^|[./@\\s"'=])(${bodies.join('|')})`, 'i');
}

function domainPattern(domains: readonly string[]): RegExp {
  return anyOf(domains.map(escaped), '(?:^|\\.)', '$', 'i');
}
