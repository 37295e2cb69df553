import type { Finding } from '../findings/finding.ts';
import { removalText } from '../findings/removal.ts';
import { SCAN_SCOPES, type ScanOutcome, type ScanScope } from '../findings/scan.ts';
import { formatDuration } from '../text/format.ts';
import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import { padEnd, truncate } from '../text/width.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { openHost } from './hosts.ts';

export interface ScanOptions {
  readonly only?: readonly string[];
  /** Show what was judged harmless too. */
  readonly all?: boolean;
}

/** `tourniquet scan`: look, change nothing. Exit 0 whatever is found: a finding is no failure. */
export async function scanVerb(context: CliContext, options: ScanOptions): Promise<ExitCode> {
  const scopes = scopesOf(options.only);
  const host = await openHost({ kind: 'local' });
  try {
    const isWatched = context.stderr.isTTY && !context.json;
    const outcome = await host.scan(
      { scopes, sampleMs: context.sampleMs },
      isWatched
        ? { onProgress: ({ scope }) => void context.stderr.write(`\r\x1b[Klooking at ${scope}`) }
        : {},
    );
    if (isWatched) context.stderr.write('\r\x1b[K');
    if (context.json) context.stdout.write(`${safeJson(outcome, 2)}\n`);
    else context.stdout.write(scanText(outcome, options.all ?? false, context.stdout.columns ?? 100));
    return EXIT.done;
  } finally {
    await host.close();
  }
}

function scopesOf(only: readonly string[] | undefined): readonly ScanScope[] {
  if (only === undefined || only.length === 0) return SCAN_SCOPES;
  const unknown = only.find((scope) => !(SCAN_SCOPES as readonly string[]).includes(scope));
  if (unknown !== undefined) {
    throw new UserError('unknown-scope', `There is nothing called "${unknown}" to look at.`, {
      hint: `Known: ${SCAN_SCOPES.join(', ')}.`,
    });
  }
  return only as readonly ScanScope[];
}

/** Worst first: verdict, score, what, then why and where on lines of their own. */
export function scanText(outcome: ScanOutcome, all: boolean, columns: number): string {
  const shown = all ? outcome.findings : outcome.findings.filter((finding) => finding.verdict !== 'benign');
  const lines = shown.flatMap((finding) => findingLines(finding, columns));
  const hidden = outcome.findings.length - shown.length;
  for (const unknown of outcome.unknowns) {
    lines.push(cut(`unknown     ${unknown.scope}: ${unknown.what}: ${unknown.reason}`, columns));
  }
  const count = (verdict: string) => outcome.findings.filter((finding) => finding.verdict === verdict).length;
  const summary = [
    `${count('malicious')} malicious`,
    `${count('suspicious')} suspicious`,
    `${outcome.unknowns.length} could not be looked at`,
    ...(hidden > 0 ? [`${hidden} harmless not shown (--all)`] : []),
    `took ${formatDuration(outcome.tookMs)}`,
  ];
  return `${[...lines, ...(lines.length > 0 ? [''] : []), summary.join(', ')].join('\n')}\n`;
}

function findingLines(finding: Finding, columns: number): string[] {
  const lines = [
    cut(`${padEnd(finding.verdict, 11)} ${String(finding.score).padStart(3)}  ${finding.title}`, columns),
  ];
  const why = finding.reasons.map((reason) => reason.text).join('; ');
  if (why) lines.push(cut(`                 why    ${why}`, columns));
  const where = finding.places
    .map((place) => (place.line ? `${place.path}:${place.line}` : place.path))
    .join(', ');
  if (where) lines.push(cut(`                 where  ${where}`, columns));
  if (finding.verdict !== 'benign')
    lines.push(cut(`                 remedy ${removalText(finding.subject)}`, columns));
  if (finding.attack.length > 0) lines.push(`                 attack ${finding.attack.join(', ')}`);
  return lines;
}

function cut(line: string, columns: number): string {
  return truncate(printable(line), columns);
}
