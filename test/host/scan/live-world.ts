import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScanOutcome, ScanScope } from '../../../src/findings/scan.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';

const SCAN = [process.execPath, fileURLToPath(new URL('fixtures/scan-here.ts', import.meta.url))];

/** A namespace of mounts and network in which things really run, and a look at it from inside. */
export interface LiveWorld {
  readonly space: Namespace;
  /** A folder outside of it, for what must be seen from both sides. */
  readonly folder: string;
  /** Starts a program in it and resolves once it runs as that program. */
  start(argv: readonly string[]): Promise<number>;
  look(scopes: readonly ScanScope[], sampleMs?: number): ScanOutcome;
  end(): Promise<void>;
}

export async function openLiveWorld(setup = ''): Promise<LiveWorld> {
  const space = await openNamespace(setup);
  const folder = mkdtempSync('/var/tmp/tourniquet-test-');
  const children: ChildProcess[] = [];
  return {
    space,
    folder,
    start: async (argv) => {
      const child = space.start(argv);
      children.push(child);
      const pid = child.pid ?? 0;
      const isStarted = () => commandOf(pid).startsWith(argv[0] ?? '');
      for (let tries = 0; !isStarted(); tries += 1) {
        if (tries > 500 || child.exitCode !== null) throw new Error(`${argv[0]} did not start`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return pid;
    },
    look: (scopes, sampleMs = 0) => JSON.parse(space.run([...SCAN, scopes.join(','), String(sampleMs)])),
    async end() {
      for (const child of children) child.kill('SIGKILL');
      await space.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commandOf(pid: number): string {
  return execFileSync('sh', ['-c', 'tr "\\0" " " <"/proc/$0/cmdline" 2>/dev/null || true', String(pid)], {
    encoding: 'utf8',
  });
}
