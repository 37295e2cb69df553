import type { ContainerSubject, Finding } from '../findings/finding.ts';
import { stoppable } from '../findings/removal.ts';
import type { PlannedOperation } from './action.ts';

/**
 * Freeze all, then kill one by one: of two that watch each other, the second would otherwise start the first again
 * while it is being killed. A stopped process cannot act (signal(7): SIGSTOP cannot be caught).
 */
export function killTogether(findings: readonly Finding[], memoryBytes = 0): readonly PlannedOperation[] {
  const reveal: PlannedOperation[] = [];
  const freeze: PlannedOperation[] = [];
  const kill: PlannedOperation[] = [];
  const memory = memoryBytes > 0 ? { memoryBytes } : {};
  for (const { subject, id } of findings) {
    if (subject.kind !== 'process') continue;
    const { process, mountsOver: mounts } = subject;
    // Behind a mount nothing of it can be checked by its number.
    if (mounts !== undefined && mounts.length > 0)
      reveal.push({ target: { kind: 'reveal-process', process, mounts }, because: [id] });
    freeze.push({ target: { kind: 'freeze-process', process }, because: [id] });
    kill.push({ target: { kind: 'kill-process', process, ...memory }, because: [id] });
  }
  return [...reveal, ...together(freeze), ...kill];
}

/** One operation for all: between two of them a journal is written, which is long for whoever watches the other. */
function together(freeze: readonly PlannedOperation[]): readonly PlannedOperation[] {
  const [first, ...rest] = freeze;
  if (first === undefined || first.target.kind !== 'freeze-process' || rest.length === 0) return freeze;
  const others = rest.flatMap(({ target }) => (target.kind === 'freeze-process' ? [target.process] : []));
  return [
    { target: { ...first.target, others }, because: [...new Set(freeze.flatMap(({ because }) => because))] },
  ];
}

/**
 * Names that a unit can have (systemd.unit(5)). A file with another is never loaded, so that there is nothing to stop;
 * it is taken away like any other.
 */
const UNIT_NAME = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]*$/;

/** Stop what the service manager would start again, before its processes are touched. */
export function disableUnits(findings: readonly Finding[]): readonly PlannedOperation[] {
  return findings.flatMap(({ subject, id }): PlannedOperation[] =>
    subject.kind === 'unit' && UNIT_NAME.test(subject.unit)
      ? [
          {
            target: { kind: 'disable-unit', unit: subject.unit, user: subject.user, file: subject.file },
            because: [id],
          },
        ]
      : [],
  );
}

/** What would not run again after this: stopped, and without a policy that starts it. */
export function isAtRest({ isRunning, container }: ContainerSubject): boolean {
  return isRunning === false && (container.restartPolicy === null || container.restartPolicy === 'no');
}

/** Before its processes are touched: a runtime starts anew what ends by itself. */
export function stopContainers(findings: readonly Finding[]): readonly PlannedOperation[] {
  return findings.flatMap(({ subject, id }): PlannedOperation[] => {
    if (subject.kind !== 'container' || isAtRest(subject)) return [];
    const container = stoppable(subject);
    return container === null ? [] : [{ target: { kind: 'stop-container', container }, because: [id] }];
  });
}

/** Containers that no operation stops, in words. */
export function containersByHand(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ subject, title }) =>
    subject.kind === 'container' && !isAtRest(subject) && stoppable(subject) === null
      ? [`${title} is of a runtime that is not driven from here: stop it by that runtime's own tool.`]
      : [],
  );
}
