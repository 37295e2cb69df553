import { isPrivateAddress, isRemoteAddress, isSinkAddress, parseIpv4 } from './addresses.ts';
import { type CommandPart, type CommandReading, FETCHERS, isInterpreter } from './command-reading.ts';
import { byWhom, type Indicators } from './indicators.ts';
import { SHELLS, TEXT_TOOLS } from './ordinary.ts';
import type { Signal } from './weigh.ts';

/** What the text of a command says by itself, wherever it stands. */
export function commandSignals(reading: CommandReading, indicators: Indicators): Signal[] {
  return [
    ...minerSignals(reading, indicators),
    ...hostSignals(reading, indicators),
    ...fetchSignals(reading, indicators),
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
    add('wallet', 'wallet', 60, 'A Monero wallet is among its arguments');
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

function fetchSignals(reading: CommandReading, indicators: Indicators): Signal[] {
  const { parts } = reading;
  const signals: Signal[] = [];
  const fetches = parts.some((part) => FETCHERS.has(part.program));
  const isRun = parts.some((part, index) => isRunFetch(part, index, parts)) || runsWhatItFetched(reading);
  if (isRun) {
    signals.push({
      topic: 'fetch-run',
      code: 'fetch-pipe-shell',
      text: 'It fetches a program from the network and runs it at once',
      weight: 60,
    });
  }
  const address = fetches ? remoteAddressesIn(reading.text)[0] : undefined;
  if (address !== undefined) {
    const weight = isPrivateAddress(address) ? 10 : isRun ? 40 : 15;
    signals.push({
      topic: 'source',
      code: 'raw-address',
      text: `It fetches from the bare address ${address}, not from a name`,
      weight,
    });
  }
  const renamed = parts.find((part) => indicators.renamedTools.has(part.program));
  if (renamed) {
    signals.push({
      topic: 'renamed',
      code: 'renamed-fetcher',
      text: `“${renamed.program}” is what miners rename curl and wget to`,
      weight: 50,
    });
  }
  return signals;
}

function isRunFetch(part: CommandPart, index: number, parts: readonly CommandPart[]): boolean {
  return FETCHERS.has(part.program) && (part.isOutputRun || flowsIntoInterpreter(index, parts));
}

function flowsIntoInterpreter(index: number, parts: readonly CommandPart[]): boolean {
  for (let at = index; parts[at]?.next === '|'; at += 1) {
    const taker = parts[at + 1];
    if (taker && isInterpreter(taker.words[0] ?? '') && readsStandardInput(taker)) return true;
  }
  // `(curl … || wget …) | sh`: the pipe stands after the group's last member.
  const next = parts[index]?.next;
  return (
    (next === '||' || next === '&&') &&
    parts[index + 1] !== undefined &&
    FETCHERS.has(parts[index + 1]?.program ?? '') &&
    flowsIntoInterpreter(index + 1, parts)
  );
}

function readsStandardInput(part: CommandPart): boolean {
  if (part.program === 'awk' || part.program === 'gawk' || part.program === 'mawk' || part.program === 'env')
    return false;
  const rest = part.words.slice(1);
  if (rest.some((word) => /^(-c|-e|-m|-r|-p)$/.test(word))) return false;
  return rest.every((word) => word.startsWith('-')) || rest.includes('-s') || rest.includes('-');
}

function runsWhatItFetched(reading: CommandReading): boolean {
  if (!reading.parts.some((part) => FETCHERS.has(part.program))) return false;
  const written = new Set(fetchedInto(reading));
  return reading.parts.some((part) => !FETCHERS.has(part.program) && isRunOf(part, written));
}

/** Words after -o, -O, `>` of a fetching command. */
function fetchedInto(reading: CommandReading): string[] {
  return reading.parts
    .filter((part) => FETCHERS.has(part.program))
    .flatMap((part) => [
      ...part.writesTo,
      ...part.words.filter((_, index) =>
        /^(-[a-zA-Z]*[oO]|--output|--output-document)$/.test(part.words[index - 1] ?? ''),
      ),
    ])
    .filter((word) => word !== '-' && !word.startsWith('/dev/'));
}

function isRunOf(part: CommandPart, written: ReadonlySet<string>): boolean {
  const runs =
    SHELLS.has(part.program) || part.program === 'chmod' || isInterpreter(part.words[0] ?? '')
      ? part.words
      : part.words.slice(0, 1);
  return runs.some((word) => written.has(word) || written.has(word.replace(/^\.\//, '')));
}

function trickSignals(reading: CommandReading): Signal[] {
  const { parts, text } = reading;
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, words: string): void => {
    signals.push({ topic, code, weight, text: words });
  };
  const decodes = (part: CommandPart): boolean =>
    (part.program === 'base64' && part.words.some((word) => /^(-d|-D|--decode|-di)$/.test(word))) ||
    (part.program === 'xxd' && part.words.some((word) => /^-r/.test(word))) ||
    (part.program === 'openssl' &&
      part.words.some((word) => /^-?(enc|base64)$/.test(word)) &&
      part.words.includes('-d'));
  if (
    parts.some((part, index) => decodes(part) && (part.isOutputRun || flowsIntoInterpreter(index, parts)))
  ) {
    add('encoded', 'decoded-and-run', 90, 'It decodes a hidden program and runs it');
  }
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

/** Remote address literals that a command would talk to: in URLs, `/dev/tcp`, `host:port` arguments. Not version numbers. */
export function remoteAddressesIn(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(
    /(?:\/\/(?:[^/\s@]*@)?|\/dev\/(?:tcp|udp)\/|(?:^|[\s='"@]))(\d{1,3}(?:\.\d{1,3}){3})(?![\d.]*[\w-])/g,
  )) {
    if (match[1] !== undefined && parseIpv4(match[1]) && isRemoteAddress(match[1])) found.add(match[1]);
  }
  for (const match of text.matchAll(/\/\/(?:[^/\s@]*@)?\[([0-9a-f:.]{2,45})\]/gi)) {
    if (match[1] !== undefined && isRemoteAddress(match[1])) found.add(match[1].toLowerCase());
  }
  return [...found];
}

/** Host names in URLs and in `host:port` arguments. */
export function hostNamesIn(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(
    /\/\/(?:[^/\s@]*@)?([a-z0-9](?:[a-z0-9.-]{0,253}[a-z0-9])?)(?=[:/\s'"]|$)/gi,
  )) {
    if (match[1] !== undefined && !parseIpv4(match[1])) found.add(match[1].toLowerCase());
  }
  for (const match of text.matchAll(/(?:^|[\s=])([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*):\d{2,5}(?=\s|$)/gi)) {
    if (match[1] !== undefined) found.add(match[1].toLowerCase());
  }
  return [...found];
}
