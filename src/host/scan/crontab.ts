/** crontab(5). The five fields are not checked for sense: cron may be lenient where we would be strict. */
export interface CronEntry {
  readonly line: number;
  readonly text: string;
  readonly schedule: string;
  /** null in a user's own crontab. */
  readonly user: string | null;
  readonly command: string;
}

const NAMED = /^@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly|every_minute|\d+)$/;
const FIELD = /^[\d*A-Za-z?][-\d*/,~A-Za-z?#]*$/;

export function parseCrontab(lines: readonly string[], hasUserField: boolean): CronEntry[] {
  const entries: CronEntry[] = [];
  lines.forEach((text, index) => {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('#') || isSetting(trimmed)) return;
    const parsed = parseEntry(trimmed, hasUserField);
    if (parsed !== null) entries.push({ line: index + 1, text, ...parsed });
  });
  return entries;
}

function isSetting(line: string): boolean {
  return /^["']?[A-Za-z_]\w*["']?\s*=/.test(line);
}

function parseEntry(
  line: string,
  hasUserField: boolean,
): Pick<CronEntry, 'schedule' | 'user' | 'command'> | null {
  const plain = line.replace(/^-(?=[\d*@])/, '');
  const words = plain.split(/[ \t]+/, 7);
  const times = NAMED.test(words[0] ?? '') ? 1 : 5;
  if (times === 5 && !words.slice(0, 5).every((word) => FIELD.test(word))) return null;
  const taken = times + (hasUserField ? 1 : 0);
  const rest = afterWords(plain, taken);
  if (rest === '') return null;
  return {
    schedule: words.slice(0, times).join(' '),
    user: hasUserField ? (words[times] ?? '') : null,
    command: commandOf(rest),
  };
}

function afterWords(line: string, count: number): string {
  let rest = line;
  for (let index = 0; index < count; index += 1) rest = rest.replace(/^[^ \t]+[ \t]*/, '');
  return rest;
}

/** Up to the first unescaped `%`, after which comes its standard input. */
function commandOf(text: string): string {
  const end = /(?<!\\)%/.exec(text)?.index ?? text.length;
  return text.slice(0, end).replaceAll('\\%', '%');
}
