/** What an incident has shown that bears on whether its host can be trusted again. Texts may hold host text. */
export interface AssuranceSigns {
  /** Malicious things that ran as root or that only root could have put there. */
  readonly rootTouched: readonly string[];
  readonly preload: readonly string[];
  /** Modules, and what hides itself without a preload library or a mount to explain it. */
  readonly kernel: readonly string[];
  readonly pam: readonly string[];
  readonly tools: readonly string[];
  /** Malicious in the latest look. */
  readonly left: readonly string[];
  /** Suspicious in the latest look: nobody has said yet what they are. */
  readonly unjudged: readonly string[];
  /** What could not be looked at. */
  readonly unknowns: readonly string[];
  /** Paths of what was malicious. */
  readonly badPaths: readonly string[];
  /** Secrets of the host that are to be replaced elsewhere, and those of them that are not yet. */
  readonly secrets: number;
  readonly secretsOpen: readonly string[];
  readonly wasRoot: boolean;
  /** ISO 8601; the oldest change of a malicious thing. null: nothing malicious with a time. */
  readonly firstSignAt: string | null;
  readonly openedAt: string;
  /** Of all finished watching, the longest; milliseconds. */
  readonly watchedMs: number;
  /** Things that came back since they were taken away, in all. */
  readonly cameBack: number;
}

/**
 * - `none`: something malicious is there, or the view itself cannot be trusted
 * - `low`: whoever had root could hide below what is looked at
 * - `limited`: root was touched; all that was found is gone
 * - `fair`: nothing that had root was seen, and it stayed quiet for long
 */
export type AssuranceLevel = 'none' | 'low' | 'limited' | 'fair';

export interface Assurance {
  readonly level: AssuranceLevel;
  readonly advice: 'rebuild' | 'release';
  /** What weighs, heaviest first, in sentences. */
  readonly reasons: readonly string[];
}

/** Weekly schedules have been seen; this outlasts them. */
export const LONG_WATCH_MS = 8 * 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * What assurance is left, and what to do for that reason. Pure. It never says that a host is clean: what somebody with root
 * has hidden below the kernel's own answers cannot be seen from within.
 */
export function weighAssurance(signs: AssuranceSigns): Assurance {
  const reasons: string[] = [];
  const say = (list: readonly string[], text: (names: string) => string): boolean => {
    if (list.length > 0) reasons.push(text(named(list)));
    return list.length > 0;
  };
  const hasLeft = say(signs.left, (names) => `Malicious and still there: ${names}.`);
  const hasKernel = say(
    signs.kernel,
    (names) => `The kernel may lie: ${names}. Nothing that is read on this host can be relied on then.`,
  );
  const hasPreload = say(
    signs.preload,
    (names) =>
      `A library was loaded into every program (${names}): what ran since may have been changed or listened to.`,
  );
  const hasPam = say(
    signs.pam,
    (names) => `What checks passwords was touched (${names}): every password typed since is known.`,
  );
  const hasTools = say(signs.tools, (names) => `The host’s own tools were changed (${names}).`);
  const hasRoot = say(signs.rootTouched, (names) => `Somebody else was root: ${names}.`);
  if (!signs.wasRoot) reasons.push('The looks were made without root, so much could not be seen at all.');
  say(signs.unknowns, (names) => `Could not be looked at: ${names}.`);
  say(signs.unjudged, (names) => `Suspicious, and nobody has said what it is: ${names}.`);
  if (signs.cameBack > 0)
    reasons.push(
      `${count(signs.cameBack, 'thing')} came back after being taken away: a cause was missed at least once.`,
    );
  if (signs.firstSignAt !== null) reasons.push(sinceText(signs.firstSignAt, signs.openedAt));
  reasons.push(watchText(signs.watchedMs));
  say(signs.secretsOpen, (names) => `Not replaced yet, and to be taken as known to others: ${names}.`);
  const level = levelOf({
    isBlind: hasLeft || hasKernel,
    isDeep: hasPreload || hasPam || hasTools || !signs.wasRoot || signs.unknowns.length > 0,
    isRoot: hasRoot,
    isUnsettled: signs.unjudged.length > 0 || signs.watchedMs < LONG_WATCH_MS,
  });
  return { level, advice: level === 'fair' ? 'release' : 'rebuild', reasons };
}

interface Weights {
  readonly isBlind: boolean;
  readonly isDeep: boolean;
  readonly isRoot: boolean;
  readonly isUnsettled: boolean;
}

function levelOf({ isBlind, isDeep, isRoot, isUnsettled }: Weights): AssuranceLevel {
  if (isBlind) return 'none';
  if (isDeep) return 'low';
  return isRoot || isUnsettled ? 'limited' : 'fair';
}

function sinceText(firstSignAt: string, openedAt: string): string {
  const ms = Date.parse(openedAt) - Date.parse(firstSignAt);
  const days = Math.floor(ms / DAY_MS);
  const long =
    Number.isNaN(ms) || ms < 0
      ? ''
      : days >= 1
        ? `, ${count(days, 'day')} before the response`
        : ', less than a day before the response';
  return `The oldest sign of it is from ${firstSignAt.slice(0, 16).replace('T', ' ')} UTC${long}. It may have been here for longer: times can be set back.`;
}

function watchText(ms: number): string {
  if (ms === 0) return 'It was not watched to the end.';
  if (ms >= LONG_WATCH_MS) return `It was watched for ${count(Math.floor(ms / DAY_MS), 'day')}.`;
  const long =
    ms < 3_600_000
      ? count(Math.max(1, Math.round(ms / 60_000)), 'minute')
      : ms < DAY_MS
        ? count(Math.round(ms / 3_600_000), 'hour')
        : count(Math.floor(ms / DAY_MS), 'day');
  return `It was watched for ${long}; schedules of a week have been seen, so 8 days would say more.`;
}

const MOST_NAMED = 5;

function named(list: readonly string[]): string {
  const more = list.length - MOST_NAMED;
  return `${list.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
