import { bothNumberings } from './attack-ids.ts';
import type { Finding, Place, Reason, Subject } from './finding.ts';
import { type Signal, weigh } from './weigh.ts';

/** Makes stable ids: 12 hex of a hash, given from outside because this folder does no hashing. */
export type IdMaker = (kind: Subject['kind'], key: string) => string;

export interface Draft {
  readonly id: string;
  readonly subject: Subject;
  readonly title: string;
  readonly signals: readonly Signal[];
  readonly places: readonly Place[];
  readonly attack: readonly string[];
  readonly times?: Finding['times'];
  readonly beganAtMs?: number | null;
  readonly owner: string | null;
  readonly package?: string | null;
  readonly related?: readonly string[];
}

/** For what is shown all the same: no finding is without a reason. */
const NOTHING_AGAINST_IT: Reason = { code: 'nothing', text: 'Nothing speaks against it', weight: 0 };

/** From what was noted to a finding; the verdict comes from weigh.ts and from nowhere else. */
export function finish(draft: Draft): Finding {
  const { verdict, score, reasons } = weigh(draft.signals);
  return {
    id: draft.id,
    subject: draft.subject,
    title: draft.title,
    verdict,
    score,
    reasons: reasons.length > 0 ? reasons : [NOTHING_AGAINST_IT],
    places: draft.places,
    attack: bothNumberings(draft.attack),
    times: draft.times ?? null,
    ...(typeof draft.beganAtMs === 'number' ? { beganAtMs: draft.beganAtMs } : {}),
    owner: draft.owner,
    ...(draft.package === undefined ? {} : { package: draft.package }),
    related: draft.related ?? [],
  };
}

/** For what must not be blamed whatever it looks like: the responder's own. Keeps what was seen, at no weight. */
export function pardon(finding: Finding, code: string, text: string): Finding {
  return {
    ...finding,
    verdict: 'benign',
    score: 0,
    reasons: [{ code, text, weight: -100 }, ...finding.reasons],
  };
}
