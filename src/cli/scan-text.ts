import { isAllowed } from '../findings/allow-list.ts';
import type { Finding, Verdict } from '../findings/finding.ts';
import { removalText } from '../findings/removal.ts';
import type { ScanOutcome, ScanScope } from '../findings/scan.ts';
import type { InWindow } from '../findings/window.ts';
import { formatDuration } from '../text/format.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { padEnd, textWidth, truncate } from '../text/width.ts';
import { type StyleName, wrapText } from '../tui/look/cells.ts';
import { toAscii } from '../tui/look/theme.ts';

export interface ScanTextOptions {
  /** What was judged harmless too. */
  readonly showAll: boolean;
  readonly columns: number;
  readonly isAscii: boolean;
  readonly paint: (style: StyleName, text: string) => string;
  /** What `--since` left out; null without it. */
  readonly window: (InWindow & { readonly sinceMs: number }) | null;
  /** Scopes that were not asked for. */
  readonly unread: readonly ScanScope[];
}

const WIDEST = 110;
const MOST_REASONS = 4;
const MOST_PLACES = 4;
/** Nobody reads a path of four thousand characters; --json has it whole. */
const LONGEST_PLACE = 400;

const GROUPS: readonly { readonly verdict: Verdict; readonly title: string; readonly style: StyleName }[] = [
  { verdict: 'malicious', title: 'MALICIOUS', style: 'bad' },
  { verdict: 'suspicious', title: 'SUSPICIOUS', style: 'warn' },
  { verdict: 'unknown', title: 'NOT KNOWN: somebody who knows this host has to say', style: 'strong' },
  { verdict: 'benign', title: 'HARMLESS', style: 'strong' },
];

/** Worst first, each with why and where; what is open or harmless in a line each; then what was not seen, and the sum. */
export function scanText(outcome: ScanOutcome, options: ScanTextOptions): string {
  const columns = Math.max(40, Math.min(options.columns, WIDEST));
  const lines: string[] = [];
  for (const { verdict, title, style } of GROUPS) {
    const findings = outcome.findings.filter((finding) => finding.verdict === verdict && !isAllowed(finding));
    if (findings.length === 0 || (verdict === 'benign' && !options.showAll)) continue;
    lines.push(options.paint(style, truncate(`${title} (${findings.length})`, columns)), '');
    const isAtLength = verdict === 'malicious' || verdict === 'suspicious';
    for (const finding of findings)
      lines.push(
        ...(isAtLength ? atLength(finding, columns, style, options) : [inOneLine(finding, columns, options)]),
      );
    if (!isAtLength) lines.push('');
  }
  // Somebody's word, and not what was seen: it is shown whatever was asked for.
  const allowed = outcome.findings.filter(isAllowed);
  if (allowed.length > 0) lines.push(options.paint('strong', `DECLARED OURS (${allowed.length})`), '');
  for (const finding of allowed) lines.push(...atLength(finding, columns, 'strong', options));
  lines.push(...unknownLines(outcome, columns, options));
  lines.push(...wrapText(summary(outcome, options), columns));
  const text = `${lines.join('\n')}\n`;
  return options.isAscii ? toAscii(text) : text;
}

function atLength(finding: Finding, columns: number, style: StyleName, { paint }: ScanTextOptions): string[] {
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
    lines.push(...hanging(weight < 0 ? '      + ' : '      - ', shown(text), columns));
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
  if (finding.attack.length > 0)
    lines.push(...hanging('      ', finding.attack.join(' '), columns).map((line) => paint('dim', line)));
  return [...lines, ''];
}

/** Titles in a column, what is thought of them beside. */
function inOneLine(finding: Finding, columns: number, { paint }: ScanTextOptions): string {
  const half = Math.floor((columns - 8) / 2);
  const title = truncate(printable(finding.title), half, { keep: 'ends' });
  const why = shown(finding.reasons[0]?.text ?? kindOf(finding));
  return `${paint('dim', String(finding.score).padStart(4))}  ${padEnd(title, half)}  ${truncate(why, columns - 8 - half)}`;
}

function unknownLines({ unknowns }: ScanOutcome, columns: number, { paint }: ScanTextOptions): string[] {
  if (unknowns.length === 0) return [];
  const lines = unknowns.flatMap(({ scope, what, reason }) =>
    hanging(`  ${padEnd(scope, 17)} `, `${shown(what)}: ${shown(reason)}`, columns),
  );
  return [paint('warn', `COULD NOT BE LOOKED AT (${unknowns.length})`), '', ...lines, ''];
}

function summary(outcome: ScanOutcome, { showAll, window, unread }: ScanTextOptions): string {
  const count = (verdict: Verdict): number =>
    outcome.findings.filter((finding) => finding.verdict === verdict).length;
  const harmless = outcome.findings.filter(
    (finding) => finding.verdict === 'benign' && !isAllowed(finding),
  ).length;
  const parts = [
    `${count('malicious')} malicious`,
    `${count('suspicious')} suspicious`,
    `${count('unknown')} not known`,
    `${outcome.unknowns.length} could not be looked at`,
    ...(harmless > 0 && !showAll ? [`${harmless} harmless not shown (--all)`] : []),
    `took ${formatDuration(outcome.tookMs)}`,
  ];
  const lines = [`${parts.join(', ')}.`];
  if (window !== null) {
    const stays = window.withoutTime === 0 ? '' : `; ${window.withoutTime} of which no time is known stayed`;
    lines.push(`Since ${new Date(window.sinceMs).toISOString()}: ${window.older} older left out${stays}.`);
  }
  if (unread.length > 0) {
    const all = unread.length > 6 ? `${unread.length} other parts` : unread.join(', ');
    lines.push(`Not read: ${all}. A whole scan may find more, and judge worse what is shown here.`);
  }
  return lines.join('\n');
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
function hanging(lead: string, text: string, columns: number): string[] {
  const indent = textWidth(lead);
  return wrapText(text, Math.max(20, columns - indent)).map((line, index) =>
    index === 0 ? `${lead}${line}` : `${' '.repeat(indent)}${line}`,
  );
}

/** Host text that may be a command line: no secret of it, nothing that moves the cursor. */
function shown(text: string): string {
  return printable(redact(text));
}
