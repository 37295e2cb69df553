import { readFile } from 'node:fs/promises';
import { actionCatalogue } from '../../actions/registry.ts';
import { exportCacao } from '../../cacao/export-cacao.ts';
import { importCacao } from '../../cacao/import-cacao.ts';
import { parsePlaybook } from '../../playbook/parse.ts';
import { formatProblem, formatProblems } from '../../playbook/problem-text.ts';
import { writeYaml } from '../../playbook/write-playbook.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { loadPlaybook, playbookPath } from './playbook-file.ts';

/** As much as a playbook file of ours may have, times what JSON and UUIDs add to it. */
const MOST_BYTES = 4 * 1024 * 1024;

/** `playbook import FILE`: CACAO JSON as a playbook of ours, on standard output; what it cannot run on the other. */
export async function importPlaybook(context: CliContext, path: string): Promise<ExitCode> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new UserError('no-such-playbook', `The playbook cannot be read: ${cause.message}`, { cause });
  });
  if (bytes.length > MOST_BYTES) throw new UserError('too-large', `${path} is too large for a playbook.`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new UserError('not-json', `${path} is no JSON: ${(cause as Error).message}`, {
      hint: 'CACAO playbooks are JSON; `tourniquet playbook check` is for those of our own.',
    });
  }
  const { file, faults, remarks } = importCacao(json);
  const say = (line: string) => void context.stderr.write(`${printable(line)}\n`);
  for (const { severity, where, code, message } of faults)
    say(`${path}: ${severity} [${code}] ${where}: ${message}`);
  if (file === null) return EXIT.usage;
  for (const { where, text } of remarks) say(`${path}: cannot be run as it says: ${where}: ${text}`);
  const yaml = writeYaml(file);
  context.stdout.write(yaml);
  const { problems } = parsePlaybook(yaml, '', actionCatalogue);
  if (problems.length > 0)
    context.stderr.write(`${formatProblems(problems, yaml, 'the playbook made of it')}\n`);
  return problems.some(({ severity }) => severity === 'error') ? EXIT.usage : EXIT.done;
}

/** `playbook export NAME|FILE --format cacao`. */
export async function exportPlaybook(context: CliContext, nameOrPath: string): Promise<ExitCode> {
  const path = await playbookPath(nameOrPath);
  const { playbook, problems, text } = await loadPlaybook(path);
  if (playbook === null) {
    context.stderr.write(`${problems.map((problem) => formatProblem(problem, text, path)).join('\n\n')}\n`);
    return EXIT.usage;
  }
  context.stdout.write(`${JSON.stringify(exportCacao(playbook), null, 2)}\n`);
  return EXIT.done;
}
