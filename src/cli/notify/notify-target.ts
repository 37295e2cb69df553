import { createSocket } from 'node:dgram';
import { runTool } from '../../host/run-tool.ts';
import { UserError } from '../../text/user-error.ts';
import type { Notice } from './notify-text.ts';

/** Where notices go. Sending throws if it did not arrive, as far as that can be known. */
export interface NotifyTarget {
  /** For messages; without the address, which lets whoever has it write there. */
  readonly name: string;
  /** The word that a step names it by. */
  readonly kind: string;
  send(notice: Notice, text: string): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/**
 * `slack:URL`, `teams:URL`, `webhook:URL`, `mail:ADDRESS`, `syslog:` (this machine's) or `syslog://HOST:PORT`
 * (RFC 5424 over UDP). `sendmail` for tests: another than the one in the trusted folders.
 * @throws UserError `bad-notify`.
 */
export function parseTarget(text: string, sendmail = 'sendmail'): NotifyTarget {
  const [, kind = '', rest = ''] = /^([a-z]+):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case 'slack':
      return webhook(kind, 'Slack', rest, (_, message) => ({ text: message }));
    case 'teams':
      return webhook(kind, 'Teams', rest, (_, message) => adaptiveCard(message));
    case 'webhook':
      return webhook(kind, 'the webhook', rest, (notice, message) => ({ ...notice, text: message }));
    case 'mail':
      return mail(rest, sendmail);
    case 'syslog':
      return syslog(rest);
    default:
      throw bad(`"${kind || text.slice(0, 20)}" is no way to notify somebody`);
  }
}

function webhook(
  kind: string,
  name: string,
  address: string,
  bodyOf: (notice: Notice, text: string) => object,
): NotifyTarget {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw bad(`${name} needs an http or https address`);
  return {
    name,
    kind,
    async send(notice, text) {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bodyOf(notice, text)),
        // Whoever answers must not be able to send it elsewhere.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
    },
  };
}

/** What Teams' workflows take (learn.microsoft.com, “Create and send messages by incoming webhooks”). */
function adaptiveCard(text: string): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text, wrap: true }] },
      },
    ],
  };
}

function mail(address: string, sendmail: string): NotifyTarget {
  if (!/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address))
    throw bad('mail needs an address');
  return {
    name: 'mail',
    kind: 'mail',
    async send(_, text) {
      // RFC 5322; the text is one line of printable characters, the subject of it plain ASCII.
      const subject = text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
      const message = `To: ${address}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
      // -i: a dot alone does not end it; -t: to whom its heading says (sendmail(8)).
      const result = await runTool([sendmail, '-i', '-t'], { input: message, timeoutMs: TIMEOUT_MS });
      if (result.exitCode !== 0)
        throw new Error(result.failedToStart ?? `sendmail ended with ${result.exitCode}`);
    },
  };
}

function syslog(rest: string): NotifyTarget {
  if (rest === '') {
    return {
      name: 'syslog',
      kind: 'syslog',
      async send(_, text) {
        const result = await runTool(['logger', '-t', 'tourniquet', '-p', 'auth.notice', '--', text], {
          timeoutMs: TIMEOUT_MS,
        });
        if (result.exitCode !== 0)
          throw new Error(result.failedToStart ?? `logger ended with ${result.exitCode}`);
      },
    };
  }
  const [, host = '', port = '514'] = /^\/\/(\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(rest) ?? [];
  if (host === '') throw bad('syslog needs //HOST:PORT, or nothing for the one of this machine');
  const address = host.replace(/^\[|\]$/g, '');
  return {
    name: 'syslog',
    kind: 'syslog',
    send(notice, text) {
      // RFC 5424: facility 4 (security), severity 5 (notice).
      const message = `<37>1 ${notice.at} - tourniquet ${process.pid} - - ${text}`;
      const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
      return new Promise<void>((resolve, reject) => {
        socket.on('error', reject);
        socket.send(message, Number(port), address, (error) => (error ? reject(error) : resolve()));
      }).finally(() => socket.close());
    },
  };
}

function bad(why: string): UserError {
  return new UserError('bad-notify', `Nobody can be notified like that: ${why}.`, {
    hint: 'Known: slack:URL, teams:URL, webhook:URL, mail:ADDRESS, syslog:, syslog://HOST:PORT.',
  });
}
