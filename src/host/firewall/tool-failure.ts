import { printable } from '../../text/printable.ts';
import type { ToolResult } from '../run-tool.ts';

/** Why a tool failed, as one line: its own last words, or how it ended. */
export function toolFailure(name: string, result: ToolResult): string {
  if (result.failedToStart !== null)
    return `${name} could not be started: ${printable(result.failedToStart)}`;
  if (result.timedOut) return `${name} did not finish in time and was ended`;
  const said = result.stderr.toString('utf8').trim().split('\n');
  const words =
    said.find((line) => /error|fail|denied|not permitted|cannot|unable/i.test(line)) ?? said.at(-1) ?? '';
  const how =
    result.exitCode === null
      ? `was ended by ${result.signal ?? 'a signal'}`
      : `failed (exit ${result.exitCode})`;
  return `${name} ${how}${words === '' ? '' : `: ${printable(words.slice(0, 300))}`}`;
}

export function stopped(packets: number): string {
  return packets === 1 ? '1 packet stopped' : `${packets} packets stopped`;
}
