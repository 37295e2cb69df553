import { Writable } from 'node:stream';
import { serveHost } from '../host/agent.ts';
import { keepYoungHeapSmall } from '../host/small-memory.ts';
import { parseSshConnection } from '../host/ssh-peer.ts';
import { createThisHost } from '../host/this-host.ts';
import { EXIT } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * `tourniquet agent`: serves this machine over stdin and stdout until the other end goes away, and then ends the
 * process, whatever long command it is still listening to (that one lives on).
 *
 * TOURNIQUET_RESPONDER_PEER ("ADDRESS PORT SERVER PORT", like SSH_CONNECTION) names the responder's connection
 * where it cannot be seen, as in a sandbox; what the client says goes before it.
 */
export async function agent({ stdin, stdout, stderr, environment }: Surroundings): Promise<never> {
  const peer = parseSshConnection(environment.TOURNIQUET_RESPONDER_PEER ?? '');
  const told =
    peer === null ? {} : { peerAddress: peer.address, peerPort: peer.port, localPort: peer.localPort };
  const output = keepForProtocol(stdout, stderr);
  // The line to the client says when it is over; a hang-up or Ctrl-C at its terminal must not cut a change in two.
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => {});
  process.once('SIGTERM', () => stdin.destroy());
  keepYoungHeapSmall();
  await serveHost((responder) => createThisHost({ ...told, ...responder }), stdin, output);
  process.exit(EXIT.done);
}

/** A stray print of any library's would break the protocol: from here on it goes to stderr. */
function keepForProtocol(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Writable {
  const write = stdout.write.bind(stdout);
  const output = new Writable({
    // Called back when it is written out, which is what slows a fast sender down.
    write: (bytes: Buffer, _encoding, done) => void write(bytes, (error) => done(error ?? null)),
  });
  stdout.on('error', (error) => output.destroy(error));
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  return output;
}
