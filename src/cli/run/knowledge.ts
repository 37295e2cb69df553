import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RuleSource } from '../../findings/file-rules.ts';
import type { Problem } from '../../playbook/playbook.ts';
import { formatProblems } from '../../playbook/problem-text.ts';
import type { GivenKnowledge } from '../../runner/knowledge.ts';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import { shippedPlaybooks } from '../surroundings.ts';

/** Files of the responder's own, as named on the command line. */
export interface KnowledgeOptions {
  readonly indicators?: readonly string[];
  /** Folders of `.yar` files, or files. */
  readonly rules?: readonly string[];
  readonly allow?: readonly string[];
}

const MOST_RULES_BYTES = 16 * 1024 * 1024;
const COMPILE_WITHIN_MS = 120_000;

/**
 * What looks judge by: the shipped rules, and the responder's own files, from the command line and from the folder of
 * the setting `knowledgeFolder` (its `indicators/`, `rules/` and `allow/`).
 * @throws UserError `bad-knowledge` with every problem of every file, with file, line and column.
 */
export async function readKnowledge(context: CliContext, options: KnowledgeOptions): Promise<GivenKnowledge> {
  const kept = context.knowledgeFolder;
  const inFolder = async (name: string, ending: RegExp) =>
    kept === null ? [] : await filesIn(join(kept, name), ending, 'may-be-missing');
  const indicatorFiles = [...(await inFolder('indicators', YAML)), ...(options.indicators ?? [])];
  const allowFiles = [...(await inFolder('allow', YAML)), ...(options.allow ?? [])];
  const ruleFiles = [
    ...(await inFolder('rules', YARA)),
    ...(await Promise.all((options.rules ?? []).map((path) => filesIn(path, YARA)))).flat(),
  ];
  const shippedRules = await rulesIn(await filesIn(join(shippedPlaybooks(), 'rules'), YARA));
  if (indicatorFiles.length + allowFiles.length + ruleFiles.length === 0)
    return { shippedRules, indicators: [], rules: [], allow: [] };
  const [{ parseIndicators }, { parseAllow }] = await Promise.all([
    import('../../playbook/parse-indicators.ts'),
    import('../../playbook/parse-allow.ts'),
  ]);
  const faults: string[] = [];
  const parsed = async <T>(
    path: string,
    parse: (text: string) => { readonly data: T | null; readonly problems: readonly Problem[] },
  ): Promise<{ readonly data: T; readonly text: string }[]> => {
    const text = decodeHostBytes(await readOwn(path));
    const { data, problems } = parse(text);
    if (problems.length > 0) faults.push(formatProblems(problems, text, path));
    return data === null ? [] : [{ data, text }];
  };
  const indicators: GivenKnowledge['indicators'][number][] = [];
  for (const path of indicatorFiles)
    for (const { data, text } of await parsed(path, parseIndicators))
      indicators.push({ ...data, sha256: createHash('sha256').update(text).digest('hex') });
  const allow: GivenKnowledge['allow'][number][] = [];
  for (const path of allowFiles)
    for (const { data } of await parsed(path, parseAllow))
      allow.push(...data.map((one) => ({ ...one, file: basename(path) })));
  const rules = await rulesIn(ruleFiles);
  faults.push(...(await faultsOfRules(rules)));
  if (faults.length > 0)
    throw new UserError('bad-knowledge', `something is wrong, and nothing was run.\n${faults.join('\n\n')}`, {
      hint: '`playbooks/README.md` has the formats of indicators, rules and allow lists.',
    });
  return { shippedRules, indicators, rules, allow };
}

const YAML = /\.ya?ml$/;
const YARA = /\.yara?$/;

/** A file by itself, or those of a folder, in the order of their names. */
async function filesIn(path: string, ending: RegExp, missing?: 'may-be-missing'): Promise<string[]> {
  try {
    const names = await readdir(path);
    const files = names.filter((name) => ending.test(name)).sort();
    if (files.length === 0 && missing === undefined)
      throw unreadable(path, 'there is no such file in the folder (*.yar, *.yara)');
    return files.map((name) => join(path, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT' && missing !== undefined) return [];
    if (error instanceof UserError || code === undefined) throw error;
    throw unreadable(path, whyNot(code));
  }
}

async function rulesIn(paths: readonly string[]): Promise<RuleSource[]> {
  const sources = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), text: (await readOwn(path)).toString('utf8') })),
  );
  const total = sources.reduce((sum, { text }) => sum + text.length, 0);
  if (total > MOST_RULES_BYTES)
    throw new UserError(
      'bad-knowledge',
      `the rules are ${total} characters; ${MOST_RULES_BYTES} is the most.`,
    );
  return sources;
}

/** YARA is loaded only if there are rules of the responder's own. */
async function faultsOfRules(rules: readonly RuleSource[]): Promise<string[]> {
  if (rules.length === 0) return [];
  const { startRules } = await import('../../host/rules/rule-thread.ts');
  const started = await startRules(rules, COMPILE_WITHIN_MS);
  if ('failure' in started)
    throw new UserError('bad-knowledge', `The rules could not be compiled: ${printable(started.failure)}.`);
  await started.end();
  return started.faults.map(([name = '', ...told]) =>
    told.map((fault) => linesOf(fault.replaceAll(/--> line:/g, `--> ${name}:`))).join('\n'),
  );
}

function linesOf(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}

async function readOwn(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, whyNot((error as NodeJS.ErrnoException).code));
  }
}

const WHY_NOT: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder, and a file is wanted',
};

function whyNot(code: string | undefined): string {
  return WHY_NOT[code ?? ''] ?? `reading failed (${code ?? 'without a code'})`;
}

function unreadable(path: string, why: string): UserError {
  return new UserError('bad-knowledge', `${printable(path)} cannot be used: ${printable(why)}.`);
}
