import { actionCatalogue } from '../../actions/registry.ts';
import { playbookJsonSchema } from '../../playbook/json-schema.ts';
import type { Problem } from '../../playbook/playbook.ts';
import { formatProblem, formatProblems } from '../../playbook/problem-text.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { textTable } from '../text-table.ts';
import { type LoadedPlaybook, loadPlaybook, playbookFiles, playbookPath, stemOf } from './playbook-file.ts';
import { describePlaybook } from './playbook-text.ts';

/** `tourniquet playbook …`: everything about playbooks that needs no host. */
export interface PlaybookOutput {
  readonly json: boolean;
  /** Takes whole lines, newlines included. */
  readonly write: (text: string) => void;
  /** Instead of the folder that came with the program. */
  readonly folder?: string;
}

/**
 * `playbook check [FILE…]`: every problem of every file (of every shipped one if none is named); for editors
 * (`file:line:col: error …`) and for CI (`--json`). Warnings do not count as failure.
 */
export async function checkPlaybooks(files: readonly string[], output: PlaybookOutput): Promise<ExitCode> {
  const named = files.length > 0 ? files : await playbookFiles(output.folder);
  const checked: {
    file: string;
    unreadable: UserError | null;
    problems: readonly Problem[];
    text: string;
  }[] = [];
  for (const file of named) {
    try {
      const { text, problems } = await loadPlaybook(await playbookPath(file, output.folder));
      checked.push({ file, unreadable: null, problems, text });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      checked.push({ file, unreadable: error, problems: [], text: '' });
    }
  }
  const isGood = ({ unreadable, problems }: (typeof checked)[number]) =>
    unreadable === null && problems.every((problem) => problem.severity === 'warning');
  if (output.json) {
    const files = checked.map(({ file, unreadable, problems, ...rest }) => ({
      file,
      isValid: isGood({ file, unreadable, problems, ...rest }),
      error: unreadable === null ? null : { code: unreadable.code, message: unreadable.message },
      problems,
    }));
    output.write(`${JSON.stringify({ files }, null, 2)}\n`);
  } else {
    for (const { file, unreadable, problems, text } of checked) {
      if (unreadable === null) output.write(`${formatProblems(problems, text, file)}\n`);
      else
        output.write(`${printable(file)}: error [${unreadable.code}] ${printable(sentence(unreadable))}\n`);
    }
  }
  return checked.every(isGood) ? EXIT.done : EXIT.usage;
}

/** `playbook list`: those that came with the program. One that is wrong is listed, and says so. */
export async function listPlaybooks(output: PlaybookOutput): Promise<ExitCode> {
  const loaded: LoadedPlaybook[] = [];
  for (const file of await playbookFiles(output.folder)) loaded.push(await loadPlaybook(file));
  if (output.json) {
    const playbooks = loaded.map(({ path, playbook, problems }) => ({
      name: playbook?.name ?? stemOf(path),
      title: playbook?.title ?? null,
      platform: playbook?.platform ?? null,
      provider: playbook?.provider ?? null,
      steps: playbook?.steps.map((step) => step.id) ?? null,
      path,
      problems: problems.length,
    }));
    output.write(`${JSON.stringify({ playbooks }, null, 2)}\n`);
    return EXIT.done;
  }
  const rows = loaded.map(({ path, playbook, problems }) =>
    playbook === null
      ? [stemOf(path), '', '', '', `has ${problems.length} problems: see \`tourniquet playbook check\``]
      : [
          playbook.name,
          playbook.platform,
          playbook.provider ?? '-',
          String(playbook.steps.length),
          playbook.title,
        ],
  );
  output.write(textTable(['NAME', 'PLATFORM', 'CLOUD', 'STEPS', 'TITLE'], rows));
  return EXIT.done;
}

/** `playbook show NAME|FILE`: what it asks and what its steps are, without running anything. */
export async function showPlaybook(nameOrPath: string, output: PlaybookOutput): Promise<ExitCode> {
  const path = await playbookPath(nameOrPath, output.folder);
  const { playbook, problems, text } = await loadPlaybook(path);
  if (playbook === null) {
    output.write(`${problems.map((problem) => formatProblem(problem, text, path)).join('\n\n')}\n`);
    return EXIT.usage;
  }
  output.write(output.json ? `${JSON.stringify(playbook, null, 2)}\n` : describePlaybook(playbook));
  return EXIT.done;
}

/** `playbook schema`: the JSON Schema that editors use, as playbooks/playbook.schema.json holds it. */
export function writeSchema(output: Pick<PlaybookOutput, 'write'>): ExitCode {
  output.write(`${JSON.stringify(playbookJsonSchema(actionCatalogue), null, 2)}\n`);
  return EXIT.done;
}

function sentence({ message, hint }: UserError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}
