import { win32 } from 'node:path';
import { readScript } from './scripts.ts';

/**
 * How PowerShell is started. Windows PowerShell 5.1, by its full path: it is part of every Windows that is maintained, its
 * folder belongs to TrustedInstaller, and the modules for the firewall, tasks, Defender and accounts are its own.
 * No profile is read (it could be the intruder's), nothing is asked. The loop must not name `$input`: only then does
 * PowerShell leave standard input to it (ConsoleHost looks for that name).
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_powershell_exe
 */
export function powershellCommand(systemRoot: string): readonly string[] {
  const loop = Buffer.from(readScript('bootstrap'), 'utf16le').toString('base64');
  return [
    win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    ...['-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass'],
    ...['-InputFormat', 'Text', '-OutputFormat', 'Text', '-EncodedCommand', loop],
  ];
}
