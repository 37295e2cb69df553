import type { Indicators } from './indicators.ts';
import type { ProcessTrace } from './process-traces.ts';

/** Messages of the Stratum protocols with their values (Bitcoin's mining.*, Monero's login, job, keepalived). */
const MESSAGES: readonly RegExp[] = [
  /"method"\s*:\s*"mining\.(?:subscribe|authorize|notify|submit|set_difficulty)"\s*,\s*"params"\s*:\s*\[/,
  /"method"\s*:\s*"login"[^\0]{0,300}?"agent"\s*:\s*"/,
  /"method"\s*:\s*"keepalived"\s*,\s*"params"/,
  /"blob"\s*:\s*"[0-9a-f]{140,}"/,
  /"job_id"\s*:\s*"[^"\0]{1,64}"\s*,\s*"(?:nonce|target|seed_hash|height)"\s*:\s*["\d]/,
];
const URL = /stratum[12]?\+(?:tcp|ssl|tls|udp):\/\/([a-z0-9][a-z0-9.-]{2,80}|\[[0-9a-f:]+\]):\d{1,5}/i;

type MemoryTrace = Pick<ProcessTrace, 'kind' | 'text'>;

/** What of mining is in a piece of memory (latin-1), one trace of each kind. Pure. */
export function readMiningText(text: string, indicators: Indicators): MemoryTrace[] {
  const found: MemoryTrace[] = [];
  const message = MESSAGES.map((pattern) => pattern.exec(text)).find((match) => match !== null);
  if (message) {
    const what = /"method"\s*:\s*"[\w.]+"|"blob"|"job_id"/.exec(message[0])?.[0] ?? 'stratum';
    found.push({
      kind: 'stratum-message',
      text: `Its memory holds a message to or from a mining pool (${what})`,
    });
  }
  const url = URL.exec(text);
  if (url)
    found.push({ kind: 'stratum-url', text: `Its memory holds the address of a mining pool, ${url[0]}` });
  const wallet = indicators.wallet.exec(text);
  if (wallet) found.push({ kind: 'wallet', text: `Its memory holds a wallet, ${wallet[0].slice(0, 12)}…` });
  // Looked for only beside something else: by itself it is slow to find and says little.
  const at = url?.index ?? message?.index;
  const pool = at === undefined ? null : indicators.pool.exec(text.slice(Math.max(0, at - 500), at + 1_000));
  if (pool) found.push({ kind: 'pool-name', text: `Its memory names the mining pool ${pool[1]}` });
  return found;
}

const CONFIG_WORDS = [
  '"donate-level"',
  '"randomx"',
  '"rig-id"',
  '"max-threads-hint"',
  '"huge-pages"',
  '"nicehash"',
];

/** Whether a text is the configuration of a miner: pools with an address, and two settings that only miners have. */
export function isMinerConfig(text: string): boolean {
  if (!/"pools"\s*:\s*\[/.test(text) || !/"url"\s*:\s*"/.test(text)) return false;
  return CONFIG_WORDS.filter((word) => text.includes(word)).length >= 2;
}
