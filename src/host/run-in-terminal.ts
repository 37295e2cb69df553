import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAbsolute } from 'node:path';
import { findTool, TRUSTED_FOLDERS } from './tool-lookup.ts';

/**
 * Runs a program that takes over the terminal of this process (a shell, an editor) until it ends. Its environment is
 * the responder's own, who is at its keyboard; a bare name is looked up in the trusted folders, as in run-tool.ts.
 * Resolves to its exit code, null if a signal ended it. @throws Error if it could not be started.
 */
export async function runInTerminal(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number | null> {
  const [name = '', ...args] = argv;
  const path = isAbsolute(name) ? name : await findTool(name);
  if (path === null) throw new Error(`${name}: not in ${TRUSTED_FOLDERS.join(':')}`);
  const child = spawn(path, args, { env: environment, stdio: 'inherit' });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return exitCode;
}
