import { z } from 'zod';
import { preloadWords } from '../findings/preload-words.ts';
import { type Action, isNever } from './action.ts';
import { RUNNING, WEAKENED } from './scopes.ts';

/** Look at everything, change nothing. */
export const triage: Action = {
  name: 'triage',
  summary: 'look at processes, connections and every place something can start from; change nothing',
  parameters: z.strictObject({}),
  scopes: [
    ...RUNNING,
    'hidden-processes',
    'authorized-keys',
    'accounts',
    ...WEAKENED,
    'sources',
    'second-opinion',
  ],
  isRemedy: false,
  concerns: () => true,
  isChosenAtFirst: isNever,
  plan: ({ findings, facts }) => {
    const preloaded = preloadWords(facts.preload ?? null);
    const isUnsure = !findings.some((finding) => finding.verdict === 'malicious');
    return {
      operations: [],
      checkedAfter: 'nothing is changed by looking',
      remarks: [
        ...(preloaded === null ? [] : [preloaded]),
        ...(isUnsure
          ? ['Nothing was found that is certainly malicious. Look at what is suspicious before you go on.']
          : []),
      ],
    };
  },
};
