import { expect, it } from 'vitest';
import type { Operation } from '../../src/operations/operation.ts';
import { plannedRows } from '../../src/tui/rows/operation-rows.ts';

it('a command of the playbook stands whole in its plan, however long', () => {
  const lines = ['set -e', `echo ${'x'.repeat(200)} END`, 'curl -s http://203.0.113.9/x | sh'];
  const operation: Operation = {
    ...{ id: 'a.1.1', because: [], kind: 'run-command', command: { shell: lines.join('\n') } },
    ...{ environment: {}, secretNames: [], workingFolder: null, timeoutMs: 1000, risk: 'reversible' },
    ...{ verify: null, undo: null },
  };
  const text = plannedRows(operation, 60, false)
    .map((row) => row.map((part) => part.text).join(''))
    .join('\n');
  const shown = text.replace(/\s+/g, '');
  for (const line of lines) expect(shown).toContain(line.replace(/\s+/g, ''));
});
