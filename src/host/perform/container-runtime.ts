import type { ContainerIdentity } from '../../operations/identity.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';

export interface ContainerState {
  readonly isRunning: boolean;
  /** `no`, `always`, `unless-stopped`, `on-failure:3`. */
  readonly policy: string;
  /** The whole answer, for the evidence. */
  readonly json: Buffer;
}

export type Inspected =
  | { readonly status: 'there'; readonly state: ContainerState }
  | { readonly status: 'missing' }
  /** The runtime is not there, or does not answer. */
  | { readonly status: 'unavailable'; readonly why: string };

const ANSWERS_WITHIN_MS = 20_000;

/** Asks the runtime by its own command line tool, from the trusted folders; it may be a daemon that does not answer. */
export async function inspectContainer({ runtime, id }: ContainerIdentity): Promise<Inspected> {
  if ((await findTool(runtime)) === null)
    return { status: 'unavailable', why: `${runtime} is not on this host` };
  const result = await runTool([runtime, 'inspect', '--type', 'container', id], {
    timeoutMs: ANSWERS_WITHIN_MS,
  });
  const said = result.stderr.toString('utf8');
  if (result.exitCode !== 0)
    return /no such (?:container|object)|not found/i.test(said)
      ? { status: 'missing' }
      : { status: 'unavailable', why: toolFailure(`${runtime} inspect`, result) };
  const state = parseInspect(result.stdout, id);
  return state === null
    ? { status: 'unavailable', why: `${runtime} inspect gave an answer that cannot be read` }
    : { status: 'there', state };
}

/**
 * Docker, podman and nerdctl (in its docker-compatible mode) agree on these fields: `Id`, `State.Running`,
 * `HostConfig.RestartPolicy` (https://docs.docker.com/reference/api/engine/, ContainerInspect).
 */
export function parseInspect(json: Buffer, id: string): ContainerState | null {
  try {
    const [one] = JSON.parse(json.toString('utf8')) as {
      Id?: unknown;
      State?: { Running?: unknown };
      HostConfig?: { RestartPolicy?: { Name?: unknown; MaximumRetryCount?: unknown } | null };
    }[];
    if (one?.Id !== id || typeof one.State?.Running !== 'boolean') return null;
    const { Name: name, MaximumRetryCount: tries } = one.HostConfig?.RestartPolicy ?? {};
    const policy = typeof name === 'string' && name !== '' ? name : 'no';
    const times = policy === 'on-failure' && typeof tries === 'number' && tries > 0 ? `:${tries}` : '';
    return { isRunning: one.State.Running, policy: `${policy}${times}`, json };
  } catch {
    return null;
  }
}

/** Whether this version of the runtime can change the policy of a container that is there (podman cannot before 5.1). */
export async function canSetPolicy({ runtime }: ContainerIdentity): Promise<boolean> {
  const help = await runTool([runtime, 'update', '--help'], { timeoutMs: ANSWERS_WITHIN_MS });
  return /--restart\b/.test(`${help.stdout.toString('utf8')}${help.stderr.toString('utf8')}`);
}

/** null, or why not. */
export async function setPolicy({ runtime, id }: ContainerIdentity, policy: string): Promise<string | null> {
  const result = await runTool([runtime, 'update', `--restart=${policy}`, id], {
    timeoutMs: ANSWERS_WITHIN_MS,
  });
  return result.exitCode === 0 ? null : toolFailure(`${runtime} update`, result);
}

/** SIGTERM, and SIGKILL ten seconds later: that is the runtimes' own default. null, or why not. */
export async function stop({ runtime, id }: ContainerIdentity): Promise<string | null> {
  const result = await runTool([runtime, 'stop', id], { timeoutMs: 60_000 });
  return result.exitCode === 0 ? null : toolFailure(`${runtime} stop`, result);
}

/** null, or why not. */
export async function start({ runtime, id }: ContainerIdentity): Promise<string | null> {
  const result = await runTool([runtime, 'start', id], { timeoutMs: 60_000 });
  return result.exitCode === 0 ? null : toolFailure(`${runtime} start`, result);
}
