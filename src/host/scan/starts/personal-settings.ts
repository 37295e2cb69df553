import { type Look, listFolder } from '../look.ts';
import { pathsLike } from '../paths-like.ts';
import { PERSONAL_PROGRAMS, type PersonalProgram } from './personal-programs.ts';
import {
  homesOf,
  type ParsedStart,
  parseJoinedLines,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/**
 * What is started by what a person starts: by settings of editors, multiplexers, clients, pagers and languages. Nobody sees
 * them in a list of what starts by itself, and root opens an editor every day.
 */
export const personalSettings: StartReader = {
  mechanism: 'personal-setting',
  *list(look, scope) {
    for (const { inSystem = [], parse } of PROGRAMS)
      for (const pattern of inSystem)
        for (const path of pathsLike(look, scope, pattern)) yield { path, account: null, as: 'lines', parse };
    for (const account of homesOf(look)) {
      const there = namesIn(look, account.home);
      for (const { inHome, parse } of PROGRAMS)
        for (const pattern of inHome)
          if (there.has(beginning(pattern)))
            for (const path of pathsLike(look, scope, `${account.home}/${pattern}`))
              yield { path, account, as: 'lines', parse };
    }

    /** Most of these are not there: asked once for each folder, not for each name. */
    function namesIn(of: Look, home: string): ReadonlySet<string> {
      const names = new Set(listFolder(of, scope, home));
      if (names.has('.config'))
        for (const name of listFolder(of, scope, `${home}/.config`)) names.add(`.config/${name}`);
      return names;
    }
  },
};

const PROGRAMS = PERSONAL_PROGRAMS.map((program) => ({ ...program, parse: parserOf(program) }));

/** `.config/tmux` of `.config/tmux/tmux.conf`, `.vimrc` of itself. */
function beginning(pattern: string): string {
  return pattern
    .split('/')
    .slice(0, pattern.startsWith('.config/') ? 2 : 1)
    .join('/');
}

const MOST_IN_A_LINE = 20;

function parserOf({ comment, forms }: PersonalProgram): (text: StartText) => ParsedStart {
  const all = forms.map((form) => new RegExp(form.source, `${form.flags}g`));
  return ({ text }) =>
    parseJoinedLines(text, (line) => {
      if (comment?.test(line)) return [];
      const found = all.flatMap((form) => [...line.matchAll(form)].slice(0, MOST_IN_A_LINE));
      const commands = found.flatMap(
        (groups) => groups.slice(1).findLast((group) => group !== undefined) ?? [],
      );
      return commands.map(withoutLastQuote);
    });
}

/** What stood in quotes, of which a form has passed over the first. */
function withoutLastQuote(text: string): string {
  const command = text.trimEnd();
  const last = command.at(-1) ?? '';
  const isAlone = /["']/.test(last) && command.split(last).length % 2 === 0;
  return isAlone ? command.slice(0, -1) : command;
}
