import { isSecretName, redact } from '../text/redact.ts';
import type { Finding, Subject } from './finding.ts';

/**
 * A finding as it may leave the host and be journalled: command lines and lines of files hold what people and
 * programs wrote there, passwords and tokens too. Where a line is later acted on, its file's hash and its number
 * say which it is (see change-lines.ts). A line of authorized_keys stays: it is public, and names the key.
 */
export function withoutSecrets(finding: Finding): Finding {
  return {
    ...finding,
    title: redact(finding.title),
    reasons: finding.reasons.map((reason) => ({ ...reason, text: redact(reason.text) })),
    subject: subjectWithoutSecrets(finding.subject),
  };
}

function subjectWithoutSecrets(subject: Subject): Subject {
  switch (subject.kind) {
    case 'process':
      return { ...subject, commandLine: wordsWithoutSecrets(subject.commandLine) };
    case 'unit':
      return { ...subject, commands: subject.commands.map(redact) };
    case 'container':
      return { ...subject, command: wordsWithoutSecrets(subject.command) };
    case 'file-line': {
      if (subject.role === 'authorized-key') return subject;
      const details = Object.entries(subject.details).map(([name, value]) => [name, redact(value)]);
      return {
        ...subject,
        line: { ...subject.line, text: redact(subject.line.text) },
        details: Object.fromEntries(details),
      };
    }
    case 'setting':
      return { ...subject, name: redact(subject.name), value: redact(subject.value) };
    default:
      return subject;
  }
}

/** Words of a command, which may be `--password=…` or `--password` and then the password. */
function wordsWithoutSecrets(words: readonly string[]): readonly string[] {
  return words.map((word, index) => {
    const before = words[index - 1] ?? '';
    const isValue = /^--?[A-Za-z]/.test(before) && !before.includes('=') && isSecretName(before);
    return isValue && !word.startsWith('-') ? '[redacted password]' : redact(word);
  });
}
