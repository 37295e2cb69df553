import { Worker } from 'node:worker_threads';
import { cleanEnvironment } from './run-tool.ts';

/**
 * Asks systeminformation: `{cpu: 'brand, cores', processes: '*'}` gives `{cpu: {brand, cores}, processes: …}`.
 * It believes the host's own tools, so what it says is a second opinion, never the first. null if it fails or
 * takes longer than `timeoutMs`; the caller then says that it is not known.
 */
export async function askSystemInformation(
  request: Readonly<Record<string, string>>,
  timeoutMs = 10_000,
): Promise<Readonly<Record<string, unknown>> | null> {
  const worker = new Worker(workerUrl(), {
    workerData: request,
    env: cleanEnvironment(),
    stdout: true,
    stderr: true,
  });
  const timer = setTimeout(() => void worker.terminate(), timeoutMs);
  try {
    const answer = await new Promise<unknown>((resolve) => {
      worker.once('message', resolve);
      worker.once('error', () => resolve(null));
      worker.once('exit', () => resolve(null));
    });
    const parsed: unknown = typeof answer === 'string' ? JSON.parse(answer) : null;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** In the bundle it lies beside the chunks; from source beside this file. */
function workerUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./system-information-worker.${extension}`, import.meta.url);
}
