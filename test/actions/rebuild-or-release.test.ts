import { describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../src/actions/action.ts';
import { rebuildOrRelease } from '../../src/actions/rebuild-or-release.ts';
import type { AssuranceSigns } from '../../src/findings/assurance.ts';
import { planFacts } from '../support/plan-facts.ts';

type Facts = Partial<Omit<PlanFacts, 'signs'>> & { readonly signs?: Partial<AssuranceSigns> };

function end(decision: string, { signs, ...more }: Facts = {}, parameters: Record<string, unknown> = {}) {
  const none = planFacts();
  const facts = { ...none, isIsolated: true, ...more, signs: { ...none.signs, ...signs } } as PlanFacts;
  const { operations, remarks } = rebuildOrRelease.plan({
    ...{ chosen: [], findings: [], command: null, facts },
    parameters: { decision, ...parameters } as never,
  });
  return { kinds: operations.map(({ target }) => target.kind), said: (remarks ?? []).join('\n') };
}
const step = (id: string, isDone: boolean) => ({ id, title: `The step ${id}`, isDone });

describe('released', () => {
  it('only the isolation is lifted, and the order of the rest is said', () => {
    const { kinds, said } = end('release', { stepsBefore: [step('kill-process', true)] as never });
    expect(kinds).toEqual(['lift-isolation']);
    expect(said).toMatch(
      /1\. the isolation .* 2\. then move it out of the quarantine group .* 3\. then watch on/,
    );
  });

  it('is not while a step above is open, which is named', () => {
    const { kinds, said } = end('release', {
      stepsBefore: [step('kill-process', true), step('reset-keys', false)] as never,
    });
    expect(kinds).toEqual([]);
    expect(said).toContain(
      'not released before this is done, or recorded as done by hand: The step reset-keys.',
    );
    expect(said).not.toContain('The step kill-process');
  });

  it('asks only for the steps that the playbook calls mandatory, and for those that it does not have', () => {
    const stepsBefore = [step('kill-process', true), step('patch', false)] as never;
    expect(end('release', { stepsBefore }, { mandatory: ['kill-process'] }).kinds).toEqual([
      'lift-isolation',
    ]);
    const { kinds, said } = end('release', { stepsBefore }, { mandatory: ['purge'] });
    expect(kinds).toEqual([]);
    expect(said).toContain('“purge”, which is no step above this one');
  });

  it('is not while something malicious is there', () => {
    const { kinds, said } = end('release', { signs: { left: ['kinsing (812)'] } });
    expect(kinds).toEqual([]);
    expect(said).toContain('while something malicious is there: kinsing (812).');
  });

  it('changes nothing on a host that is not isolated, and says where else it may be', () => {
    const { kinds, said } = end('release', { isIsolated: false });
    expect(kinds).toEqual([]);
    expect(said).toContain('If your cloud isolates it');
  });
});

describe('built anew', () => {
  it('keeps the isolation, and says what to save and what not to carry over', () => {
    const { kinds, said } = end('rebuild', {
      signs: { badPaths: ['/usr/bin/.sshd'], secrets: 3, secretsOpen: ['AWS key AKIA1'] },
    });
    expect(kinds).toEqual([]);
    expect(said).toMatch(/^The isolation stays until the new host has taken over/m);
    expect(said).toMatch(/^Save: /m);
    expect(said).toMatch(/^Do not carry over: .*authorized_keys/m);
    expect(said).toContain('Least of all: /usr/bin/.sshd.');
    expect(said).toContain('2 of 3 secrets');
  });

  it('names twenty bad paths and how many more there are', () => {
    const badPaths = Array.from({ length: 23 }, (_, at) => `/bad/${at}`);
    const { said } = end('rebuild', { signs: { badPaths } });
    expect(said).toContain('/bad/19 and 3 more');
    expect(said).not.toContain('/bad/20');
  });
});

describe('undecided', () => {
  it('nothing is done, the isolation stays, and the input that decides is named', () => {
    const { kinds, said } = end('ask');
    expect(kinds).toEqual([]);
    expect(said).toContain('Not decided yet: rebuild, or release?');
  });

  it.each([
    [{ preload: ['/etc/ld.so.preload'] }, 'build it anew'],
    [{ rootTouched: ['/etc/cron.d/x'] }, 'build it anew'],
    [{ wasRoot: true, watchedMs: 9 * 24 * 3_600_000 }, 'it may go back'],
  ])('weighs what was seen, whatever is decided: %j', (signs, advice) => {
    for (const decision of ['ask', 'release', 'rebuild']) {
      const { said } = end(decision, { signs });
      expect(said).toMatch(/^Assurance left: (none|low|limited|fair)\./m);
      expect(said).toMatch(new RegExp(`^Advice: ${advice}`, 'm'));
    }
  });
});
