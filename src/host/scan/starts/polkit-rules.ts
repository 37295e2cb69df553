import type { StartTrait } from '../../../findings/start-traits.ts';
import { listFolder } from '../look.ts';
import { parseIni } from './ini-text.ts';
import { type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

const RULES = ['/etc', '/run', '/usr/local/share', '/usr/share'].map((root) => `${root}/polkit-1/rules.d`);
const AUTHORITIES = ['/etc/polkit-1/localauthority', '/var/lib/polkit-1/localauthority'];

/** Who may act as root by polkit: rules in JavaScript, and the older .pkla files. */
export const polkitRules: StartReader = {
  mechanism: 'polkit-rule',
  *list(look, scope) {
    for (const folder of RULES)
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseRules, name: /\.rules$/ });
    for (const authority of AUTHORITIES)
      for (const name of listFolder(look, scope, authority))
        yield* placesIn(look, scope, `${authority}/${name}`, {
          as: 'file',
          parse: parsePkla,
          name: /\.pkla$/,
        });
  },
};

/** A rule that returns YES with no condition before it. The text is never run, only read. */
function parseRules({ text }: StartText): ParsedStart {
  const plain = withoutComments(text);
  const traits: StartTrait[] = [];
  for (const rule of plain.split(/(?=polkit\s*\.\s*addRule\s*\()/)) {
    const yes = /return\s+(?:polkit\s*\.\s*Result\s*\.\s*YES|["']yes["'])/.exec(rule);
    if (yes === null || !rule.startsWith('polkit')) continue;
    const before = rule.slice(0, yes.index);
    const isConditional = /\b(if|switch|while)\b|[?]|&&|\|\|/.test(before);
    if (!isConditional || /\bif\s*\(\s*(true|1)\s*\)/.test(before))
      traits.push({ code: 'allows-all', what: yes[0], line: lineOf(plain, rule, yes.index) });
  }
  const spawn = /polkit\s*\.\s*spawn\s*\(\s*\[([^\]]*)\]/.exec(plain);
  if (spawn === null) return { commands: [], traits };
  const line = plain.slice(0, spawn.index).split('\n').length;
  const words = [...(spawn[1] ?? '').matchAll(/["']([^"']*)["']/g)].map((match) => match[1] ?? '');
  traits.push({ code: 'spawns', what: words.join(' ').slice(0, 200), line });
  return { commands: [{ text: words.join(' '), line }], traits };
}

/** Blanks in their place, so that lines keep their numbers. A comment that nobody ends goes to the end of the file. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?(?:\*\/|$)|(^|\s)\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
}

function lineOf(whole: string, part: string, index: number): number {
  return whole.slice(0, whole.indexOf(part) + index).split('\n').length;
}

function parsePkla({ text }: StartText): ParsedStart {
  const sections = Map.groupBy(parseIni(text), ({ section }) => section);
  const traits = [...sections.values()].flatMap((entries): StartTrait[] => {
    const value = (key: string): string => entries.find((entry) => entry.key === key)?.value ?? '';
    const line = entries.find(({ key }) => key.startsWith('result'))?.line ?? 1;
    const isYes = ['resultany', 'resultinactive', 'resultactive'].some((key) => /^yes$/i.test(value(key)));
    const isAll = /(^|;)(unix-user:)?\*(;|$)/.test(value('identity')) && /(^|;)\*(;|$)/.test(value('action'));
    return isYes && isAll ? [{ code: 'allows-all', what: 'Identity=*, Action=*', line }] : [];
  });
  return { commands: [], traits };
}
