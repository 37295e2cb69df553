import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

/** What goes wrong on purpose: for one action, so many times. `hang` breaks the line off, `silent` never answers. */
export interface Trouble {
  readonly action: string;
  readonly times: number;
  readonly how: { readonly status: number; readonly code: string } | 'hang' | 'silent';
}

/** A server on loopback that speaks as a cloud does. What was asked stands in `calls`. */
export interface PretendCloud {
  readonly port: number;
  readonly calls: string[];
  trouble(trouble: Trouble): void;
  /** Takes away what `trouble` is due for an action, once. */
  close(): Promise<void>;
}

export async function serveCloud(
  answer: (
    request: IncomingMessage,
    body: string,
    trouble: (action: string) => Trouble['how'] | null,
  ) => Answer | 'hang' | 'silent',
): Promise<PretendCloud> {
  const due: Trouble[] = [];
  const calls: string[] = [];
  const take = (action: string): Trouble['how'] | null => {
    calls.push(action);
    const index = due.findIndex((each) => each.action === action && each.times > 0);
    const found = due[index];
    if (found === undefined) return null;
    due[index] = { ...found, times: found.times - 1 };
    return found.how;
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const made = answer(request, Buffer.concat(parts).toString('utf8'), take);
      if (made === 'silent') return;
      if (made === 'hang') return void request.socket.destroy();
      response.writeHead(made.status, { 'content-type': made.type }).end(made.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    trouble: (trouble) => due.push(trouble),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
