import type { Finding } from '../../findings/finding.ts';
import { removalText } from '../../findings/removal.ts';
import { printable } from '../../text/printable.ts';
import { redact } from '../../text/redact.ts';
import { padEnd, textWidth, truncate } from '../../text/width.ts';
import { type StyleName, wrapText } from '../../tui/look/cells.ts';

/** How one finding is written in the table of a scan. */
export interface FindingTextOptions {
  /** What was judged harmless too, and each of many alike. */
  readonly showAll: boolean;
  readonly paint: (style: StyleName, text: string) => string;
}

const MOST_REASONS = 4;
const MOST_PLACES = 4;
/** Nobody reads a path of four thousand characters; --json has it whole. */
const LONGEST_PLACE = 400;

/** With its reasons, where it is, when it was changed and what would take it away. */
export function atLength(
  finding: Finding,
  columns: number,
  style: StyleName,
  { paint }: FindingTextOptions,
): string[] {
  const what = finding.owner === null ? kindOf(finding) : `${kindOf(finding)}, ${shown(finding.owner)}`;
  const room = columns - 6 - textWidth(what) - 2;
  const title =
    room < 20 ? printable(finding.title) : truncate(printable(finding.title), room, { keep: 'ends' });
  const right =
    room < 20
      ? ''
      : ' '.repeat(Math.max(2, columns - 6 - textWidth(title) - textWidth(what))) + paint('dim', what);
  const lines = [
    `${paint(style, String(finding.score).padStart(4))}  ${paint('strong', truncate(title, columns - 6))}${right}`,
  ];
  const reasons = finding.reasons.filter(({ weight }) => weight !== 0);
  for (const { text, weight } of reasons.slice(0, MOST_REASONS))
    lines.push(...hanging(weight < 0 ? '      + ' : '      - ', shown(aboutIt(text, finding)), columns));
  const more = reasons.length - MOST_REASONS;
  if (more > 0)
    lines.push(
      ...hanging(
        '        ',
        `and ${more} more ${more === 1 ? 'reason' : 'reasons'} (--json has all)`,
        columns,
      ),
    );
  const places = [
    ...new Set(finding.places.map(({ path, line }) => printable(line ? `${path}:${line}` : path))),
  ];
  // The title of a file is its path: it is not said twice, unless it had to be cut.
  for (const place of places.filter((one) => one !== title).slice(0, MOST_PLACES))
    lines.push(
      ...hanging('      ', truncate(place, LONGEST_PLACE, { keep: 'ends' }), columns).map((line) =>
        paint('accent', line),
      ),
    );
  if (places.length > MOST_PLACES) lines.push(`      and ${places.length - MOST_PLACES} more places`);
  lines.push(...hanging('      remedy: ', shown(removalText(finding.subject)), columns));
  const last = [...whenOf(finding), ...packageOf(finding), finding.attack.join(' ')]
    .filter((part) => part !== '')
    .join(', ');
  if (last !== '') lines.push(...hanging('      ', last, columns).map((line) => paint('dim', line)));
  return [...lines, ''];
}

/** What stands in the title is not said again by each reason. */
function aboutIt(text: string, { title }: Finding): string {
  const within = `In ${title}: `;
  if (text.startsWith(within)) return text.slice(within.length);
  return /^ (is|lies) /.test(text.slice(title.length)) && text.startsWith(title)
    ? `It${text.slice(title.length)}`
    : text;
}

/** That none owns it is a reason, and said there. */
function packageOf({ package: owning }: Finding): string[] {
  return typeof owning === 'string' ? [`package ${printable(owning)}`] : [];
}

/**
 * When it was last changed by the kernel's word, which nobody can set; what the file says of itself where that is
 * something else; or when it began.
 */
function whenOf({ times, beganAtMs }: Finding): string[] {
  const minute = (ms: number): string =>
    Number.isFinite(ms) && Math.abs(ms) < 8.64e15
      ? `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`
      : 'at an impossible time';
  if (beganAtMs !== undefined) return [`since ${minute(beganAtMs)}`];
  if (times === null) return [];
  const [written, changed] = [times.mtimeNs, times.ctimeNs].map((ns) => Number(BigInt(ns) / 1_000_000n)) as [
    number,
    number,
  ];
  const dated = Math.abs(changed - written) < 60_000 ? '' : ` (dated ${minute(written)})`;
  return [`changed ${minute(changed)}${dated}`];
}

/** So many of one kind and for one reason are told together, unless all is asked for. */
const TOO_MANY_ALIKE = 5;

/** In a line each, and many alike in two. */
export function inALineEach(
  findings: readonly Finding[],
  columns: number,
  options: FindingTextOptions,
): string[] {
  const alike = Map.groupBy(findings, (one) => `${kindOf(one)} ${one.score} ${whyOf(one)}`);
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || options.showAll || group.length <= TOO_MANY_ALIKE)
      return group.map((finding) => inOneLine(finding, columns, options));
    const names = group
      .map(({ title }) =>
        printable(title)
          .replace(/^package /, '')
          .replace(/ .*/s, ''),
      )
      .join(', ');
    const title = `${group.length} of one kind: ${kindOf(first)}`;
    const room = Math.max(20, columns - 8 - ' (--all)'.length);
    const named = truncate(names, room);
    return [
      inOneLine(
        { ...first, title, reasons: [{ code: '', weight: 0, text: whyOf(first) }] },
        columns,
        options,
      ),
      options.paint('dim', `        ${named}${named === names ? '' : ' (--all)'}`),
    ];
  });
}

function whyOf(finding: Finding): string {
  const [first] = finding.reasons;
  return first === undefined ? kindOf(finding) : aboutIt(first.text, finding);
}

/** Titles in a column, what is thought of them beside. */
function inOneLine(finding: Finding, columns: number, { paint }: FindingTextOptions): string {
  const half = Math.floor((columns - 8) / 2);
  const title = truncate(printable(finding.title), half, { keep: 'ends' });
  const why = shown(whyOf(finding));
  return `${paint('dim', String(finding.score).padStart(4))}  ${padEnd(title, half)}  ${truncate(why, columns - 8 - half)}`;
}

function kindOf({ subject }: Finding): string {
  const kind =
    subject.kind === 'file' || subject.kind === 'file-line'
      ? subject.role
      : subject.kind === 'setting'
        ? subject.part
        : subject.kind;
  return kind.replaceAll('-', ' ');
}

/** A text behind a lead, further lines as far in. */
export function hanging(lead: string, text: string, columns: number): string[] {
  const indent = textWidth(lead);
  return wrapText(text, Math.max(20, columns - indent)).map((line, index) =>
    index === 0 ? `${lead}${line}` : `${' '.repeat(indent)}${line}`,
  );
}

/** Host text that may be a command line: no secret of it, nothing that moves the cursor. */
export function shown(text: string): string {
  return printable(redact(text));
}
