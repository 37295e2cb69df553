import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * A small world of its own for a test: private mounts, network, and (for a user who is not root) a user namespace.
 * Nothing that is mounted, configured or blocked in there is seen outside, and all of it ends with `end`.
 */
export interface Namespace {
  /** Process that holds it. */
  readonly pid: number;
  /** Runs a command in it and returns what it printed; throws if it fails. `net`: a name given to `ip netns add`. */
  run(argv: readonly string[], options?: RunOptions): string;
  /** {@link run} with a constant shell text. */
  shell(text: string, options?: RunOptions): string;
  start(argv: readonly string[], options?: RunOptions): ChildProcess;
  end(): Promise<void>;
}

interface RunOptions {
  readonly input?: string;
  /** Name of a network namespace made within, instead of the first one. */
  readonly net?: string;
}

/** `setup` is shell text, run inside as root before anything else; it must succeed. */
export async function openNamespace(setup = ''): Promise<Namespace> {
  const asUser = process.geteuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const holder = spawn(
    'unshare',
    [
      ...[...asUser, '--mount', '--net', '--propagation', 'private', '--'],
      ...['/bin/sh', '-ec', `${BASE}\n${setup}\necho ready\nexec cat`],
    ],
    // It ends when its standard input does: with the test, whatever becomes of that.
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let complaints = '';
  holder.stderr.on('data', (bytes: Buffer) => {
    complaints += bytes.toString();
  });
  const ended = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  const isReady = await Promise.race([
    new Promise<boolean>((resolve) =>
      createInterface(holder.stdout).on('line', (line) => line === 'ready' && resolve(true)),
    ),
    ended.then(() => false),
  ]);
  if (!isReady) throw new Error(`The namespace could not be made: ${complaints.trim()}`);
  const pid = holder.pid ?? 0;
  const enter = (argv: readonly string[], net?: string): [string, string[]] => [
    'nsenter',
    [
      ...['--target', String(pid), '--mount'],
      ...(asUser.length > 0 ? ['--user', '--preserve-credentials'] : []),
      ...(net === undefined ? ['--net'] : []),
      ...['--', ...(net === undefined ? [] : ['nsenter', `--net=/run/netns/${net}`, '--']), ...argv],
    ],
  ];
  const run = (argv: readonly string[], options: RunOptions = {}) =>
    execFileSync(...enter(argv, options.net), {
      input: options.input ?? '',
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  return {
    pid,
    run,
    shell: (text, options) => run(['/bin/sh', '-ec', text], options),
    start: (argv, options = {}) => spawn(...enter(argv, options.net), { stdio: ['pipe', 'pipe', 'inherit'] }),
    async end() {
      holder.stdin.end();
      await ended;
    },
  };
}

/** A /run and a /tmp of its own, and loopback up. */
const BASE = `
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns
mount -t tmpfs -o mode=1777 tmpfs /tmp
ip link set lo up
`;
