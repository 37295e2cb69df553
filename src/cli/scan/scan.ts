import { declarationId } from '../../findings/allow.ts';
import { preloadWords } from '../../findings/preload-words.ts';
import { SCAN_SCOPES, type ScanProgress } from '../../findings/scan.ts';
import { inWindow } from '../../findings/window.ts';
import { withLimits } from '../../host/limited-host.ts';
import { preloadFacts } from '../../host/preload-file.ts';
import { doNotOptimise, keepYoungHeapSmall } from '../../host/small-memory.ts';
import { createThisHost } from '../../host/this-host.ts';
import { safeJson } from '../../text/json.ts';
import type { StyleName } from '../../tui/look/cells.ts';
import { themeFor } from '../../tui/look/theme.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type KnowledgeOptions, readKnowledge } from '../run/knowledge.ts';
import { namedScopes } from './named-scopes.ts';
import { parsePointInTime } from './point-in-time.ts';
import { scanText } from './scan-text.ts';

export interface ScanOptions extends KnowledgeOptions {
  readonly only?: readonly string[];
  /** Since when something has happened, as written. */
  readonly since?: string;
  /** Show what was judged harmless too. */
  readonly all?: boolean;
  /** Print what --json is made of, and look at nothing. */
  readonly schema?: boolean;
}

/** `tourniquet scan`: look, change nothing. Exit 0 whatever is found: a finding is no failure. */
export async function scanVerb(context: CliContext, options: ScanOptions): Promise<ExitCode> {
  if (options.schema === true) {
    const { scanJsonSchema } = await import('../../transcript/scan-json-schema.ts');
    context.stdout.write(`${JSON.stringify(scanJsonSchema(), null, 2)}\n`);
    return EXIT.done;
  }
  const scopes = namedScopes(options.only);
  const sinceMs = options.since === undefined ? null : parsePointInTime(options.since, Date.now());
  const { shippedRules, rules, indicators, allow } = await readKnowledge(context, options);
  const progress = progressOn(context);
  keepYoungHeapSmall();
  doNotOptimise();
  // In this very process: one look, and nothing to be kept going beside it.
  const host = withLimits(await createThisHost({}, { withoutHardware: true }));
  try {
    const outcome = await host.scan(
      {
        scopes,
        sampleMs: context.sampleMs,
        indicators,
        rules: [...shippedRules, ...rules],
        allow: allow.map(({ entry, reason, file }) => ({
          id: declarationId(entry),
          entry,
          reason,
          by: file,
        })),
      },
      progress.shown,
    );
    progress.clear();
    const window = sinceMs === null ? null : inWindow(outcome.findings, sinceMs);
    const shown = { ...outcome, findings: window?.findings ?? outcome.findings };
    if (context.json) {
      const since =
        sinceMs === null || window === null ? null : sinceOf(sinceMs, window.older, window.withoutTime);
      const preload = preloadFacts();
      const more = { ...(since === null ? {} : { since }), ...(preload === null ? {} : { preload }) };
      context.stdout.write(`${safeJson({ ...shown, ...more }, 2)}\n`);
    } else {
      const text = scanText(shown, {
        showAll: options.all ?? false,
        columns: context.stdout.columns ?? 80,
        isAscii: context.ascii,
        paint: painterFor(context),
        window: window === null || sinceMs === null ? null : { ...window, sinceMs },
        preloaded: preloadWords(preloadFacts()),
        unread: SCAN_SCOPES.filter((scope) => !scopes.includes(scope)),
      });
      context.stdout.write(text);
    }
    return EXIT.done;
  } finally {
    await host.close();
  }
}

/** In JSON: since when, how many were left out because they are older, how many stayed because they have no time. */
function sinceOf(sinceMs: number, older: number, withoutTime: number) {
  return { time: new Date(sinceMs).toISOString(), older, withoutTime };
}

/** One line that is written over and taken away again, where somebody watches a terminal that can. */
function progressOn({ stderr, environment }: CliContext): {
  readonly shown: { readonly onProgress?: (progress: ScanProgress) => void };
  clear(): void;
} {
  if (!stderr.isTTY || environment.TERM === 'dumb') return { shown: {}, clear: () => {} };
  return {
    shown: {
      onProgress: ({ scope, done, total, part }) =>
        void stderr.write(
          `\r\x1b[Klooking at ${part === 'rules' ? 'the content of files' : scope} (${done + 1} of ${total})`,
        ),
    },
    clear: () => void stderr.write('\r\x1b[K'),
  };
}

/** Colours where somebody sees them: as in the terminal interface, and none in a pipe. */
function painterFor(context: CliContext): (style: StyleName, text: string) => string {
  const environment = context.stdout.isTTY ? context.environment : { ...context.environment, NO_COLOR: '1' };
  const { styles } = themeFor({ ascii: context.ascii, theme: context.theme, links: false }, environment);
  return (style, text) => (styles[style] === '' ? text : `\x1b[${styles[style]}m${text}\x1b[0m`);
}
