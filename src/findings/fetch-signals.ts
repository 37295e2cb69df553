import { isPrivateAddress } from './addresses.ts';
import { isOutputRun } from './command-flow.ts';
import { type CommandPart, type CommandReading, FETCHERS, isInterpreter } from './command-reading.ts';
import type { Indicators } from './indicators.ts';
import { remoteAddressesIn } from './named-hosts.ts';
import { SHELLS } from './ordinary.ts';
import type { Signal } from './weigh.ts';

/** What a command has come from the network, and whether it runs it. */
export function fetchSignals(reading: CommandReading, indicators: Indicators): Signal[] {
  const { parts } = reading;
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const isRun =
    parts.some((part, index) => reaches(part) && isOutputRun(index, parts)) ||
    runsWhatItFetched(reading) ||
    runsFetchedVariable(reading.text) ||
    parts.some(isFetchingCode);
  if (isRun)
    add('fetch-run', 'fetch-pipe-shell', 60, 'It fetches a program from the network and runs it at once');
  const fetches = isRun || parts.some((part) => FETCHERS.has(part.program));
  const address = fetches ? remoteAddressesIn(reading.text)[0] : undefined;
  if (address !== undefined) {
    const weight = isPrivateAddress(address) ? 10 : isRun ? 40 : 15;
    const text = `It fetches from the bare address ${address}, not from a name`;
    add('source', 'raw-address', weight, text);
  }
  const start = parts.some(reaches) ? fetchedInto(parts).find((path) => START_PLACE.test(path)) : undefined;
  if (start !== undefined)
    add('writes', 'fetches-start', 45, `It fetches ${start}, by which something is started or let in`);
  const renamed = parts.find((part) => indicators.renamedTools.has(part.program));
  if (renamed)
    add('renamed', 'renamed-fetcher', 50, `“${renamed.program}” is what miners rename curl and wget to`);
  if (parts.some(givesShell))
    add('network-shell', 'network-shell', 90, 'It gives a shell to whoever is at the other end');
  return signals;
}

/** Fetchers, and whatever else prints what another host says. */
function reaches({ program, words, wrappers }: CommandPart): boolean {
  if (FETCHERS.has(program) || REACHERS.has(program) || wrappers.includes('ssh')) return true;
  return program === 'openssl' && words.includes('s_client');
}

const REACHERS: ReadonlySet<string> = new Set([
  ...['nc', 'ncat', 'netcat', 'socat', 'telnet', 'ftp', 'lftp', 'tftp', 'sftp', 'scp', 'rsync'],
  ...['lynx', 'w3m', 'links', 'elinks', 'GET', 'http', 'https', 'xh', 'gsutil', 'rclone'],
  ...['dig', 'host', 'nslookup', 'drill', 'kdig'],
]);

const START_PLACE =
  /^(?:\/etc\/(?:cron|systemd\/|init\.d\/|rc\.local|profile|ld\.so\.preload|pam\.d\/|sudoers)|\/var\/spool\/cron)|\/\.ssh\/authorized_keys|\/\.(?:bashrc|profile|bash_profile)$/;

/** `nc -e /bin/sh`, `socat TCP:… EXEC:sh` (ncat(1), socat(1)). */
function givesShell({ program, words }: CommandPart): boolean {
  const isShell = (word: string): boolean => /(?:^|[/:\s"'])(?:ba|da|a|z|k)?sh\b/.test(word);
  if (/^(?:nc|ncat|netcat)(?:\.\w+)?$/.test(program))
    return words.some(
      (word, at) => /^(?:-\w*[ec]|--exec|--sh-exec)$/.test(word) && isShell(words[at + 1] ?? ''),
    );
  return program === 'socat' && words.some((word) => /^(?:EXEC|SYSTEM):/i.test(word) && isShell(word));
}

/** `k=$(curl …); eval "$k"` */
function runsFetchedVariable(text: string): boolean {
  const [, name] = /\b([A-Za-z_]\w*)=["']?(?:\$\(|`)[^)`]{0,200}\b(?:curl|wget)\b/.exec(text) ?? [];
  if (name === undefined) return false;
  return new RegExp(`\\b(?:eval|(?:ba|da|z|k)?sh\\s+-c)\\s[^;\\n|&]{0,80}\\$\\{?${name}\\b`).test(text);
}

/** Code in the command line itself that fetches and runs, in a language that is no shell. */
function isFetchingCode({ program, words, input }: CommandPart): boolean {
  if (!isInterpreter(words[0] ?? '') || SHELLS.has(program)) return false;
  const code = `${words.slice(1).join(' ')} ${input}`.slice(0, 16_384);
  return FETCHING_CODE.test(code) && RUNNING_CODE.test(code);
}

const FETCHING_CODE =
  /\burlopen\b|\burlretrieve\b|requests\.get|http\.client|\bsocket\.(?:socket|create_connection)|LWP::|HTTP::Tiny|IO::Socket|Net::HTTP|open-uri|TCPSocket|\bfetch\s*\(|\bhttps?["']?\)?\.get\b|net\.connect|file_get_contents\s*\(\s*["']https?:|fsockopen|curl_exec|socket\.http|http::geturl|\/inet\/tcp\//;
const RUNNING_CODE =
  /\bexec\s*[("'[]|\beval\b|\bsystem\s*[("']|\bpopen\b|\bpty\.spawn|subprocess|\bspawn\b|child_process|\bFunction\s*\(|passthru|shell_exec|\bload(?:string)?\s*\(|os\.execute|["']\s*(?:\/bin\/)?(?:ba)?sh["']|\|\s*(?:ba)?sh\b/;

function runsWhatItFetched({ parts }: CommandReading): boolean {
  if (!parts.some(reaches)) return false;
  const written = fetchedInto(parts).filter((word) => !/^[./]*$/.test(word));
  return parts.some((part) => !reaches(part) && isRunOf(part, written));
}

/** What a text with a fetcher in it writes: after -o, -O, `>`; folders that it unpacks into. */
function fetchedInto(parts: readonly CommandPart[]): string[] {
  return parts
    .filter((part, index) => isFed(parts, index) || part.words.length === 0)
    .flatMap((part) => [
      ...part.writesTo,
      ...part.words.filter((_, at) => isOutputWord(part.words[at - 1] ?? '', part)),
      ...(/^(?:scp|rsync)$/.test(part.program) && part.words.some((word) => /^[^/-][^/]*:/.test(word))
        ? part.words.slice(-1)
        : []),
      ...(part.program === 'tee' ? part.words.slice(1) : []),
    ])
    .filter((word) => word !== '-' && !word.startsWith('-') && !word.startsWith('/dev/'));
}

/** It fetches, or is given what was fetched by a pipe. */
function isFed(parts: readonly CommandPart[], index: number): boolean {
  for (let at = index; at >= 0; at -= 1) {
    const part = parts[at];
    if (part !== undefined && reaches(part)) return true;
    if (parts[at - 1]?.next !== '|') return false;
  }
  return false;
}

function isOutputWord(before: string, part: CommandPart): boolean {
  if (FETCHERS.has(part.program))
    return /^(-[a-zA-Z]*[oOP]|--output|--output-document|--directory-prefix|-d|--dir)$/.test(before);
  return /^(?:tar|bsdtar|unzip|cpio)$/.test(part.program) && /^(?:-C|-d|--directory)$/.test(before);
}

function isRunOf(part: CommandPart, written: readonly string[]): boolean {
  const isRunner =
    SHELLS.has(part.program) ||
    ['chmod', '.', 'source'].includes(part.program) ||
    isInterpreter(part.words[0] ?? '');
  if (part.program === 'chmod' && !/x|[1357]/.test(part.words[1] ?? '')) return false;
  const runs = isRunner ? part.words.slice(1) : part.words.slice(0, 1);
  return runs.some((word) => {
    const plain = word.replace(/^\.\//, '');
    return written.some(
      (one) =>
        one === word || one === plain || (one.length > 4 && word.startsWith(`${one.replace(/\/$/, '')}/`)),
    );
  });
}
