import { runTool, type ToolResult } from '../host/run-tool.ts';
import type { CloudTool } from '../operations/cloud.ts';

const TIMEOUT_MS = 20_000;

/**
 * How each says who is logged in, without changing anything. https://cloud.google.com/sdk/gcloud/reference/auth/list,
 * https://learn.microsoft.com/cli/azure/account#az-account-show
 */
const WHO: Readonly<Record<CloudTool, readonly string[]>> = {
  gcloud: ['auth', 'list', '--filter=status:ACTIVE', '--format=value(account)'],
  az: ['account', 'show', '--query', 'id', '--output', 'tsv'],
};

const LOGIN: Readonly<Record<CloudTool, string>> = { gcloud: 'gcloud auth login', az: 'az login' };

type Asked = Pick<ToolResult, 'failedToStart' | 'timedOut' | 'exitCode' | 'stdout'>;

/** Why the tool cannot be used where the responder is, and what would change that; null: it is there and logged in. */
export async function whyNotLoggedIn(
  tool: CloudTool,
  ask: (argv: readonly string[]) => Promise<Asked> = askHere,
): Promise<string | null> {
  const { failedToStart, timedOut, exitCode, stdout } = await ask([tool, ...WHO[tool]]);
  if (failedToStart !== null)
    return `${tool} is not where you are (looked for in /usr/bin, /usr/local/bin and the like).`;
  if (timedOut) return `${tool} did not say within ${TIMEOUT_MS / 1000} s who is logged in.`;
  const isIn = exitCode === 0 && stdout.toString('utf8').trim() !== '';
  return isIn
    ? null
    : `Nobody is logged in to ${tool} where you are. Log in (${LOGIN[tool]}), then look at the step again.`;
}

/** Their logins lie below the home folder. */
function askHere(argv: readonly string[]): Promise<Asked> {
  const environment: Record<string, string> =
    process.env.HOME === undefined ? {} : { HOME: process.env.HOME };
  return runTool(argv, { timeoutMs: TIMEOUT_MS, environment });
}
