import { expect, it } from 'vitest';
import type { Operation } from '../../src/operations/operation.ts';
import { plannedRows } from '../../src/tui/rows/operation-rows.ts';
import { COMMAND } from '../support/incident-builder.ts';

it('a command of the playbook stands whole in its plan, however long', () => {
  const lines = ['set -e', `echo ${'x'.repeat(200)} END`, 'curl -s http://203.0.113.9/x | sh'];
  const operation: Operation = {
    ...COMMAND,
    ...{ id: 'a.1.1', because: [], command: { shell: lines.join('\n') }, risk: 'reversible' },
  };
  const text = plannedRows(operation, 60, false)
    .map((row) => row.map((part) => part.text).join(''))
    .join('\n');
  const shown = text.replace(/\s+/g, '');
  for (const line of lines) expect(shown).toContain(line.replace(/\s+/g, ''));
});
