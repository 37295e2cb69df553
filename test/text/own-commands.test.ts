import { expect, test } from 'vitest';
import { spellCommands } from '../../src/text/own-commands.ts';

const toType = (words: string) => `npx tourniquet ${words} --incident-dir '/srv/x y'`;

test('a command in a message is put as it has to be typed, with the incident and its folder', () => {
  expect(spellCommands('Make room, then `tourniquet resume`: it goes on.', toType, 'web-1')).toBe(
    "Make room, then `npx tourniquet resume web-1 --incident-dir '/srv/x y'`: it goes on.",
  );
  expect(spellCommands('`tourniquet resume INCIDENT --take-over REASON`', toType, 'web-1')).toBe(
    "`npx tourniquet resume web-1 --take-over REASON --incident-dir '/srv/x y'`",
  );
  expect(spellCommands('`tourniquet resume web-2` and `tourniquet incidents`', toType, 'web-1')).toBe(
    "`npx tourniquet resume web-2 --incident-dir '/srv/x y'` and `npx tourniquet incidents --incident-dir '/srv/x y'`",
  );
});

test('what is no command, or needs no folder, stays', () => {
  for (const text of ['tourniquet resume', '`tourniquet doctor`', '`tourniquet drill --list`', '`resume`'])
    expect(spellCommands(text, toType, 'web-1')).toBe(text);
});
