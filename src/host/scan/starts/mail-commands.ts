import { homesOf, type ParsedStart, parseLines, type StartReader, type StartText } from './start-reader.ts';

/** What a mail server pipes messages into: aliases(5), ~/.forward, procmailrc(5), dot-qmail(5). A message starts it. */
export const mailCommands: StartReader = {
  mechanism: 'mail-command',
  *list(look) {
    const rest = { as: 'lines', parse: parsePipes } as const;
    for (const path of ['/etc/aliases', '/etc/mail/aliases', '/etc/postfix/aliases', '/etc/procmailrc'])
      yield { path, account: null, ...rest };
    for (const account of homesOf(look))
      for (const name of ['.forward', '.procmailrc', '.qmail'])
        yield { path: `${account.home}/${name}`, account, ...rest };
  },
};

/** `ops: |/usr/bin/x`, `"|/usr/bin/x -f"`, and of procmail a line of its own that begins with `|`. */
function parsePipes({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => {
    const [, quoted, bare] = /(?:^|[\s:,])(?:"\|\s*([^"]+)"|\|\s*(\S.*))$/.exec(line.trimEnd()) ?? [];
    return quoted ?? bare?.replace(/^"(.*)"$/, '$1');
  });
}
