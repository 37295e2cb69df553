import { isSinkAddress } from './addresses.ts';
import type { CommandReading } from './command-reading.ts';
import { fetchSignals } from './fetch-signals.ts';
import { byWhom, type Indicators } from './indicators.ts';
import { hostNamesIn, remoteAddressesIn } from './named-hosts.ts';
import { TEXT_TOOLS } from './ordinary.ts';
import { unreadSignals } from './unread-signals.ts';
import type { Signal } from './weigh.ts';

/** What the text of a command says by itself, wherever it stands. */
export function commandSignals(reading: CommandReading, indicators: Indicators): Signal[] {
  return [
    ...minerSignals(reading, indicators),
    ...hostSignals(reading, indicators),
    ...fetchSignals(reading, indicators),
    ...unreadSignals(reading),
    ...trickSignals(reading),
  ];
}

/** Arguments that only a miner has. Programs that merely look for such text are passed over. */
export function minerSignals(reading: CommandReading, indicators: Indicators): Signal[] {
  const text = reading.parts
    .filter((part) => !TEXT_TOOLS.has(part.program) && !part.words.some(isTextTool))
    .map((part) => part.words.join(' '))
    .join('\n');
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, words: string): void => {
    signals.push({ topic, code, weight, text: words });
  };
  if (STRATUM_URL.test(text))
    add('stratum', 'stratum-url', 90, 'It is told to speak stratum, the protocol of mining pools');
  if (indicators.wallet.test(text) || WALLET_ARGUMENT.test(text))
    add('wallet', 'wallet', 60, 'It names a Monero wallet, which is who gets what is mined');
  const pool = indicators.pool.exec(text)?.[1];
  if (pool !== undefined) add('pool-name', 'pool-name', 50, `It names the mining pool ${pool}`);
  const option = indicators.option.exec(text)?.[0]?.trim();
  if (option !== undefined)
    add('miner-option', 'miner-option', 50, `“${option}” is an option that only miners have`);
  if (indicators.texts.test(text))
    add('miner-text', 'miner-text', 50, 'It holds the words of a miner’s configuration or protocol');
  return signals;
}

/** A shortened or starred wallet beside other arguments of a miner. */
const WALLET_ARGUMENT = /(?:^|\s)(?:-u|--user|--wallet|-wal)[=\s]\s*[48][0-9AB]?[1-9A-Za-z]{20,}/;
/** The form of the address, as miners write it: a matter of grammar, not of knowledge. */
export const STRATUM_URL = /\bstratum[12]?\+(?:tcp|ssl|tls|udp):\/\//i;

/** Addresses and domains that intruders control. */
function hostSignals(reading: CommandReading, { hosts }: Indicators): Signal[] {
  if (hosts.size === 0) return [];
  const named = [...remoteAddressesIn(reading.text), ...hostNamesIn(reading.text)];
  const bad = named.find((host) => hosts.has(host));
  if (bad === undefined) return [];
  const text = `It names ${bad}, which intruders control${byWhom(hosts.get(bad) ?? UNKNOWN)}`;
  return [{ topic: 'known-host', code: 'known-bad-host', text, weight: 90 }];
}

const UNKNOWN = { who: null, from: null };

function isTextTool(word: string, index: number): boolean {
  return index < 2 && TEXT_TOOLS.has(word.slice(word.lastIndexOf('/') + 1));
}

function trickSignals(reading: CommandReading): Signal[] {
  const { parts, text } = reading;
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, words: string): void => {
    signals.push({ topic, code, weight, text: words });
  };
  if (
    /\b(python|perl|ruby|node|php)\S*\s+-[a-z]*[cer]\b/.test(text) &&
    /b64decode|base64_decode|'base64'|"base64"|decode_base64|fromhex|unpack\(/.test(text) &&
    /\b(exec|eval|system|popen|Function)\b/.test(text)
  ) {
    add('encoded', 'decoded-and-run', 90, 'It decodes a hidden program and runs it');
  }
  const socket = /\/dev\/(?:tcp|udp)\/([^/\s]+)\//.exec(text)?.[1];
  if (socket !== undefined && !isSinkAddress(socket) && socket !== 'localhost') {
    const isShell = /\b(ba|z|k)?sh\s+-i\b|\bexec\s+\d|0>&1|<&\d/.test(text);
    add('dev-tcp', 'dev-tcp', isShell ? 90 : 45, `It opens a connection to ${socket} from the shell itself`);
  }
  if (/\/var\/lib\/dpkg\/info\/\S+\.(postinst|preinst|prerm|postrm)/.test(text)) {
    add(
      'dpkg-script',
      'dpkg-script',
      60,
      'It runs a package’s installation script, which nothing but the package manager does',
    );
  }
  if (
    parts.some((part) => part.program === 'chattr' && part.words.some((word) => /^[+-][a-z]*[ia]/.test(word)))
  ) {
    add('chattr', 'chattr', 20, 'It makes files unchangeable or changeable');
  }
  if (/\bcrontab\s+-(\s|$)|\|\s*crontab\b|crontab\s+-r\b/.test(text)) {
    add('crontab', 'rewrites-crontab', 30, 'It rewrites a crontab');
  }
  if (
    /\b(unset|export|readonly)?\s*HISTFILE\s*(=\s*\/dev\/null|$)|HISTSIZE=0\b|HISTFILESIZE=0\b/m.test(text)
  ) {
    add('history', 'no-history', 20, 'It keeps the shell’s history from being written');
  }
  if (
    /(>\s*\/dev\/null\s+2>&1|&>\s*\/dev\/null|>&\s*\/dev\/null)/.test(text) &&
    /&\s*\)?\s*;?\s*$|\bnohup\b|\bsetsid\b|\bdisown\b|&\s*\)/.test(text.trim())
  ) {
    add('silent', 'silent-background', 10, 'It runs in the background and prints nothing');
  }
  return signals;
}
