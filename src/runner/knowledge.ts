import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event, GivenIndicators, GivenRules } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { type AllowEntry, declarationId } from '../findings/allow.ts';
import type { RuleSource } from '../findings/file-rules.ts';
import type { IncidentFolder } from '../journal/folder.ts';
import { UserError } from '../text/user-error.ts';

/** What the responder brings to an incident, beginning it or taking it up again. */
export interface GivenKnowledge {
  /** Rules that came with the program: used, not recorded; the session's version says which. */
  readonly shippedRules: readonly RuleSource[];
  readonly indicators: readonly GivenIndicators[];
  readonly rules: readonly RuleSource[];
  readonly allow: readonly { readonly entry: AllowEntry; readonly reason: string; readonly file: string }[];
}

/** Events for what is new; the texts of rules are on the disk before anything names them. */
export async function tellKnowledge(
  folder: IncidentFolder,
  given: GivenKnowledge | undefined,
  incident: Incident | null,
): Promise<Event[]> {
  if (given === undefined) return [];
  const known = new Set(
    [...(incident?.knowledge.indicators ?? []), ...(incident?.knowledge.rules ?? [])].map(
      ({ sha256 }) => sha256,
    ),
  );
  const indicators = given.indicators.filter(({ sha256 }) => !known.has(sha256));
  const rules: GivenRules[] = [];
  for (const { name, text } of given.rules) {
    const sha256 = hashOf(text);
    if (known.has(sha256)) continue;
    await mkdir(folder.rules, { recursive: true, mode: 0o700 });
    await writeFile(join(folder.rules, `${sha256}.yar`), text, { mode: 0o600, flush: true });
    rules.push({ name, sha256 });
  }
  const declared = new Map(incident?.declarations.map(({ id, reason }) => [id, reason]));
  const events: Event[] = given.allow
    .filter(({ entry, reason }) => declared.get(declarationId(entry)) !== reason)
    .map(({ entry, reason, file }) => ({ kind: 'declared-ours', entry, reason, file }));
  if (indicators.length + rules.length > 0) events.unshift({ kind: 'knowledge-given', indicators, rules });
  return events;
}

/**
 * The texts of all rules that the incident's looks use.
 * @throws UserError `rules-altered` if one of the incident's own is not what was journalled.
 */
export async function rulesOf(
  folder: IncidentFolder,
  incident: Incident,
  shipped: readonly RuleSource[],
): Promise<readonly RuleSource[]> {
  const own: RuleSource[] = [];
  for (const { name, sha256 } of incident.knowledge.rules) {
    const path = join(folder.rules, `${sha256}.yar`);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null || hashOf(text) !== sha256) {
      throw new UserError(
        'rules-altered',
        `The rules ${name} of the incident are gone or altered (${path}).`,
        {
          hint: 'Put the file back, whose sha256 is its name; without it a look would not find what it found before.',
        },
      );
    }
    own.push({ name, text });
  }
  return [...shipped, ...own];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
