import { describe, expect, it } from 'vitest';
import { checklistOf } from '../../src/engine/checklist.ts';
import { KEYS } from './fake-terminal.ts';
import { FINDINGS, finding, script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';
import { start, toStep } from './start.ts';

const SECRET = finding(
  'secret:1',
  {
    ...{ kind: 'secret', secret: 'aws-access-key', path: '/root/.aws/credentials', line: 2 },
    ...{ keyId: 'AKIAEXAMPLE', isEncrypted: null, advice: 'Make it inactive in IAM, then make a new one.' },
  },
  'AWS access key AKIAEXAMPLE',
  { verdict: 'unknown', score: 25 },
);

describe('a secret that lay on the host', () => {
  it('is ticked off with a word on how, and can be unticked', async () => {
    const plain = script();
    const handle = new ScriptedHandle(
      {
        ...plain,
        look: (step) => (step.id === 'purge' ? { findings: [FINDINGS.cron, SECRET] } : plain.look(step)),
      },
      { nowMs: Date.UTC(2026, 10, 23, 4, 12) },
    );
    const { terminal } = start({ handle });
    await toStep(terminal, handle, 'purge');
    await terminal.see(/To replace elsewhere +0 of 1 replaced/);
    terminal.type(KEYS.down);
    await terminal.see('tick off');
    terminal.type(' ');
    await terminal.see(/AWS access key AKIAEXAMPLE: replaced.*never the secret/is);
    terminal.type(`inactive in IAM${KEYS.enter}`);
    await terminal.see(/To replace elsewhere +1 of 1 replaced/);
    await terminal.see(/\[x\] AWS access key AKIAEXAMPLE.*replaced .* ana: inactive in/s);
    expect(handle.sent('tick-item')).toEqual([
      { kind: 'tick-item', stepId: 'purge', itemId: 'secret:1', isDone: true, note: 'inactive in IAM' },
    ]);
    const step = handle.view().incident.steps.find(({ id }) => id === 'purge');
    expect(step && checklistOf(step).map(({ tick }) => tick?.isDone)).toEqual([true]);

    terminal.type(' ');
    await terminal.see(/To replace elsewhere +0 of 1 replaced/);
    expect(handle.sent('tick-item').at(-1)).toMatchObject({ itemId: 'secret:1', isDone: false });
  });
});
