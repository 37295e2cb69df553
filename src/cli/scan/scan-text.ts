import { isAllowed } from '../../findings/allow-list.ts';
import type { Verdict } from '../../findings/finding.ts';
import { isOdd } from '../../findings/finding.ts';
import type { ScanOutcome, ScanScope, ScanUnknown } from '../../findings/scan.ts';
import type { InWindow } from '../../findings/window.ts';
import { formatDuration } from '../../text/format.ts';
import { padEnd, truncate } from '../../text/width.ts';
import { type StyleName, wrapText } from '../../tui/look/cells.ts';
import { toAscii } from '../../tui/look/theme.ts';
import { atLength, type FindingTextOptions, hanging, inALineEach, shown } from './scan-finding-text.ts';

export interface ScanTextOptions extends FindingTextOptions {
  readonly columns: number;
  readonly isAscii: boolean;
  /** What `--since` left out; null without it. */
  readonly window: (InWindow & { readonly sinceMs: number }) | null;
  /** What is to be known of the host's own tools before anything else. */
  readonly preloaded?: string | null;
  /** Scopes that were not asked for. */
  readonly unread: readonly ScanScope[];
}

const WIDEST = 110;
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
  if (options.preloaded)
    lines.push(...wrapText(shown(options.preloaded), columns).map((line) => options.paint('bad', line)), '');
  for (const { verdict, title, style } of GROUPS) {
    const findings = outcome.findings.filter((finding) => finding.verdict === verdict && !isAllowed(finding));
    if (findings.length === 0 || (verdict === 'benign' && !options.showAll)) continue;
    lines.push(options.paint(style, truncate(`${title} (${findings.length})`, columns)), '');
    if (isOdd({ verdict }))
      for (const finding of findings) lines.push(...atLength(finding, columns, style, options));
    else lines.push(...inALineEach(findings, columns, options), '');
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

function unknownLines({ unknowns }: ScanOutcome, columns: number, { paint }: ScanTextOptions): string[] {
  if (unknowns.length === 0) return [];
  const alike = Map.groupBy(unknowns, ({ scope, reason }) => `${scope} ${reason}`);
  const lines = [...alike.values()].flatMap((group) => {
    const [{ scope, reason }] = group as [ScanUnknown, ...ScanUnknown[]];
    const what = group.map((one) => shown(one.what)).join(', ');
    return hanging(`  ${padEnd(scope, 17)} `, `${what}: ${shown(reason)}`, columns);
  });
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
