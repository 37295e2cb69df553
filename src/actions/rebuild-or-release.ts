import { z } from 'zod';
import { type Action, isMalicious, parametersOf } from './action.ts';
import { triage } from './triage.ts';

const parameters = z.strictObject({
  decision: z.enum(['ask', 'release', 'rebuild']).default('ask').describe('what becomes of the host'),
});

/** The end: build the host anew (recommended), or let it back onto the network. */
export const rebuildOrRelease: Action = {
  name: 'rebuild-or-release',
  summary: 'say what assurance is left; lift the isolation, or keep it until the host is built anew',
  parameters,
  scopes: triage.scopes,
  isRemedy: false,
  concerns: (finding) => finding.verdict === 'malicious' || finding.verdict === 'suspicious',
  isChosenAtFirst: isMalicious,
  plan(input) {
    const { decision } = parametersOf(parameters, input);
    const left = input.findings.filter(isMalicious);
    const remarks = [
      'A host on which somebody else was root cannot be proven clean from within. Building it anew from a known image and restoring checked data is the safe ending.',
    ];
    for (const step of input.facts.openSteps) remarks.push(`Still open: ${step}`);
    if (left.length > 0) remarks.push(`${left.length} malicious things are still there.`);
    const mayRelease = decision === 'release' && left.length === 0 && input.facts.isIsolated;
    if (decision === 'ask')
      remarks.push(
        'Choose with the input that this step names: release or rebuild. Until then the isolation stays.',
      );
    if (decision === 'rebuild')
      remarks.push(
        'The isolation stays until the host is built anew. Do not carry over programs, crontabs, keys or unit files from it.',
      );
    if (decision === 'release' && left.length > 0)
      remarks.push('It is not released while something malicious is there.');
    return {
      operations: mayRelease ? [{ target: { kind: 'lift-isolation' }, because: [] }] : [],
      checkedAfter: mayRelease
        ? 'the isolation is gone; blocked addresses stay blocked'
        : 'nothing is changed',
      remarks,
    };
  },
};
