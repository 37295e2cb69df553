import type { CacaoPlaybook, CacaoStep } from './schema.ts';

/** Something wrong with a CACAO playbook; `where` is a path in its JSON. */
export interface CacaoFault {
  readonly code:
    | 'schema'
    | 'dangling'
    | 'circle'
    | 'no-end'
    | 'unreachable'
    | 'contradiction'
    | 'unknown-variable';
  readonly severity: 'error' | 'warning';
  readonly where: string;
  readonly message: string;
}

/** Where a step may lead, with the property that says so. */
function waysOn(step: CacaoStep): (readonly [property: string, id: string])[] {
  const ways: (readonly [string, string])[] = [];
  for (const name of ['on_completion', 'on_success', 'on_failure'] as const) {
    const id = step[name];
    if (id !== undefined) ways.push([name, id]);
  }
  return [...waysIn(step), ...ways];
}

/** Branches, which come back to the step at their end. */
function waysIn(step: CacaoStep): (readonly [property: string, id: string])[] {
  switch (step.type) {
    case 'if-condition':
      return [
        ['on_true', step.on_true],
        ...(step.on_false === undefined ? [] : [['on_false', step.on_false] as const]),
      ];
    case 'while-condition':
      return [['on_true', step.on_true]];
    case 'switch-condition':
      return Object.entries(step.cases).map(([name, id]) => [`cases.${name}`, id] as const);
    case 'parallel':
      return step.next_steps.map((id, index) => [`next_steps[${index}]`, id] as const);
    default:
      return [];
  }
}

/** What the schema cannot say: that every reference leads somewhere, nothing goes round, and every way ends. */
export function checkGraph(playbook: CacaoPlaybook): CacaoFault[] {
  const { workflow, workflow_start: start } = playbook;
  const faults: CacaoFault[] = [];
  const fault = (
    code: CacaoFault['code'],
    where: string,
    message: string,
    severity: CacaoFault['severity'] = 'error',
  ) => faults.push({ code, severity, where, message });
  const known = (id: string) => Object.hasOwn(workflow, id);
  if (!known(start)) fault('dangling', 'workflow_start', `there is no step ${start}`);
  if (playbook.workflow_exception !== undefined && !known(playbook.workflow_exception))
    fault('dangling', 'workflow_exception', `there is no step ${playbook.workflow_exception}`);
  for (const [id, step] of Object.entries(workflow)) {
    const where = `workflow.${id}`;
    if (!id.startsWith(`${step.type}--`))
      fault('contradiction', where, `it is called ${id.split('--')[0]} and is of type ${step.type}`);
    for (const [property, target] of waysOn(step))
      if (!known(target)) fault('dangling', `${where}.${property}`, `there is no step ${target}`);
    if (step.on_completion !== undefined && (step.on_success ?? step.on_failure) !== undefined)
      fault('contradiction', where, 'it has on_completion, and so must not have on_success or on_failure');
    if (step.type === 'end' && waysOn(step).length > 0) fault('contradiction', where, 'an end leads nowhere');
    if (step.type !== 'end' && step.on_completion === undefined && step.on_success === undefined)
      fault('no-end', where, 'nothing says what comes after it, not even an end');
    if (step.type === 'action') {
      if (playbook.agent_definitions?.[step.agent] === undefined)
        fault('dangling', `${where}.agent`, `there is no agent ${step.agent}`);
      for (const [index, target] of (step.targets ?? []).entries())
        if (playbook.target_definitions?.[target] === undefined)
          fault('dangling', `${where}.targets[${index}]`, `there is no target ${target}`);
    }
  }
  if (faults.length > 0) return faults;
  const seen = new Set<string>();
  const open: string[] = [];
  const visit = (id: string): void => {
    const at = open.indexOf(id);
    if (at !== -1) {
      fault('circle', `workflow.${id}`, `it leads back to itself: ${[...open.slice(at), id].join(' → ')}`);
      return;
    }
    const step = workflow[id];
    if (seen.has(id) || step === undefined) return;
    open.push(id);
    for (const [, target] of waysOn(step)) visit(target);
    open.pop();
    seen.add(id);
  };
  visit(start);
  if (playbook.workflow_exception !== undefined) visit(playbook.workflow_exception);
  for (const id of Object.keys(workflow))
    if (!seen.has(id)) fault('unreachable', `workflow.${id}`, 'nothing leads to it', 'warning');
  return [...faults, ...checkVariables(playbook)];
}

function checkVariables(playbook: CacaoPlaybook): CacaoFault[] {
  const everywhere = new Set(Object.keys(playbook.playbook_variables ?? {}));
  return Object.entries(playbook.workflow).flatMap(([id, step]) => {
    const known = new Set([...everywhere, ...Object.keys(step.step_variables ?? {})]);
    // Extensions are not CACAO's.
    const { step_extensions: _, ...rest } = step;
    const used = [...JSON.stringify(rest).matchAll(/(__[a-zA-Z_][a-zA-Z0-9_-]*?__):value/g)].map(
      ([, name = '']) => name,
    );
    return [...new Set(used)]
      .filter((name) => !known.has(name))
      .map(
        (name): CacaoFault => ({
          code: 'unknown-variable',
          severity: 'error',
          where: `workflow.${id}`,
          message: `it uses ${name}, which is defined nowhere`,
        }),
      );
  });
}
