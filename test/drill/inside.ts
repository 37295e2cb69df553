import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../src/drill/sandbox.ts';
import { runTool, type ToolResult } from '../../src/host/run-tool.ts';

/** Runs a shell text inside; positional arguments as `$1`… */
export function inside(sandbox: Sandbox, script: string, ...args: string[]): Promise<ToolResult> {
  return runTool(sandbox.agentCommand(['bash', '-c', script, 'bash', ...args]));
}

export async function textInside(sandbox: Sandbox, script: string, ...args: string[]): Promise<string> {
  const run = await inside(sandbox, script, ...args);
  if (run.exitCode !== 0) throw new Error(`${script}: exit ${run.exitCode}: ${run.stderr.toString()}`);
  return run.stdout.toString().trim();
}

/** Waits until it is so, looking often; throws with the last thing seen when it takes too long. */
export async function until<T>(
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  ms = 10_000,
): Promise<T> {
  for (const deadline = Date.now() + ms; ; await pause(10)) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`still not so after ${ms} ms: ${JSON.stringify(seen)}`);
  }
}
