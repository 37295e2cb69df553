import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../../src/host/host.ts';
import { createWindowsHost } from '../../../src/host/windows/windows-host.ts';

export interface StandInHost {
  readonly host: Host;
  /** What was asked so far, in its order. */
  calls(): readonly { readonly name: string; readonly parameters: Readonly<Record<string, unknown>> }[];
  end(): Promise<void>;
}

/**
 * A host whose PowerShell is the stand-in, with these answers by script. `{sequence: […]}` answers one after the other,
 * each a whole answer (`ok`, `value` or `message`); the last one stays.
 */
export function standInHost(answers: Readonly<Record<string, unknown>>): StandInHost {
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-windows-'));
  const file = join(folder, 'answers.json');
  const journal = join(folder, 'calls.json');
  writeFileSync(file, JSON.stringify(answers));
  const host = createWindowsHost({
    argv: [process.execPath, join(import.meta.dirname, 'stand-in.mjs'), file, journal],
    programData: 'C:\\ProgramData',
  });
  return {
    host,
    calls: () => JSON.parse(readFileSync(journal, 'utf8')),
    async end() {
      await host.close();
      rmSync(folder, { recursive: true });
    },
  };
}
