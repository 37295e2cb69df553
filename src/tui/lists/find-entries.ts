import type { IncidentView } from '../../engine/handle.ts';
import { MARKS, markOf, shortResult } from '../../engine/select.ts';
import { describeOperation } from '../../operations/describe.ts';
import { itemsOf } from '../incident/situation.ts';
import { foreign } from '../look/theme.ts';
import type { PickEntry } from './pick-entry.ts';

/** Every step, finding and operation of the incident, with words for its status, so that those can be typed too. */
export function findEntries(view: IncidentView): readonly PickEntry[] {
  const { incident } = view;
  return incident.steps.flatMap((step, index): PickEntry[] => {
    const mark = markOf(step, incident);
    const title = foreign(step.definition.title);
    const result = foreign(shortResult(step, incident));
    const items = itemsOf(step).map((item): PickEntry => {
      const target = { kind: 'place', stepId: step.id, itemKey: item.key } as const;
      if (item.kind === 'finding') {
        const { verdict, score, places, reasons } = item.finding;
        const [place] = places;
        const where =
          place === undefined ? '' : `${foreign(place.path)}${place.line ? `:${place.line}` : ''}`;
        return {
          key: `${step.id}/${item.key}`,
          sign: `${score}`,
          title: foreign(item.finding.title),
          detail: [verdict, where, `in ${title}`, foreign(reasons[0]?.text ?? '')]
            .filter(Boolean)
            .join(' · '),
          whyNot: null,
          target,
        };
      }
      if (item.kind === 'check') {
        const { title: text, word, tick } = item.check;
        return {
          key: `${step.id}/${item.key}`,
          sign: tick?.isDone ? MARKS.done.sign : MARKS.todo.sign,
          title: foreign(text),
          detail: `${tick?.isDone ? word : `not ${word} yet`} · in ${title}`,
          whyNot: null,
          target,
        };
      }
      const status = item.state === null ? 'planned' : item.state.status;
      return {
        key: `${step.id}/${item.key}`,
        sign: item.state === null ? MARKS.todo.sign : '→',
        title: foreign(describeOperation(item.operation).title),
        detail: `${status} · in ${title}`,
        whyNot: null,
        target,
      };
    });
    return [
      {
        key: step.id,
        sign: mark.sign,
        title: `${index + 1}  ${title}`,
        detail: result === '' || result === mark.word ? mark.word : `${mark.word} · ${result}`,
        whyNot: null,
        target: { kind: 'place', stepId: step.id, itemKey: null },
      },
      ...items,
    ];
  });
}
