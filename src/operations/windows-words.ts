import type { Operation, OperationTarget } from './operation.ts';
import { powershellQuote as quote } from './powershell-quote.ts';

export interface WindowsWords {
  readonly commands: readonly string[];
  /** Left out: as elsewhere. */
  readonly undoNote?: string;
}

/** What a person would type on Windows, in PowerShell, for the same effect; shown and never run. null: as elsewhere. */
export function windowsWords(operation: Operation | OperationTarget): WindowsWords | null {
  switch (operation.kind) {
    case 'collect-process':
      return { commands: [processQuery(operation.process.pid), ...copied(operation.process.exePath)] };
    case 'kill-process':
      return {
        commands: [...copied(operation.process.exePath), `Stop-Process -Id ${operation.process.pid} -Force`],
      };
    case 'freeze-process': {
      const all = [operation.process, ...(operation.others ?? [])];
      return {
        commands: all.map(({ pid }) => `pssuspend.exe ${pid}  # of Sysinternals`),
        undoNote: 'They go on where they were stopped.',
      };
    }
    case 'archive-files':
      return {
        commands: operation.paths.map(
          (path) => `Copy-Item -LiteralPath ${quote(path)} -Destination EVIDENCE -Recurse`,
        ),
      };
    case 'block-address':
      return {
        commands: ['Inbound', 'Outbound'].map((direction) =>
          newRule(
            `tourniquet-block-${operation.address}-${direction}`,
            'tourniquet-block',
            direction,
            operation.address,
          ),
        ),
      };
    case 'isolate-host':
      return {
        commands: [
          '# a scheduled task that removes the rules again after the time, then:',
          ...['Inbound', 'Outbound'].map((direction) =>
            newRule(`tourniquet-isolation-${direction}`, 'tourniquet-isolation', direction, null),
          ),
        ],
        undoNote: 'Removes these two rules. A scheduled task does so too, unless it is confirmed.',
      };
    case 'lift-isolation':
      return { commands: ['Remove-NetFirewallRule -Group tourniquet-isolation'] };
    case 'quarantine-file': {
      const path = quote(operation.file.path);
      return {
        commands: [
          `Get-FileHash -LiteralPath ${path}; (Get-Acl -LiteralPath ${path}).Sddl`,
          `Move-Item -LiteralPath ${path} -Destination QUARANTINE`,
        ],
        undoNote: 'Puts it back bit for bit, with its access list, attributes and times.',
      };
    }
    case 'edit-file':
      return {
        commands: [
          `notepad.exe ${quote(operation.file.path)}`,
          ...operation.removeLines.map(({ number, text }) => `# line ${number} goes: ${text}`),
        ],
      };
    case 'disable-unit':
      return {
        commands: [
          `Set-Service -Name ${quote(operation.unit)} -StartupType Disabled`,
          `Stop-Service -Name ${quote(operation.unit)} -Force`,
        ],
        undoNote: 'Sets how it starts as before, and starts it if it ran.',
      };
    case 'lock-account':
      return {
        commands: [`Disable-LocalUser -Name ${quote(operation.account)}`],
        undoNote: 'Switches it on again, if it was on.',
      };
    case 'end-session':
      return {
        commands: ['query.exe session  # its number', `logoff.exe NUMBER  # of ${operation.account}`],
      };
    case 'expire-password':
      return {
        commands: [`net.exe user ${quote(operation.account)} /logonpasswordchg:yes`],
        undoNote: 'It need not be changed any more.',
      };
    default:
      return null;
  }
}

function processQuery(pid: number): string {
  return `Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}' | Format-List ProcessId, ParentProcessId, ExecutablePath, CommandLine, CreationDate`;
}

function copied(path: string | null): readonly string[] {
  return path === null ? [] : [`Copy-Item -LiteralPath ${quote(path)} -Destination EVIDENCE`];
}

function newRule(name: string, group: string, direction: string, address: string | null): string {
  const what = address === null ? '(all ranges but those allowed)' : quote(address);
  return `New-NetFirewallRule -Name ${quote(name)} -DisplayName ${quote(name)} -Group ${group} -Direction ${direction} -Action Block -RemoteAddress ${what}`;
}
