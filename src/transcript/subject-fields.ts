import type { Finding } from '../findings/finding.ts';

/** What there is to sort and to search findings by, beside what all of them have. Host text as it is. */
export interface SubjectFields {
  readonly path: string | null;
  readonly sha256: string | null;
  readonly pid: number | null;
  readonly address: string | null;
  readonly port: number | null;
  readonly fingerprint: string | null;
  readonly command: string | null;
}

export function subjectFields({ subject }: Finding): SubjectFields {
  switch (subject.kind) {
    case 'process':
      return {
        ...NONE,
        path: subject.process.exePath,
        pid: subject.process.pid,
        command: subject.commandLine.join(' '),
      };
    case 'connection':
      return {
        ...NONE,
        pid: subject.process?.pid ?? null,
        address: subject.remoteAddress,
        port: subject.isNamedOnly ? null : subject.remotePort,
      };
    case 'file-line':
      return {
        ...NONE,
        path: subject.file.path,
        sha256: subject.file.sha256,
        fingerprint: subject.details.fingerprint ?? null,
        command: subject.role === 'authorized-key' ? null : subject.line.text,
      };
    case 'file':
      return { ...NONE, path: subject.file.path, sha256: subject.file.sha256 };
    case 'unit':
      return {
        ...NONE,
        path: subject.file.path,
        sha256: subject.file.sha256,
        command: subject.commands.join('; '),
      };
    case 'secret':
      return { ...NONE, path: subject.path };
    case 'container':
      return { ...NONE, path: subject.container.stateFolder, command: subject.command.join(' ') };
    case 'host-key':
      return { ...NONE, path: subject.file.path, fingerprint: subject.fingerprint };
    default:
      return NONE;
  }
}

const NONE: SubjectFields = {
  path: null,
  sha256: null,
  pid: null,
  address: null,
  port: null,
  fingerprint: null,
  command: null,
};
