import { connect } from 'node:net';
import { parseEndpoint } from './addresses.ts';

/** Whether a TCP connection to `address:port` is accepted within the time. It is closed at once; nothing is sent. */
export function canReach(endpoint: string, timeoutMs: number): Promise<boolean> {
  const place = parseEndpoint(endpoint);
  if (place === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: place.address, port: place.port });
    const finish = (isReached: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isReached);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
