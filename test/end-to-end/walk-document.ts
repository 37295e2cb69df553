import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const FILE = fileURLToPath(new URL('../../src/tui/WALK.md', import.meta.url));

/** Whether anything is left to upgrade is the host's own affair: it is not the same everywhere. */
const OF_THE_HOST = /upgrade|cannot be undone: Patch|Then: Watch/;

/** One moment of a walk: what was on the screen, what it said was to be done, and what was pressed. */
export interface Moment {
  readonly screen: readonly string[];
  readonly says: string;
  readonly pressed: string;
}

/**
 * A walk as a document, screen by screen. With UPDATE=1 it is written anew; else what a new user is told to do, and
 * does, must be what the document says.
 */
export function heldToDocument(moments: readonly Moment[]): void {
  if (process.env.UPDATE === '1') writeFileSync(FILE, documentOf(moments));
  const text = readFileSync(FILE, 'utf8');
  const written = [...text.matchAll(/^It says: (.*)$/gm)].map(([, says = '']) => stable(says));
  const said = moments.map(({ says }) => stable(normal(says)));
  expect(
    written.filter((says) => !said.includes(says) && !OF_THE_HOST.test(says)),
    'in src/tui/WALK.md (UPDATE=1 writes it anew)',
  ).toEqual([]);
}

/** Without what is different each time: numbers, how many of which, and what cron happens to have running meanwhile. */
function stable(says: string): string {
  return says
    .replace(/\([^)]*\)/g, '(…)')
    .replace(/cannot be undone: .* Type/g, 'cannot be undone: … Type')
    .replace(/\d+ operations?/g, 'N operations')
    .replace(/\d+/g, 'N')
    .replace(/\s+/g, ' ')
    .trim();
}

function documentOf(moments: readonly Moment[]): string {
  const parts = moments.map(({ screen, says, pressed }, index) => {
    const title = titleOf(screen) ?? 'Home';
    const shown = screen.map(normal).join('\n').trimEnd();
    return `## ${index + 1}. ${title}\n\n\`\`\`text\n${shown}\n\`\`\`\n\nIt says: ${normal(says).replace(/\s+/g, ' ')}\n\nPressed: ${pressed}\n`;
  });
  return `${INTRODUCTION}\n${parts.join('\n')}`;
}

/** Of the pane at the right, else of the only one. */
function titleOf(screen: readonly string[]): string | null {
  const border = screen.find((row) => row.startsWith('┌'));
  const titles = [...(border ?? '').matchAll(/┌ (.+?) ─/g)].map(([, title = '']) => title);
  return titles.at(-1) ?? null;
}

/** Names and clocks of one run say nothing. */
function normal(text: string): string {
  return text
    .replace(/drill-[0-9a-f]+/g, 'drill-1234')
    .replace(/drill-1234-\d{8}-\d{6}/g, 'drill-1234-20261123-041200')
    .replace(/\d\d:\d\d:\d\d/g, '00:01:00')
    .replace(/\/tmp\/tourniquet-e2e-\w+/g, '/var/lib/tourniquet');
}

const INTRODUCTION = `# A walk through the noisy drill

What somebody sees who has never seen the program and has read nothing: \`tourniquet\`, then what the screen says. The
line above the keys always says what to do next and what ⏎ does; nothing else has to be known. Whoever wants to know more
has \`i\` (why), \`?\` (all keys) and \`:\` (all commands by name).

Written by \`UPDATE=1\` and the test that plays it in a real terminal at 80×24 (\`test/end-to-end/terminal-drill.test.ts\`),
which fails when a question stands here that is no longer asked. Numbers and names are of one run.

What made somebody stop and think, and was mended: the checklist and the pane counted findings differently; an input
that did not fit was answered with a regular expression; what was typed was judged only when it was sent; the command to go
on with was one that a checkout does not have; the keys at the bottom moved with each move of the cursor; where a drill is
chosen nothing said how to go back; a message of the sandbox stood in the middle of the screen; whoever left was not told
that the sandbox was still there; the advice of the last step stood below all that it was weighed from; a step that was reached
by scrolling opened in its middle; the word for what cannot be undone was asked for a step, and not for what it does; “Still
open: nothing” stood over findings that nobody had judged; and \`:q\` by habit would have approved the plan.
`;
