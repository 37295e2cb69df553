import { isOutputRun } from './command-flow.ts';
import type { CommandPart, CommandReading } from './command-reading.ts';
import type { Signal } from './weigh.ts';

/** What is written so that nobody reads it: encoded, packed, or with the name of a program put together. */
export function unreadSignals({ parts }: CommandReading): Signal[] {
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const isRun = (is: (part: CommandPart) => boolean): boolean =>
    parts.some((part, index) => is(part) && isOutputRun(index, parts));
  if (isRun(decodes)) add('encoded', 'decoded-and-run', 90, 'It decodes a hidden program and runs it');
  else if (isRun(unpacks))
    add('encoded', 'unpacked-and-run', 45, 'It runs what it takes out of a file in which nobody can read it');
  const disguised = parts.find((part) => part.isDisguised);
  if (disguised !== undefined) {
    const text = 'It names a program in pieces or by a pattern, so that nobody reads which';
    add('disguised', 'disguised', 60, text);
  }
  return signals;
}

function decodes({ program, words }: CommandPart): boolean {
  const [, ...rest] = words;
  if (program === 'base64' || program === 'base32')
    return rest.some((word) => /^(-d|-D|--decode|-di)$/.test(word));
  if (program === 'xxd') return rest.some((word) => /^-\w*r/.test(word));
  if (program === 'openssl') return rest.some((word) => /^-?(enc|base64)$/.test(word)) && rest.includes('-d');
  if (program === 'tr') return isRotation(rest);
  if (program === 'printf' || program === 'echo') return ESCAPED.test(rest.join(' '));
  return program === 'rev' || program === 'uudecode' || program === 'basenc';
}

/** Eight bytes in a row by their numbers. */
const ESCAPED = /(?:\\(?:x[0-9a-fA-F]{2}|[0-7]{3})){8}/;

/** `tr a-z n-za-m`: letters for other letters. */
function isRotation(words: readonly string[]): boolean {
  const [from = '', to = ''] = words.filter((word) => !word.startsWith('-'));
  return /[a-zA-Z]-[a-zA-Z]/.test(from) && /[b-zB-Z]-[zZ][aA]-[a-yA-Y]/.test(to);
}

function unpacks({ program, words }: CommandPart): boolean {
  if (/^(?:z|xz|bz|lz|zst)cat$/.test(program) || program === 'dd' || program === 'strings') return true;
  if (/^(?:gzip|gunzip|xz|unxz|bzip2|bunzip2|zstd|unzstd)$/.test(program))
    return words.some((word) => !word.startsWith('-') && word !== words[0]);
  if (program === 'tail' || program === 'head') return words.some((word) => /^-c/.test(word));
  return /^gpg2?$/.test(program) && words.some((word) => /^(?:-d|--decrypt)$/.test(word));
}
