import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../src/engine/event.ts';
import {
  COMMAND,
  makeDone,
  makeFile,
  makeFinding,
  makeJournal,
  makeLook,
  makeOpening,
  makePlan,
  makePlaybook,
  makeRecords,
  makeStep,
} from '../support/incident-builder.ts';

const FINDINGS = 5000;
const EVENTS = 10_000;
const OUTPUTS = 64;
const OUTPUT_BYTES = 16 * 1024 * 1024;

/** On the disk below `root`: 10,000 events, 5,000 findings in three steps, 1 GB of output that the journal vouches for. */
export async function makeLargeIncident(root: string) {
  const steps = ['look', 'purge', 'watch'].map((id) => makeStep(id));
  const findings = Array.from({ length: FINDINGS }, (_, index) => {
    const path = `/opt/place/file-${index}`;
    const file = { ...makeFile(path), sha256: index.toString(16).padStart(64, '0') };
    return makeFinding(`file:${index}`, {
      title: path,
      subject: { kind: 'file', role: 'script', file },
      package: null,
      times: { mtimeNs: `${1_795_406_400 + index}000000001`, ctimeNs: '1795406400000000000' },
      places: [{ path }],
    });
  });
  // Lines of a log: what is kept of an output is looked through for secrets.
  const block = Buffer.from(
    Array.from({ length: 2000 }, () => `line ${randomBytes(24).toString('hex')}\n`).join(''),
  );
  const piece = Buffer.alloc(OUTPUT_BYTES, block);
  const sha256 = createHash('sha256').update(piece).digest('hex');
  const plan = makePlan(
    'purge',
    1,
    Array.from({ length: OUTPUTS }, () => COMMAND),
  );
  const [opened, ...opening] = makeOpening(makePlaybook(steps));
  const playbook = 'name: paper\n';
  const records = makeRecords([
    { ...opened, playbookSha256: createHash('sha256').update(playbook).digest('hex') } as Event,
    ...(opening as Event[]),
    ...steps.map(
      ({ id }): Event => ({ kind: 'step-looked', stepId: id, outcome: makeLook(findings), chosen: [] }),
    ),
    ...makeDone('purge', plan, (id) => ({ name: `${id}.log`, sizeBytes: OUTPUT_BYTES, sha256 })),
    ...Array.from(
      { length: EVENTS },
      (_, index): Event => ({ kind: 'note-added', stepId: null, text: `note ${index}` }),
    ),
  ]);
  const first = records[0]?.event;
  const id = first?.kind === 'incident-opened' ? first.incidentId : '';
  const folder = join(root, id);
  for (const part of ['output', 'evidence', 'quarantine'])
    await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'journal.jsonl'), makeJournal(records).text);
  await writeFile(join(folder, 'playbook.yaml'), playbook);
  const outputs = plan.operations.map((operation) => join(folder, 'output', `${operation.id}.log`));
  for (const path of outputs) await writeFile(path, piece);
  return { id, files: [...outputs, join(folder, 'journal.jsonl'), join(folder, 'playbook.yaml')] };
}
