import type { JsonValue } from '../playbook/playbook.ts';
import { commandStep, type StepDraft } from './command-step.ts';
import { celOf } from './condition.ts';
import { EXTENSION } from './extension.ts';
import { finished, isMap, oneLine } from './finish-step.ts';
import { type CacaoFault, checkGraph } from './graph.ts';
import { inputsOf, type Remark } from './inputs.ts';
import { type CacaoPlaybook, type CacaoStep, cacaoSchema } from './schema.ts';
import { slug } from './slug.ts';

export interface ImportedPlaybook {
  /** In the shape of our playbook file; null if the CACAO one is wrong. */
  readonly file: JsonValue | null;
  readonly faults: readonly CacaoFault[];
  readonly remarks: readonly Remark[];
}

/** Reads a CACAO 2.0 playbook: schema, then graph, then step by step into ours, in the order in which it would run. */
export function importCacao(json: unknown): ImportedPlaybook {
  const read = cacaoSchema.safeParse(json);
  if (!read.success) {
    const faults = read.error.issues.map(
      ({ path, message }): CacaoFault => ({
        code: 'schema',
        severity: 'error',
        where: path.map(String).join('.') || '(whole)',
        message,
      }),
    );
    return { file: null, faults, remarks: [] };
  }
  const faults = checkGraph(read.data);
  if (faults.some(({ severity }) => severity === 'error')) return { file: null, faults, remarks: [] };
  const walk = new Walk(read.data);
  return { file: walk.file(), faults, remarks: walk.remarks };
}

class Walk {
  readonly remarks: Remark[] = [];
  readonly #playbook: CacaoPlaybook;
  readonly #steps: StepDraft[] = [];
  readonly #names: ReadonlyMap<string, string>;
  readonly #inputs: Readonly<Record<string, JsonValue>>;
  /** By CACAO id, what it became; met again on another way, its conditions are joined. */
  readonly #done = new Map<string, StepDraft[]>();
  readonly #ids = new Set<string>();

  constructor(playbook: CacaoPlaybook) {
    this.#playbook = playbook;
    const { names, inputs, remarks } = inputsOf(playbook);
    this.#names = names;
    this.#inputs = inputs;
    this.remarks.push(...remarks);
    this.#visit(playbook.workflow_start, []);
    const exception = playbook.workflow_exception;
    if (exception !== undefined) {
      this.remarks.push({
        where: 'workflow_exception',
        text: 'steps for a failure of the whole stand at the end; run them if one failed',
      });
      this.#visit(exception, []);
    }
  }

  file(): JsonValue {
    const { name, description } = this.#playbook;
    const own = this.#playbook.playbook_extensions?.[EXTENSION]?.playbook;
    if (isMap(own)) return { ...own, steps: this.#steps.map(finished) };
    return {
      name: slug(name, new Set()),
      title: oneLine(name),
      ...(description ? { summary: description } : {}),
      ...(Object.keys(this.#inputs).length === 0 ? {} : { inputs: this.#inputs }),
      steps: this.#steps.map(finished),
    };
  }

  #visit(id: string, conditions: readonly string[]): void {
    const step = this.#playbook.workflow[id];
    if (step === undefined || step.type === 'end') return;
    const before = this.#done.get(id);
    if (before !== undefined) {
      for (const draft of before) draft.ways.push(conditions);
      return;
    }
    const drafts: StepDraft[] = [];
    this.#done.set(id, drafts);
    this.#take(id, step, conditions, drafts);
    const next = step.on_completion ?? step.on_success;
    if (next !== undefined) this.#visit(next, conditions);
    if (step.on_failure !== undefined) this.#failure(step.on_failure, conditions, drafts);
  }

  #take(id: string, step: CacaoStep, conditions: readonly string[], drafts: StepDraft[]): void {
    const where = `workflow.${id}`;
    const add = (draft: Omit<StepDraft, 'ways'>) => {
      const added = { ...draft, ways: [conditions] };
      drafts.push(added);
      this.#steps.push(added);
    };
    const decide = (text: string, condition: string) => {
      this.remarks.push({ where, text });
      add({
        ...this.#common(step, id),
        file: { manual: { do: [`Decide: ${condition}`, text], record: ['what was decided'] } },
      });
    };
    switch (step.type) {
      case 'start':
      case 'end':
        return;
      case 'action': {
        const own = step.step_extensions?.[EXTENSION]?.step;
        if (isMap(own)) {
          add({ own, file: {}, id: String(own.id), name: '', why: '' });
          return;
        }
        for (const [index, command] of step.commands.entries()) {
          const { file, remark } = commandStep(command, step, this.#playbook, this.#names);
          if (remark !== null) this.remarks.push({ where: `${where}.commands[${index}]`, text: remark });
          add({ ...this.#common(step, id), file });
        }
        return;
      }
      case 'playbook-action': {
        const text = `the playbook ${step.playbook_id} is not at hand: run it beside this one and record its outcome`;
        this.remarks.push({ where, text });
        add({ ...this.#common(step, id), file: { manual: { do: [text], record: ['its outcome'] } } });
        return;
      }
      case 'parallel':
        this.remarks.push({
          where,
          text: 'steps run one after another here; its branches follow each other',
        });
        for (const branch of step.next_steps) this.#visit(branch, conditions);
        return;
      case 'if-condition': {
        const cel = this.#cel(step.condition);
        if (cel === null)
          decide(
            'this condition cannot be evaluated here: both branches follow; skip the one that does not apply',
            step.condition,
          );
        this.#visit(step.on_true, cel === null ? conditions : [...conditions, cel]);
        if (step.on_false !== undefined)
          this.#visit(step.on_false, cel === null ? conditions : [...conditions, `!(${cel})`]);
        return;
      }
      case 'while-condition': {
        decide(
          'loops are not run here: its steps follow once; open them again for as long as the condition holds',
          step.condition,
        );
        this.#visit(step.on_true, conditions);
        return;
      }
      case 'switch-condition': {
        const name = this.#names.get(/^(__.*__):value$/.exec(step.switch)?.[1] ?? '');
        if (name === undefined)
          decide(
            'this switch cannot be evaluated here: all cases follow; skip those that do not apply',
            step.switch,
          );
        const others = Object.keys(step.cases).filter((value) => value !== 'default');
        for (const [value, target] of Object.entries(step.cases)) {
          const input = `inputs.${name}`;
          const cel =
            value === 'default'
              ? others.map((other) => `string(${input}) != ${JSON.stringify(other)}`).join(' && ')
              : `string(${input}) == ${JSON.stringify(value)}`;
          this.#visit(target, name === undefined || cel === '' ? conditions : [...conditions, cel]);
        }
      }
    }
  }

  /** The way after a failure is taken only if one of the step's commands failed. */
  #failure(target: string, conditions: readonly string[], drafts: readonly StepDraft[]): void {
    for (const draft of drafts) draft.mayFail = true;
    const failed = drafts.map(({ id }) => `steps.${id}.status == "failed"`).join(' || ');
    this.#visit(target, failed === '' ? conditions : [...conditions, failed]);
  }

  #cel(condition: string): string | null {
    return celOf(condition, (variable) => this.#names.get(variable) ?? null);
  }

  #common(step: CacaoStep, cacaoId: string) {
    const name = oneLine(step.name || step.type);
    const id = slug(step.name || cacaoId.slice(0, cacaoId.indexOf('--') + 10), this.#ids);
    const delay = step.delay ? `Wait ${step.delay} ms before it.` : '';
    return {
      id,
      name,
      why: [step.description ?? '', delay].filter(Boolean).join('\n'),
      ...(step.timeout ? { timeoutMs: step.timeout } : {}),
    };
  }
}
