import type { OutputRef } from '../../engine/event.ts';
import type { OperationContext } from '../../host/host.ts';
import { type StoredFile, storeFile } from '../../journal/stored-file.ts';
import type { Operation } from '../../operations/operation.ts';
import { maskSecrets } from '../../text/mask-secrets.ts';
import { systemErrorText } from '../../text/system-error-text.ts';
import { UserError } from '../../text/user-error.ts';
import { stepOf } from '../lookup.ts';
import { keepTimes, type OutputTimes } from '../output-times.ts';
import type { Workbench } from '../workbench.ts';
import { secretEnvironment } from './resolve-command.ts';

/** The command may well have ended: what it printed is still on the host, and is taken again at the next resume. */
function outputUnwritable(name: string, cause: Error): UserError {
  return new UserError(
    'output-unwritable',
    `The output ${name} cannot be kept (${systemErrorText(cause.message)}), so nothing more is done.`,
    {
      hint: 'Free space or repair the folder, then `tourniquet resume`: it is taken again from the host.',
      cause,
    },
  );
}

const WITHHELD =
  'Not kept here: the command was given a secret that is not known any more, so it could not be taken out.\nWhat it put out is on the host, in the folder that its receipt names.\n';

/** Where output and evidence of an operation go. The output file is made with the first byte. */
export function openWork(bench: Workbench, stepId: string, operation: Operation, isAttached = false) {
  const { id } = operation;
  const incident = bench.incident();
  let file: Promise<StoredFile> | null = null;
  let times: OutputTimes | null = null;
  let failure: Error | null = null;
  const name = `${id}.log`;
  const secrets = secretsFor(bench, stepId, operation);
  // A command that was given a secret by a runner before this one, which nobody has typed again.
  const isBlind = isAttached && Object.values(secrets).includes('');
  const masks = { stdout: maskSecrets(bench.secrets.values()), stderr: maskSecrets(bench.secrets.values()) };
  const keep = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    file ??= storeFile(bench.folder.output, name);
    times ??= keepTimes(bench.folder.output, id, bench.nowMs);
    times.came(bytes.length);
    file
      .then((stored) => stored.write(bytes))
      .catch((error: Error) => {
        failure ??= error;
      });
    bench.output(bytes);
  };
  const context: OperationContext = {
    incidentId: incident.id,
    secrets,
    fence: bench.fence,
    signal: bench.signal(),
    onProgress: (progress) => bench.update({ progress }),
    onOutput: (stream, bytes) => {
      if (!isBlind) keep(masks[stream].push(bytes));
    },
    evidence: {
      async open(part, source) {
        const stored = await storeFile(bench.folder.evidence, `${id}/${part}`);
        return {
          write: (bytes) => stored.write(bytes),
          close: async () => ({ name: `${id}/${part}`, source, ...(await stored.close()) }),
        };
      },
    },
  };
  return {
    context,
    async finish(): Promise<OutputRef | null> {
      if (isBlind) keep(Buffer.from(WITHHELD));
      for (const mask of Object.values(masks)) keep(mask.end());
      if (file === null) return null;
      // Closed whatever becomes of the output itself.
      const closing = times?.close();
      closing?.catch(() => undefined);
      try {
        const summary = await (await file).close();
        if (failure) throw failure;
        const timesSha256 = await closing;
        return { name, ...summary, ...(timesSha256 === undefined ? {} : { timesSha256 }) };
      } catch (error) {
        throw outputUnwritable(name, error as Error);
      }
    },
  };
}

/** What its command is given in secret, by the variable's name; '' where nobody has typed it again. */
export function secretsFor(bench: Workbench, stepId: string, { kind }: Operation) {
  if (kind !== 'run-command') return {};
  const incident = bench.incident();
  return secretEnvironment(stepOf(incident, stepId).definition, incident, bench.secrets);
}
