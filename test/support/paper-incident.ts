import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Action, isMalicious } from '../../src/actions/action.ts';
import { notify } from '../../src/actions/notify.ts';
import { incidentFolder } from '../../src/journal/folder.ts';
import type { JournalWriter } from '../../src/journal/writer.ts';
import type { Playbook, Step } from '../../src/playbook/playbook.ts';
import { openIncident, resumeIncident } from '../../src/runner/open-incident.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { type PaperHost, paperHost } from './paper-host.ts';

/** A step of a test's playbook, with everything not named at its default. */
export function step(id: string, more: Partial<Step> = {}): Step {
  return {
    id,
    title: id,
    why: '',
    attack: [],
    uses: 'block-three',
    with: {},
    run: null,
    verify: null,
    undo: null,
    env: {},
    manual: null,
    if: null,
    needs: [],
    needsEvidenceFrom: [],
    timeoutMs: 1000,
    retries: 0,
    onFailure: 'stop',
    risk: null,
    line: 1,
    ...more,
  };
}

export function playbook(steps: readonly Step[], inputs: Playbook['inputs'] = {}): Playbook {
  return { name: 'paper', title: 'Paper', summary: '', platform: 'any', inputs, env: {}, steps };
}

/** `with: {last: [4, 5, 6]}` says which of the paper host's six addresses a step deals with; the first three if not. */
function mine(parameters: unknown): string[] {
  const { last = [1, 2, 3] } = parameters as { last?: number[] };
  return last.map((n) => `203.0.113.${n}`);
}

/** Proposes to block what talks: operations that can be undone. */
const blockThree: Action = {
  name: 'block-three',
  summary: '',
  parameters: z.looseObject({}),
  scopes: ['connections'],
  isRemedy: true,
  concerns: () => true,
  isChosenAtFirst: isMalicious,
  plan: ({ chosen, parameters }) => ({
    operations: chosen.flatMap(({ subject, id }) =>
      subject.kind === 'connection' && mine(parameters).includes(subject.remoteAddress)
        ? [{ target: { kind: 'block-address', address: subject.remoteAddress } as const, because: [id] }]
        : [],
    ),
    checkedAfter: '',
    remarks: [],
  }),
};

const isolateOnce: Action = {
  ...blockThree,
  name: 'isolate-once',
  isRemedy: false,
  plan: () => ({
    operations: [
      {
        target: {
          kind: 'isolate-host',
          allowedPeers: [],
          allowDns: false,
          confirmWithinMs: 1000,
          mustReach: null,
          mustNotReach: null,
        },
        because: [],
      },
    ],
    checkedAfter: '',
    remarks: [],
  }),
};

const watchShortly: Action = {
  ...blockThree,
  name: 'watch-shortly',
  isRemedy: false,
  plan: () => ({
    operations: [],
    checkedAfter: '',
    remarks: [],
    watch: { forMs: 30, everyMs: 5, scopes: ['processes'] },
  }),
};

/** Acts on processes too, and then looks whether one comes back. */
const blockAndSettle: Action = {
  ...blockThree,
  name: 'block-and-settle',
  plan(input) {
    const plan = blockThree.plan(input);
    const more = input.chosen.flatMap(({ subject, id }) =>
      subject.kind === 'process'
        ? [
            {
              target: { kind: 'block-address', address: `198.51.100.${subject.process.pid}` } as const,
              because: [id],
            },
          ]
        : [],
    );
    return {
      ...plan,
      operations: [...plan.operations, ...more],
      watch: { forMs: 30, everyMs: 5, scopes: ['processes'] },
    };
  },
};

const paperActions: ReadonlyMap<string, Action> = new Map(
  [
    blockThree,
    blockAndSettle,
    isolateOnce,
    watchShortly,
    notify,
    { ...blockThree, name: 'manual', plan: () => NOTHING },
  ].map((action) => [action.name, action]),
);

const NOTHING = { operations: [], checkedAfter: '', remarks: [] };

export interface PaperIncident {
  readonly host: PaperHost;
  readonly root: string;
  open(playbook: Playbook, throughJournal?: (journal: JournalWriter) => JournalWriter): Promise<Runner>;
  resume(folder: string, throughJournal?: (journal: JournalWriter) => JournalWriter): Promise<Runner>;
}

/** A folder of incidents in a temporary place, and a paper host that stays the same over all their sessions. */
export async function paperIncident(): Promise<PaperIncident> {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const host = paperHost();
  const options = {
    host,
    actions: paperActions,
    session: { responder: 'ana', front: 'test', version: '0' },
    localHostname: 'paper',
    sampleMs: 1,
  } as const;
  return {
    host,
    root,
    async open(book, throughJournal) {
      const incident = {
        root,
        playbook: book,
        playbookText: '# paper\n',
        inputs: {},
        transport: null,
        skip: [],
      };
      return (await openIncident({ ...options, throughJournal }, incident)).start();
    },
    async resume(folder, throughJournal) {
      return (await resumeIncident({ ...options, throughJournal }, incidentFolder(folder))).start();
    },
  };
}

/** Approves and accepts whatever is asked, until `until` says enough or nothing is left to answer. */
export async function answerAll(
  runner: Runner,
  until: (runner: Runner) => boolean = () => false,
): Promise<void> {
  for (;;) {
    await runner.whenIdle();
    const { question, stopped } = runner.view();
    if (question === null || stopped !== null || until(runner)) return;
    switch (question.kind) {
      case 'approval':
        await runner.send({
          kind: 'approve-plan',
          stepId: question.stepId,
          planHash: question.planHash,
          how: 'key',
        });
        break;
      case 'confirmation':
        await runner.send({ kind: 'confirm-operation', operationId: question.operationId, how: 'responder' });
        break;
      case 'manual':
        await runner.send({ kind: 'do-by-hand', stepId: question.stepId, record: 'done' });
        break;
      default:
        return;
    }
  }
}
