import type { StepState } from '../engine/incident.ts';
import { entryText } from '../findings/allow.ts';
import { declarationOf, entryFor } from '../findings/allow-list.ts';
import { askText, type Choice, tell } from './menu.ts';
import type { Talk } from './talk.ts';

/** `d 2 our probe`: the finding is the responder's own. Said of one that was declared, it takes that back. */
export function oursChoice(talk: Talk, step: StepState): Choice {
  return {
    word: '(d)eclare',
    help: 'a finding is yours; `d 2 our probe` declares the second, `d 2 a mistake` again takes it back; `d` lists them',
    isRare: true,
    act: async (rest) => {
      const { declarations } = talk.handle.view().incident;
      const [, number = '', given = ''] = /^(\d+)\s*(.*)$/s.exec(rest) ?? [];
      if (number === '') {
        if (declarations.length === 0) talk.say('Nothing was declared ours.');
        for (const { entry, reason, by } of declarations)
          talk.say(`  ${entryText(entry)}, declared ours by ${by}: ${reason}`);
        return;
      }
      const finding = step.findings?.[Number(number) - 1];
      if (finding === undefined) return talk.say(`There is no finding ${number}.`);
      const declared = declarationOf(finding, declarations);
      const entry = declared?.entry ?? entryFor(finding);
      if ('whyNot' in entry) return talk.say(`That cannot be declared: ${entry.whyNot}.`);
      talk.say(`  ${declared === undefined ? 'ours' : 'no longer ours'}: ${entryText(entry)}`);
      const reason = await askText(talk, 'How do you know? It stands in the transcript >', given);
      if (reason === null) return;
      const isTaken = await tell(
        talk,
        declared === undefined
          ? { kind: 'declare-ours', stepId: step.id, findingId: finding.id, reason }
          : { kind: 'take-back-declaration', declarationId: declared.id, reason },
      );
      if (isTaken) talk.say(declared === undefined ? 'Declared ours.' : 'No longer declared ours.');
    },
  };
}
