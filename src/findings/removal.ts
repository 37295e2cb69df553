import type { ContainerIdentity } from '../operations/identity.ts';
import type { OperationKind } from '../operations/operation.ts';
import type { ContainerSubject, Subject } from './finding.ts';

/** What would take a thing away: the operations that answer it, and what is left to a person, in words. */
export interface Removal {
  /** In the order in which they are done; empty if no operation changes such a thing. */
  readonly operations: readonly OperationKind[];
  /** null if the operations are all there is to do. */
  readonly advice: string | null;
}

/** By what it is alone: whether it should go is the responder's to say. */
function removalOf(subject: Subject): Removal {
  switch (subject.kind) {
    case 'process':
      return subject.mountsOver === undefined
        ? by('collect-process', 'freeze-process', 'kill-process')
        : by('reveal-process', 'collect-process', 'freeze-process', 'kill-process');
    case 'connection':
      return by('block-address');
    case 'file':
      return by('quarantine-file');
    case 'file-line':
      return subject.details.isInParts === 'yes'
        ? {
            operations: [],
            advice: 'it goes over several lines: take it out by hand, and check the file after',
          }
        : subject.details.cutsOff === undefined
          ? by('edit-file')
          : { operations: [], advice: `by hand, with a second session open: ${subject.details.cutsOff}` };
    case 'unit':
      return by('disable-unit', 'quarantine-file');
    case 'container':
      return stoppable(subject) === null
        ? { operations: ['kill-process'], advice: 'and see to it that its runtime does not start it again' }
        : by('stop-container');
    case 'account':
      return by('lock-account', 'expire-password');
    case 'host-key':
      return by('replace-host-keys');
    case 'package':
      return by('upgrade-packages');
    case 'disagreement':
      return { operations: [], advice: 'believe neither view: look from outside, or from a clean boot' };
    case 'setting':
      return {
        operations: subject.remedy === undefined ? [] : [subject.remedy.kind],
        advice: subject.advice,
      };
    case 'secret':
      return { operations: [], advice: subject.advice };
  }
}

function by(...operations: OperationKind[]): Removal {
  return { operations, advice: null };
}

/** In one line: `disable-unit, quarantine-file`, or the advice. */
export function removalText(subject: Subject): string {
  const { operations, advice } = removalOf(subject);
  return [operations.join(', '), advice ?? ''].filter((part) => part !== '').join('; ');
}

/** A container as the operation that stops it knows it; null for a runtime that it does not command. */
export function stoppable({ container }: ContainerSubject): ContainerIdentity | null {
  const { runtime, id, name, image } = container;
  const isKnown = runtime === 'docker' || runtime === 'podman' || runtime === 'nerdctl';
  return isKnown && /^[0-9a-f]{64}$/.test(id) ? { runtime, id, name, image } : null;
}
