import type { FactsOptions } from './facts.ts';
import type { Host } from './host.ts';
import type { ToldResponder } from './responder.ts';

/** The machine that this process runs on, whatever it runs; only what that needs is loaded. */
export async function createThisHost(told: ToldResponder = {}, options: FactsOptions = {}): Promise<Host> {
  if (process.platform === 'win32') {
    const { createLocalWindowsHost } = await import('./windows/local-windows.ts');
    return createLocalWindowsHost(process.env, told);
  }
  const { createLocalHost } = await import('./local.ts');
  return createLocalHost({ ...options, responder: told });
}
