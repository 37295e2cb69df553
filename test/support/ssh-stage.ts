import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface SshStage {
  /** For what a test puts there; it goes with the stage. */
  readonly root: string;
  /** The argv of a client that runs this command there, with a terminal. */
  ssh(command: string): [file: string, ...args: string[]];
  end(): Promise<void>;
}

/** A real sshd on port 2222 of loopback, in namespaces of their own, with keys of its own: reliability/ssh-stage. */
export async function startSshStage(): Promise<SshStage> {
  // /var/tmp: what is below /tmp may be another one in a sandbox.
  const root = mkdtempSync('/var/tmp/tourniquet-ssh-');
  const script = fileURLToPath(new URL('../reliability/ssh-stage', import.meta.url));
  const namespaces = ['--mount', '--propagation', 'private', '--net', '--pid', '--fork', '--kill-child'];
  const stage = spawn('unshare', [...namespaces, '--mount-proc', script, root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: stage.stdout }), 'line');
  if (line !== 'ready') throw new Error(`the stage said ${line}`);
  const inside = readFileSync(`/proc/${stage.pid}/task/${stage.pid}/children`, 'utf8').trim().split(' ')[0];
  return {
    root,
    ssh(command) {
      const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'IdentitiesOnly=yes'];
      return [
        ...(['nsenter', '--target', inside ?? '', '--net', '--mount', '--pid', '--'] as const),
        ...['ssh', '-tt', '-q', '-F', 'none', '-p', '2222', '-i', join(root, 'client')],
        ...options.flatMap((option) => ['-o', option]),
        ...['root@127.0.0.1', command],
      ];
    },
    async end() {
      const ended = once(stage, 'exit');
      stage.stdin.end();
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
