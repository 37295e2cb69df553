import type { Command } from '../engine/command.ts';
import { asSentence } from '../text/format.ts';
import type { Talk } from './talk.ts';

/** One thing that can be answered: by its word, or by the letter in parentheses. */
export interface Choice {
  /** With its letter marked, as in `(r)un`. */
  readonly word: string;
  readonly help: string;
  /** Not named in the prompt, only in the help. */
  readonly isRare?: boolean;
  /** `rest` is what was typed after the word. */
  act(rest: string): Promise<void>;
}

/** Asks until the question is answered or overtaken, or the responder leaves. */
export async function askMenu(talk: Talk, choices: readonly Choice[]): Promise<void> {
  const named = choices.filter((choice) => choice.isRare !== true).map((choice) => choice.word);
  const prompt = `${named.join(' ')} (?) >`;
  while (talk.isCurrent()) {
    const typed = await talk.ask(prompt);
    if (typed === null) return;
    const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(typed) ?? [];
    const choice = choices.find((candidate) => isCalled(candidate, word.toLowerCase()));
    if (choice !== undefined) await choice.act(rest.trim());
    else if (word === '?' || word === 'help') showHelp(talk, choices);
    else if (word !== '') talk.say(`There is no "${word}" here. ? tells what there is.`);
  }
}

/** Sends a command; if it is refused, says why. Returns whether it was taken. */
export async function tell(talk: Talk, command: Command): Promise<boolean> {
  const result = await talk.handle.send(command);
  if (!result.ok) talk.say(asSentence(`That cannot be done now: ${result.reason}`));
  return result.ok;
}

/** Yes or no; anything but yes is no. */
export async function askYes(talk: Talk, question: string): Promise<boolean> {
  const typed = await talk.ask(`${question} (y)es (n)o >`);
  return typed !== null && /^y(es)?$/i.test(typed);
}

/** A text that must not be empty; null if the responder gave none. */
export async function askText(talk: Talk, prompt: string, given = ''): Promise<string | null> {
  const typed = given === '' ? await talk.ask(prompt) : given;
  if (typed !== null && typed !== '') return typed;
  if (typed === '') talk.say('Nothing typed, nothing done.');
  return null;
}

function isCalled(choice: Choice, typed: string): boolean {
  const letter = /\((.)\)/.exec(choice.word)?.[1];
  return typed === letter || typed === choice.word.replace(/[()]/g, '');
}

function showHelp(talk: Talk, choices: readonly Choice[]): void {
  for (const { word, help } of choices) talk.say(`  ${word}: ${help}`);
}
