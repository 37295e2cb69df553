import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { SCENARIO_WORDS } from '../drill/scenario-words.ts';
import { RISKS, type Risk } from '../operations/risk.ts';
import { nearest } from '../playbook/nearest.ts';
import { readSettings } from '../settings/settings.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import { spelled } from './command-words.ts';
import type { CliContext } from './context.ts';
import { EXIT, EXIT_CODE_MEANINGS } from './exit-codes.ts';
import { formatsText, TRANSCRIPT_FORMATS } from './hand-over/transcript-formats.ts';
import type { CompletionShell } from './help/completion-scripts.ts';
import { incidentsFolder, responderName, type Surroundings } from './surroundings.ts';
import { version } from './version.ts';

interface GlobalOptions {
  readonly incidentDir?: string;
  readonly json?: boolean;
  readonly ascii?: boolean;
  readonly responder?: string;
}

/** Parses argv, runs the verb, and says how the process ends. Verbs are loaded when they are called. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: number = EXIT.done;
  const program = makeProgram(surroundings, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed what it had to say; help and version are no mistakes.
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  return code;
}

/** The command line as data: help, completion and the man page come from it. */
function makeProgram(surroundings: Surroundings, ended: (code: number) => void): Command {
  const program = new Command('tourniquet')
    .description('Stops the bleeding on a server that mines for somebody else: a guided, recorded response.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      writeErr: (text) => void surroundings.stderr.write(text),
      // As every other mistake is told: who says it, and where to read on.
      outputError: (text, write) =>
        write(
          `${text.replace(/^error: /, 'tourniquet: ').trimEnd()}\n  \`--help\` behind a command lists what it takes.\n`,
        ),
    })
    .option('--incident-dir <folder>', 'keep incidents here')
    .option('--responder <name>', 'your name, for the record')
    .option('--ascii', 'only ASCII signs')
    .addHelpText('after', helpTail());

  /** Runs a verb with all that options and settings came to. */
  const verb =
    <A extends unknown[]>(run: (context: CliContext, ...args: A) => Promise<number>) =>
    async (...args: A) => {
      const command = args.at(-1) as unknown as Command;
      const context = await makeContext(surroundings, command.optsWithGlobals<GlobalOptions>());
      try {
        ended(await run(context, ...args));
      } catch (error) {
        throw error instanceof UserError ? spelled(error, context) : error;
      }
    };

  program.action(
    verb(async (context) => {
      const [word] = program.args;
      if (word !== undefined) throw noSuchCommand(program, word);
      return (await import('./home/home.ts')).homeVerb(context);
    }),
  );

  withKnowledge(withFront(program.command('run').argument('[playbook]', 'name of a shipped one, or a path')))
    .description('respond on this host: walk a playbook')
    .option('--drill', 'in a sandbox that is harmlessly infected, to practise')
    .option(
      '--host <command>',
      'respond on another host: a command that starts an agent there, e.g. "ssh web-07 tourniquet agent"',
    )
    .option('--input <name=value>', 'give an input (may be repeated)', collect)
    .option('--only <step>', 'only this step (may be repeated)', collect)
    .option('--skip <step>', 'leave this step out (may be repeated)', collect)
    .action(
      verb(async (context, playbook: string | undefined, options) =>
        options.drill
          ? (await import('./run/drill.ts')).drillVerb(context, { ...options, playbook })
          : (await import('./run/run.ts')).runVerb(context, playbook, {
              ...options,
              host: options.host?.split(/\s+/),
            }),
      ),
    );

  withKnowledge(
    withFront(
      program
        .command('resume')
        .argument('[incident]', 'name or folder; without one the open incident touched last'),
    ),
  )
    .description('go on with an incident that was left or cut off; follow one that somebody is at')
    .option('--take-over <reason>', 'take it from somebody who is at it: they are told why')
    .action(
      verb(async (context, incident: string | undefined, options) =>
        (await import('./run/resume.ts')).resumeVerb(context, incident, options),
      ),
    );

  withJson(program.command('incidents'))
    .description('list incidents, newest first')
    .action(verb(async (context) => (await import('./incidents/incidents.ts')).incidentsVerb(context)));

  withJson(program.command('show').argument('<incident>'))
    .description('where an incident stands; reads only')
    .action(
      verb(async (context, incident: string) =>
        (await import('./incidents/show.ts')).showVerb(context, incident),
      ),
    );

  withJson(program.command('undo'))
    .argument('<incident>')
    .argument('[step]')
    .description('take back what an incident or one of its steps changed, newest first')
    .option('--yes', 'do not ask')
    .action(
      verb(async (context, incident: string, step: string | undefined, options) =>
        (await import('./run/undo.ts')).undoVerb(context, incident, step, options),
      ),
    );

  withJson(program.command('watch').argument('<incident>'))
    .description('look out for what comes back, for hours or days; 0: nothing did, 3: something did')
    .option('--for <duration>', 'how long; 8d outlasts weekly schedules', '8d')
    .option('--every <duration>', 'how soon after a change at the earliest', '10s')
    .option('--once', 'one look, for a cron line')
    .action(
      verb(async (context, incident: string, options) =>
        (await import('./run/watch.ts')).watchVerb(context, incident, options),
      ),
    );

  withKnowledge(withJson(program.command('scan')))
    .description('look at this host, change nothing')
    .option(
      '--only <scopes>',
      'only these parts: processes,cron,units and so on (may be repeated); a wrong one lists them all',
      collect,
    )
    .option(
      '--since <time>',
      'only what has changed, started or logged in since: 2026-11-23T08:15, 08:15, yesterday, 2d',
    )
    .option('--all', 'show what was judged harmless too')
    .option('--schema', 'the JSON Schema of what --json prints, instead of a look')
    .action(verb(async (context, options) => (await import('./scan/scan.ts')).scanVerb(context, options)));

  program
    .command('transcript')
    .argument('[incident]')
    .description('write an incident down to be handed over')
    .addOption(
      new Option('--format <format>', formatsText()).choices(Object.keys(TRANSCRIPT_FORMATS)).default('md'),
    )
    .option(
      '--redact <what>',
      'put placeholders for addresses, users, hosts, or all (may be repeated)',
      collect,
    )
    .option('--mapping <file>', 'keep what the placeholders stand for here; default: in the incident folder')
    .option('--schema', 'the JSON Schema of the json format instead')
    .option('-o, --output <file>', 'to a file; default: standard output')
    .action(
      verb(async (context, incident: string | undefined, options) =>
        (await import('./hand-over/transcript.ts')).transcriptVerb(context, incident, options),
      ),
    );

  program
    .command('allow')
    .argument('<incident>')
    .description('what was declared ours in an incident, as a file for --allow of the next one')
    .action(
      verb(async (context, incident: string) =>
        (await import('./incidents/allow.ts')).allowVerb(context, incident),
      ),
    );

  withJson(program.command('report').argument('[incident...]'))
    .description(
      'what can be learned from several incidents: time to contain, steps left out, what came back',
    )
    .option('--compare <incident...>', 'these, side by side')
    .action(
      verb(async (context, incidents: string[], options) =>
        (await import('./hand-over/report.ts')).reportVerb(context, [
          ...(options.compare ?? []),
          ...incidents,
        ]),
      ),
    );

  withJson(program.command('bundle').argument('<incident>'))
    .description(
      'one file to hand over: journal, outputs, evidence, transcript, hashes, custody sheet, signature',
    )
    .option('-o, --output <file>', 'to this file; default: INCIDENT.incident.tar.zst here')
    .option(
      '--encrypt-to <recipient>',
      'an age key (age1...) or a file of them; it holds live malware (may be repeated)',
      collect,
    )
    .option('--key <file>', 'sign with this key, or the .pub of one in the agent')
    .option('--no-sign', 'do not sign it')
    .option('--case-number <number>', 'for the custody sheet')
    .option('--evidence-number <number>', 'for the custody sheet')
    .option('--hand-to <name>', 'who gets it, for the custody sheet')
    .action(
      verb(async (context, incident: string, options) =>
        (await import('./hand-over/bundle.ts')).bundleVerb(context, incident, options),
      ),
    );

  withJson(program.command('import').argument('<bundle>'))
    .description("read somebody else's incident: unpacked only if all of it fits, and never written to")
    .option('--identity <file>', 'the age key that it was encrypted to')
    .option('--allowed-signers <file>', 'only if one of these signed it, as ssh-keygen has it')
    .action(
      verb(async (context, bundle: string, options) =>
        (await import('./hand-over/import.ts')).importVerb(context, bundle, options),
      ),
    );

  withJson(program.command('verify').argument('<incident>', 'name, folder, or a bundle'))
    .description('hold journal, outputs and evidence against each other; works offline, also on a bundle')
    .option('--identity <file>', 'for a bundle: the age key that it was encrypted to')
    .option('--timestamp-ca <file>', 'certificates that time stamps are checked by')
    .option('--allowed-signers <file>', 'whose signatures count, as ssh-keygen has it')
    .option('--checkpoint <words>', 'does it still hold the head that these six words were read from')
    .action(
      verb(async (context, incident: string, options) =>
        (await import('./hand-over/verify.ts')).verifyVerb(context, incident, options),
      ),
    );

  program
    .command('sign')
    .argument('<incident>')
    .description('sign the journal with your SSH key, from a file, an agent or hardware')
    .option('--key <file>', 'this key, or the .pub of one in the agent')
    .option(
      '--timestamp <url>',
      'and have a server stamp it with the time (RFC 3161); it is told a hash only',
    )
    .action(
      verb(async (context, incident: string, options) =>
        (await import('./hand-over/sign.ts')).signVerb(context, incident, options),
      ),
    );

  addPlaybookVerbs(program, verb);

  withKnowledge(withFront(program.command('drill')))
    .description('practise on a harmless infection in a sandbox of this machine')
    .option('--playbook <playbook>', 'another one than the default')
    .option(
      '--scenario <name>',
      `which infection: ${Object.entries(SCENARIO_WORDS)
        .map(([name, words]) => `${name} (${words})`)
        .join(', ')}`,
      'noisy',
    )
    .option('--seed <number>', 'the same infection again', wholeNumber)
    .option('--input <name=value>', 'give an input (may be repeated)', collect)
    .option('--list', 'list drills that are under way')
    .option('--end [id]', 'end one, or all')
    .action(verb(async (context, options) => (await import('./run/drill.ts')).drillVerb(context, options)));

  withJson(program.command('doctor'))
    .description('what this machine has and lacks for responding and for drills')
    .action(verb(async (context) => (await import('./doctor/doctor.ts')).doctorVerb(context)));

  withJson(program.command('settings').argument('[key]').argument('[value]', '- goes back to the default'))
    .description('show or change what you have set once: your name, where incidents are kept, theme')
    .action(
      verb(async (context, key: string | undefined, value: string | undefined) =>
        (await import('./settings.ts')).settingsVerb(context, key, value),
      ),
    );

  program
    .command('man')
    .description('this program as a manual page: tourniquet man | man -l -')
    .action(async () => {
      const { manPage } = await import('./help/man.ts');
      surroundings.stdout.write(manPage(program, version, EXAMPLES));
      ended(EXIT.done);
    });

  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'what is to be completed in').choices(['bash', 'zsh', 'fish']))
    .description('have the shell complete commands, options and names of incidents')
    .action(async (shell: CompletionShell) => {
      const { COMPLETION_SCRIPTS } = await import('./help/completion-scripts.ts');
      surroundings.stdout.write(COMPLETION_SCRIPTS[shell]);
      ended(EXIT.done);
    });

  // What the scripts of `completion` ask; nobody types it.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(
      verb(async (context, words: string[]) =>
        (await import('./help/complete-verb.ts')).completeVerb(context, program, words),
      ),
    );

  program
    .command('agent')
    .description('serve this host over standard input and output (started by `--host`)');
  // Only here, after the commands, which would inherit it: a word that is no command is named as such.
  return program.allowExcessArguments();
}

function noSuchCommand(program: Command, word: string): UserError {
  const names = program.commands.map((command) => command.name()).filter((name) => name !== 'complete');
  const near = nearest(word, names);
  return new UserError('usage', `There is no command "${printable(word)}".`, {
    hint: near === null ? `Known: ${names.join(', ')}.` : `Did you mean \`tourniquet ${near}\`?`,
  });
}

type Verb = <A extends unknown[]>(
  run: (context: CliContext, ...args: A) => Promise<number>,
) => (...args: A) => Promise<void>;

function addPlaybookVerbs(program: Command, verb: Verb): void {
  const playbook = program.command('playbook').description('check, list and show playbooks');
  withJson(playbook.command('check').argument('<file...>'))
    .description('every problem of a playbook, with line and column')
    .action(
      verb(async (context, files: string[]) =>
        (await import('./playbook/playbook.ts')).checkPlaybooks(files, writer(context)),
      ),
    );
  withJson(playbook.command('list'))
    .description('the playbooks that come with it')
    .action(verb(async (context) => (await import('./playbook/playbook.ts')).listPlaybooks(writer(context))));
  withJson(playbook.command('show').argument('<playbook>'))
    .description('what a playbook would do, step by step')
    .action(
      verb(async (context, name: string) =>
        (await import('./playbook/playbook.ts')).showPlaybook(name, writer(context)),
      ),
    );
  playbook
    .command('from-incident')
    .argument('<incident>')
    .description('a draft of the next playbook, from what was really done')
    .action(
      verb(async (context, incident: string) =>
        (await import('./playbook/playbook-draft.ts')).draftVerb(context, incident),
      ),
    );
  playbook
    .command('import')
    .argument('<file>')
    .description('a CACAO 2.0 playbook as one of ours, and what of it cannot be run')
    .action(
      verb(async (context, file: string) =>
        (await import('./playbook/playbook-cacao.ts')).importPlaybook(context, file),
      ),
    );
  playbook
    .command('export')
    .argument('<playbook>')
    .addOption(new Option('--format <format>', 'of the standard').choices(['cacao']).default('cacao'))
    .description('a playbook as CACAO 2.0 JSON, for other programs')
    .action(
      verb(async (context, name: string) =>
        (await import('./playbook/playbook-cacao.ts')).exportPlaybook(context, name),
      ),
    );
  playbook
    .command('schema')
    .description('its JSON Schema, for editors')
    .action(verb(async (context) => (await import('./playbook/playbook.ts')).writeSchema(writer(context))));
}

function writer(context: CliContext) {
  return { json: context.json, write: (text: string) => void context.stdout.write(text) };
}

function withJson(command: Command): Command {
  return command.option('--json', 'for machines');
}

/** What looks judge by beside what comes with the program. */
function withKnowledge(command: Command): Command {
  return command
    .option('--indicators <file>', 'indicators of your own, YAML (may be repeated)', collect)
    .option('--rules <folder>', 'YARA rules of your own: a folder, or a file (may be repeated)', collect)
    .option('--allow <file>', 'what is yours and not to be blamed, YAML (may be repeated)', collect);
}

function withFront(command: Command): Command {
  return withJson(command)
    .option('--plain', 'questions and answers, one line at a time')
    .option('--mirror <command>', 'give each record to this command as it is written')
    .option(
      '--notify <where>',
      'tell somebody: slack:URL, teams:URL, webhook:URL, mail:ADDRESS, syslog:, syslog://HOST:PORT (may be repeated)',
      collect,
    )
    .option('--yes', 'unattended: approve what is within --max-risk, never ask')
    .addOption(
      new Option('--max-risk <risk>', 'the most that --yes approves')
        .choices(RISKS)
        .default('reversible' satisfies Risk),
    )
    .addOption(
      new Option('--choose <verdict>', 'what --yes deals with')
        .choices(['malicious', 'suspicious'])
        .default('malicious'),
    );
}

async function makeContext(surroundings: Surroundings, options: GlobalOptions): Promise<CliContext> {
  const { environment, stderr } = surroundings;
  const { settings, remarks } = await readSettings();
  for (const remark of remarks) stderr.write(`tourniquet: ${remark}\n`);
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return {
    ...surroundings,
    root: incidentsFolder(environment, options.incidentDir, settings.incidentFolder),
    namedFolder: options.incidentDir,
    responder: options.responder ?? responderName(environment, settings.responder),
    json: options.json ?? false,
    ascii: options.ascii ?? settings.ascii ?? !/utf-?8/i.test(locale),
    plain: settings.plain,
    theme: settings.theme,
    signals: settings.signals,
    defaultPlaybook: settings.defaults.playbook,
    sampleMs: settings.defaults.sampleMs,
    knowledgeFolder: settings.knowledgeFolder,
    notifyTo: settings.notifyTo,
    notifyTemplate: settings.notifyTemplate,
    version,
  };
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('a whole number was expected');
  return Number(text);
}

const EXAMPLES: readonly (readonly [command: string, meaning: string])[] = [
  ['tourniquet drill', 'practise on this machine, harmlessly'],
  ['tourniquet run', 'respond on this host, step by step'],
  ['tourniquet run --host "ssh web-07 tourniquet agent"', 'respond on another host'],
  ['tourniquet resume', 'after a dropped connection'],
  ['tourniquet transcript INCIDENT -o report.md', 'to hand over'],
];

/** In two columns; what does not fit into the first has its meaning below. */
function exampleLines(command: string, meaning: string): string[] {
  const columns = ([left, right]: readonly string[]) => `  ${left?.padEnd(46)}${right}`;
  return command.length < 46 ? [columns([command, meaning])] : [`  ${command}`, columns(['', meaning])];
}

function helpTail(): string {
  const codes = EXIT_CODE_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return [
    '',
    'Without a command it opens the home screen: open incidents, respond, practise, look.',
    '',
    'Examples:',
    ...EXAMPLES.flatMap(([command, meaning]) => exampleLines(command, meaning)),
    '',
    'Exit codes:',
    ...codes,
  ].join('\n');
}
