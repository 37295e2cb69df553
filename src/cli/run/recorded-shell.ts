import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputRef } from '../../engine/event.ts';
import type { IncidentHandle, Lend } from '../../engine/handle.ts';
import { runInTerminal } from '../../host/run-in-terminal.ts';
import { findTool } from '../../host/tool-lookup.ts';
import { type IncidentFolder, incidentFolder, readTransport } from '../../journal/folder.ts';
import { storeFile } from '../../journal/stored-file.ts';
import { shellCommand } from '../../operations/shell-quote.ts';
import { UserError } from '../../text/user-error.ts';
import { castOfTypescript } from '../../transcript/cast-of-typescript.ts';
import type { CliContext } from '../context.ts';
import { type HostTransport, parseTransport } from './hosts.ts';

/**
 * Gives the responder a shell on the incident's host and records it by script(1): journalled before it begins and
 * after it ended, the recording as asciicast beside the outputs. Resolves to what came of it, in words.
 * @throws UserError if there is no way to one.
 */
export async function recordedShell(
  context: CliContext,
  handle: IncidentHandle,
  stepId: string | null,
  lend: Lend,
): Promise<string> {
  const folder = incidentFolder(handle.view().folder);
  const argv = await shellArgv(context, parseTransport(await readTransport(folder)));
  if ((await findTool('script')) === null) {
    throw new UserError(
      'no-recorder',
      'script(1) is not here, so a shell could not be recorded. Install it (bsdutils, util-linux), or use another terminal and write down with n what you did.',
    );
  }
  const opened = await handle.send({ kind: 'open-shell', stepId, argv });
  if (!opened.ok) throw new UserError('no-shell', opened.reason);
  const shell = handle.view().incident.shells.at(-1);
  if (shell === undefined) throw new UserError('no-shell', 'the journal does not have it');
  const startedMs = Date.now();
  const typescript = join(folder.output, `${shell.id}.typescript`);
  let exitCode: number | null = null;
  try {
    await lend(async () => {
      context.stdout.write(WELCOME);
      exitCode = await runInTerminal(
        [
          'script',
          ...['--quiet', '--return', '--flush', `--timing=${typescript}.timing`],
          ...['--command', shellCommand(argv), typescript],
        ],
        { ...context.environment, SHELL: '/bin/sh' },
      );
    });
  } finally {
    const tookMs = Date.now() - startedMs;
    const recording = await storeCast(context, folder, shell.id, typescript, startedMs).catch(() => null);
    await handle.send({ kind: 'close-shell', shellId: shell.id, exitCode, tookMs, recording });
  }
  return `Back from the shell. What was done there is recorded (${shell.id}); n notes why.`;
}

const WELCOME =
  '\r\nA shell on the host. All that it prints is recorded for the transcript, so type no secret that is shown.\r\nexit or Ctrl-D comes back.\r\n\r\n';

/** The shell's own words for how it is reached. */
async function shellArgv(context: CliContext, transport: HostTransport): Promise<readonly string[]> {
  switch (transport.kind) {
    case 'local':
      return [context.environment.SHELL || '/bin/sh'];
    case 'drill': {
      const { openSandbox } = await import('../../drill/sandbox.ts');
      return openSandbox(transport.sandboxId).agentCommand(['/bin/bash']);
    }
    case 'command': {
      const [program = '', ...rest] = transport.argv;
      const at = rest.indexOf('tourniquet');
      if (program !== 'ssh' || at === -1) {
        throw new UserError(
          'no-shell',
          'the host is reached by a command of its own. Open a shell there in another terminal, and write down with n what you did.',
        );
      }
      return [program, '-t', ...rest.slice(0, at).filter((word) => word !== '-T')];
    }
  }
}

async function storeCast(
  context: CliContext,
  folder: IncidentFolder,
  id: string,
  typescript: string,
  startedMs: number,
): Promise<OutputRef> {
  const [output, timing] = await Promise.all([
    readFile(typescript),
    readFile(`${typescript}.timing`, 'latin1'),
  ]);
  const { columns = 80, rows = 24 } = context.stdout;
  const name = `${id}.cast`;
  const file = await storeFile(folder.output, name);
  await file.write(Buffer.from(castOfTypescript(output, timing, { columns, rows, startedMs, title: id })));
  const stored = await file.close();
  await Promise.all([rm(typescript, { force: true }), rm(`${typescript}.timing`, { force: true })]);
  return { name, ...stored };
}
