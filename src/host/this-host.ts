import type { Host } from './host.ts';
import { createLocalHost } from './local.ts';
import type { ToldResponder } from './responder.ts';
import { createLocalWindowsHost } from './windows/local-windows.ts';

/** The machine that this process runs on, whatever it runs. */
export function createThisHost(told: ToldResponder = {}): Host {
  return process.platform === 'win32'
    ? createLocalWindowsHost(process.env, told)
    : createLocalHost({ responder: told });
}
