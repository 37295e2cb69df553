/**
 * What was typed into a recorded shell, as far as its recording shows it: lines behind a prompt. It is what the
 * terminal printed, so an output that looks like a prompt is taken for one; nothing may be run from it unread.
 */
export function commandsShown(cast: string): string[] {
  const printed = cast
    .split('\n')
    .flatMap((line) => {
      try {
        const event: unknown = JSON.parse(line);
        return Array.isArray(event) && event[1] === 'o' && typeof event[2] === 'string' ? [event[2]] : [];
      } catch {
        return [];
      }
    })
    .join('');
  return printed
    .replace(ESCAPES, '')
    .split(/\r*\n/)
    .flatMap((line) => {
      const command = PROMPT.exec(withoutBackspaces(line.split('\r').at(-1) ?? ''))?.[1]?.trim();
      return command === undefined || command === '' || command === 'exit' ? [] : [command];
    })
    .slice(0, AT_MOST);
}

const AT_MOST = 200;
/** CSI, OSC and two-letter sequences (ECMA-48). */
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_=>])/g;
/** `root@web-07:/etc# `, `[ana@web ~]$ `, `# `. */
const PROMPT =
  /^(?:\([^)]{1,40}\) )?(?:\[?[\w.-]{1,64}@[\w.-]{1,64}[^#$]{0,200}|[\w.-]{0,40})[#$] (.{1,2000})$/;

function withoutBackspaces(line: string): string {
  const out: string[] = [];
  for (const character of line) {
    if (character === '\b' || character === '\u007f') out.pop();
    else if (character !== '\u0007') out.push(character);
  }
  return out.join('');
}
