import { runTool } from '../host/run-tool.ts';
import { UserError } from '../text/user-error.ts';
import { LOOK_SCRIPT, UNDECEIVED } from './inside/look-script.ts';
import type { Sandbox } from './sandbox-handle.ts';
import type { FileState } from './scene.ts';

export interface LookRequest {
  readonly files?: readonly string[];
  readonly texts?: readonly string[];
  /** Folders whose files are listed, and how deep. */
  readonly roots?: readonly (readonly [path: string, depth: number])[];
  /** A name, and the folders (and how deep) that files of that name are looked for in. */
  readonly traps?: readonly [name: string, roots: readonly (readonly [path: string, depth: number])[]];
  readonly connects?: readonly (readonly [address: string, port: number])[];
}

/** What the sandbox looks like from inside, read by the drill's own script and nothing else. */
export interface Look {
  readonly files: Readonly<Record<string, FileState | null>>;
  /** Each byte is one character (latin1); null: no such file. */
  readonly texts: Readonly<Record<string, string | null>>;
  readonly tree: Readonly<Record<string, string>>;
  readonly processes: readonly SeenProcess[];
  /** Mount points over folders of processes. */
  readonly mountsOver: readonly string[];
  /** Files found by the name of the traps. */
  readonly sprung: readonly string[];
  readonly reach: readonly boolean[];
}

export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly start: string;
  readonly exe: string | null;
  readonly commandLine: string;
  /** What of the infection it plays, by its environment. */
  readonly part: string | null;
}

/** Reads from inside the sandbox, changing nothing. Throws UserError `drill-unreadable`. */
export async function lookInside(sandbox: Sandbox, request: LookRequest): Promise<Look> {
  const run = await runTool(
    sandbox.agentCommand([
      ...['unshare', '--mount', '--propagation', 'private', '/bin/sh', '-c', UNDECEIVED, 'sh'],
      ...[process.execPath, '--input-type=module', '--eval', LOOK_SCRIPT],
    ]),
    {
      input: JSON.stringify(request),
      timeoutMs: 20_000,
    },
  );
  if (run.exitCode !== 0) {
    const said = run.failedToStart ?? run.stderr.toString().trim().slice(-2000);
    throw new UserError('drill-unreadable', `The drill's sandbox could not be looked at: ${said}`, {
      hint: 'See whether it is still there with `tourniquet drill --list`.',
    });
  }
  return JSON.parse(run.stdout.toString());
}
