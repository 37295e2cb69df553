import type { IdMaker } from './draft.ts';
import type { FileLineSubject, FileSubject, Finding } from './finding.ts';

/** What a file is called whose lines all go. */
const WHOLE_ROLES: Readonly<Partial<Record<FileLineSubject['role'], FileSubject['role']>>> = {
  'cron-entry': 'cron-file',
  'boot-line': 'boot-file',
  'session-line': 'session-file',
  'tool-hook-line': 'tool-hook',
};

/**
 * A file of cron.d that holds nothing but malicious entries goes as a whole: one finding in place of its lines,
 * so that no plan edits a file and moves it away too. `details.wholeFile` of a line is the number of entries in its file.
 */
export function aggregateCronFiles(findings: readonly Finding[], id: IdMaker): Finding[] {
  const byFile = new Map<string, Finding[]>();
  for (const finding of findings) {
    const subject = cronLine(finding);
    if (subject?.details.wholeFile !== undefined) {
      byFile.set(subject.file.path, [...(byFile.get(subject.file.path) ?? []), finding]);
    }
  }
  const replaced = new Map<string, string>();
  const whole: Finding[] = [];
  for (const [path, lines] of byFile) {
    const entries = Number(cronLine(lines[0])?.details.wholeFile);
    if (lines.length !== entries || lines.some((line) => line.verdict !== 'malicious')) continue;
    const finding = wholeFile(path, lines, id);
    whole.push(finding);
    for (const line of lines) replaced.set(line.id, finding.id);
  }
  const rename = (finding: Finding): Finding => ({
    ...finding,
    related: [...new Set(finding.related.map((other) => replaced.get(other) ?? other))].filter(
      (other) => other !== finding.id,
    ),
  });
  return [...findings.filter((finding) => !replaced.has(finding.id)), ...whole].map(rename);
}

function cronLine(finding: Finding | undefined): FileLineSubject | null {
  const subject = finding?.subject;
  return subject?.kind === 'file-line' && subject.role in WHOLE_ROLES ? subject : null;
}

function wholeFile(path: string, lines: readonly Finding[], id: IdMaker): Finding {
  const worst = lines.reduce((a, b) => (b.score > a.score ? b : a));
  const subject = cronLine(worst);
  if (subject === null) return worst;
  return {
    ...worst,
    id: id('file', path),
    subject: { kind: 'file', role: WHOLE_ROLES[subject.role] ?? 'cron-file', file: subject.file },
    title: path,
    places: lines.flatMap((line) => line.places),
    related: [...new Set(lines.flatMap((line) => line.related))],
  };
}
