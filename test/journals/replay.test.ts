import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import { describeRecord } from '../../src/engine/describe-record.ts';
import type { Incident } from '../../src/engine/incident.ts';
import { reduce } from '../../src/engine/reduce.ts';
import { whyNot } from '../../src/engine/why-not.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';

/**
 * Journals that were really written, one more at each change of the format. Today's code must go on reading all of
 * them: an incident may be resumed by a newer version than the one that began it.
 */
const journals = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.jsonl'));

describe.each(journals)('%s', (name) => {
  test('is whole, and can be folded, decided and described at every record', async () => {
    const { records, altered, tornBytes, head } = await readJournal(join(import.meta.dirname, name));
    expect({ altered, tornBytes }).toEqual({ altered: null, tornBytes: 0 });
    let incident: Incident | null = null;
    for (const record of records) {
      incident = reduce(incident, record);
      const effects = decide(incident);
      expect(effects.length, `after record ${record.seq}`).toBe(incident.closedAt === null ? 1 : 0);
      expect(describeRecord(record, incident).text).not.toBe('');
    }
    const context = { journalHead: head, altered: null, excerpts: new Map() };
    expect(renderMarkdown(incident as Incident, records, context)).toContain(`# Incident ${incident?.id}`);
    expect(JSON.parse(renderJson(incident as Incident, records, context))).toBeTypeOf('object');
  });

  test('what was done next is what would be decided today', async () => {
    const { records } = await readJournal(join(import.meta.dirname, name));
    let incident: Incident | null = null;
    for (const record of records) {
      if (incident !== null) {
        const { event } = record;
        const [effect] = decide(incident);
        if (event.kind === 'operation-started' || event.kind === 'operation-refused') {
          expect(effect).toMatchObject({ kind: 'perform', operation: { id: event.operationId } });
        }
        if (event.kind === 'plan-approved') {
          expect(effect).toMatchObject({
            kind: 'ask',
            question: { kind: 'approval', planHash: event.planHash },
          });
          const question = effect?.kind === 'ask' ? effect.question : null;
          const view = { incident, activity: null, question, stopped: null };
          const command = {
            kind: 'approve-plan',
            stepId: event.stepId,
            planHash: event.planHash,
            how: 'key',
          } as const;
          expect(whyNot(view, command)).toBeNull();
        }
        if (event.kind === 'undo-started')
          expect(effect).toMatchObject({ kind: 'undo', operation: { id: event.operationId } });
      }
      incident = reduce(incident, record);
    }
  });
});
