import { lstatSync } from 'node:fs';
import type { OperationOf } from '../../operations/operation.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import type { HostFacts } from '../host.ts';
import { runTool, type ToolResult } from '../run-tool.ts';

/** Who is asked to stop and start a unit; `none`: nobody runs here. */
export type ServiceManager = 'systemd' | 'openrc' | 'none';

type Unit = OperationOf<'disable-unit'>;
interface Asked {
  readonly manager: ServiceManager;
  readonly wasActive: boolean;
}

/** Stops it, if it runs. What went wrong, in words. */
export async function stopUnit(operation: Unit, unit: Asked): Promise<readonly string[]> {
  if (unit.manager === 'openrc') {
    const stopped = unit.wasActive ? await runTool(['rc-service', '--', operation.unit, 'stop']) : null;
    return stopped === null || stopped.exitCode === 0 ? [] : [toolFailure('rc-service', stopped)];
  }
  const stopped = await systemctl(operation, ['stop', '--', operation.unit]);
  const reloaded = await systemctl(operation, ['daemon-reload']);
  // A unit that is not loaded cannot be stopped and need not be (exit 5, systemctl(1)).
  return [
    ...(stopped.exitCode === 0 || stopped.exitCode === 5 ? [] : [toolFailure('systemctl stop', stopped)]),
    ...(reloaded.exitCode === 0 ? [] : [toolFailure('systemctl daemon-reload', reloaded)]),
  ];
}

/** Starts it as it was. Null, or why it was not. */
export async function startAgain(operation: Unit, unit: Asked): Promise<string | null> {
  const missing = await missingProgram(operation, unit);
  if (missing !== null) return `its program ${missing} is not there; take this back again when that is`;
  const started = await start(operation, unit);
  return started.exitCode === 0 ? null : toolFailure('starting it', started);
}

/**
 * A program that it starts and that is not there, as when an older step has taken it. systemd starts such a unit with
 * success, sees it fail and after some tries gives it up for good.
 */
async function missingProgram(operation: Unit, { manager }: Asked): Promise<string | null> {
  if (manager !== 'systemd') return null;
  const shown = await systemctl(operation, ['show', '--property=ExecStart', '--value', '--', operation.unit]);
  const paths = [...shown.stdout.toString('utf8').matchAll(/\{ path=(\/[^;]*?) ;/g)].map(
    ([, path = '']) => path,
  );
  return paths.find((path) => lstatSync(path, { throwIfNoEntry: false }) === undefined) ?? null;
}

function start(operation: Unit, unit: Asked): Promise<ToolResult> {
  return unit.manager === 'openrc'
    ? runTool(['rc-service', '--', operation.unit, 'start'])
    : systemctl(operation, ['start', '--', operation.unit]);
}

/** `unknown`: whoever should be asked gives no answer. */
export type Activity =
  | { readonly status: 'active' | 'inactive' | 'nobody-to-ask' }
  | { readonly status: 'unknown'; readonly why: string };

/** Whether it runs, by whom it is started. */
export async function activityOf(operation: Unit, manager: ServiceManager): Promise<Activity> {
  if (manager === 'none') return { status: 'nobody-to-ask' };
  if (manager === 'openrc') {
    const asked = await runTool(['rc-service', '--', operation.unit, 'status']);
    // 0: started; others: stopped, crashed, starting (openrc-run(8)).
    if (asked.exitCode === null) return { status: 'unknown', why: toolFailure('rc-service', asked) };
    return { status: asked.exitCode === 0 ? 'active' : 'inactive' };
  }
  const shown = await systemctl(operation, [
    'show',
    '--property=ActiveState',
    '--value',
    '--',
    operation.unit,
  ]);
  if (shown.exitCode !== 0) return { status: 'unknown', why: toolFailure('systemctl show', shown) };
  const isActive = ['active', 'activating', 'reloading', 'deactivating'].includes(
    shown.stdout.toString('utf8').trim(),
  );
  return { status: isActive ? 'active' : 'inactive' };
}

/** A user's own manager runs only while they are logged in or linger (loginctl(1)). */
export async function managerOf(operation: Unit, facts: HostFacts): Promise<ServiceManager> {
  if (facts.serviceManager === 'openrc' && operation.file.path.startsWith('/etc/init.d/')) return 'openrc';
  if (facts.serviceManager !== 'systemd') return 'none';
  if (operation.user === null) return 'systemd';
  const asked = await systemctl(operation, ['show', '--property=Version']);
  // One that hangs is there; what it does not say is not known.
  return asked.exitCode === 0 || asked.timedOut ? 'systemd' : 'none';
}

export function systemctl({ user }: Unit, words: readonly string[]): Promise<ToolResult> {
  const scope = user === null ? [] : ['--user', '-M', `${user}@`];
  return runTool(['systemctl', '--no-ask-password', ...scope, ...words], { timeoutMs: 100_000 });
}
