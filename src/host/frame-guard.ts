import { Transform } from 'node:stream';
import { MAX_MESSAGE_BYTES } from './protocol.ts';

/** Something came that is not the protocol: a login message on stdout, or an agent that is not ours. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  /** The beginning of what came instead, raw. */
  readonly said: string;

  constructor(message: string, said: string) {
    super(message);
    this.said = said;
  }
}

const HEADER = /^Content-Length: (\d{1,12})\r\n\r\n$/;
const HEADER_START = 'Content-Length: ';
const MAX_HEADER_BYTES = 64;
const SAID_BYTES = 300;

/**
 * Lets message frames through as they are, and fails at the first byte that is none: what is behind it would
 * otherwise be waited for, or gathered in memory, without end.
 */
export function frameGuard(maxMessageBytes = MAX_MESSAGE_BYTES): Transform {
  let header = Buffer.alloc(0);
  let bodyLeft = 0;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      let at = 0;
      while (at < bytes.length) {
        if (bodyLeft > 0) {
          const taken = Math.min(bodyLeft, bytes.length - at);
          bodyLeft -= taken;
          at += taken;
          continue;
        }
        const end = bytes.indexOf('\r\n\r\n', at);
        // The four bytes may be cut by the pieces they come in: then go on byte by byte.
        const upTo = end === -1 || header.length > 0 ? at + 1 : end + 4;
        header = Buffer.concat([header, bytes.subarray(at, upTo)]);
        at = upTo;
        const text = header.toString('latin1');
        const found = HEADER.exec(text);
        if (found !== null) {
          bodyLeft = Number(found[1]);
          header = Buffer.alloc(0);
          if (bodyLeft > maxMessageBytes) {
            return done(new FrameError(`a message of ${bodyLeft} bytes, more than is taken`, ''));
          }
        } else if (!mayBecomeHeader(text)) {
          const said = Buffer.concat([header, bytes.subarray(at)]).subarray(0, SAID_BYTES);
          return done(new FrameError('not the protocol', said.toString('utf8')));
        }
      }
      done(null, bytes);
    },
  });
}

function mayBecomeHeader(text: string): boolean {
  if (text.length > MAX_HEADER_BYTES) return false;
  return text.length < HEADER_START.length
    ? HEADER_START.startsWith(text)
    : /^Content-Length: \d{0,12}(\r(\n\r?)?)?$/.test(text);
}
