import { cloudCommand } from './cloud-commands.ts';
import { describeEntry } from './describe-entry.ts';
import { BLOCK_TABLE, blockRules, ISOLATE_TABLE, isolationRules } from './firewall-rules.ts';
import type { CommandText, Operation, OperationTarget } from './operation.ts';
import { RELOADS, type ReloadName } from './reloads.ts';
import type { Risk } from './risk.ts';
import { shellCommand, shellQuote } from './shell-quote.ts';
import {
  attributeCommands,
  editCommands,
  nftRules,
  nftTable,
  reinstallCommands,
  SNAPSHOT_COMMANDS,
  UPGRADE_COMMANDS,
} from './shown-commands.ts';
import { windowsWords } from './windows-words.ts';

/**
 * An operation in words, for the plan. `title` holds names from the host as they are: hostile text, to be
 * passed through printable() like any other. `commands` are what a person would type for the same effect,
 * quoted; they are shown and never run (lines that begin with `#` are remarks).
 */
export interface OperationDescription {
  readonly title: string;
  readonly risk: Risk;
  readonly canUndo: 'yes' | 'no';
  /** What undoing does or why there is none; null where there is nothing to say. */
  readonly undoNote: string | null;
  readonly commands: readonly string[];
}

export function describeOperation(operation: Operation | OperationTarget): OperationDescription {
  const { name, risk, undo, commands } = describe(operation);
  const onWindows =
    'platform' in operation && operation.platform === 'win32' ? windowsWords(operation) : null;
  return {
    title: `${operation.kind}${name === '' ? '' : ` ${name}`}`,
    risk,
    canUndo: undo.can,
    undoNote: onWindows?.undoNote ?? undo.note,
    commands: onWindows?.commands ?? commands,
  };
}

interface Description {
  readonly name: string;
  readonly risk: Risk;
  readonly undo: { readonly can: 'yes' | 'no'; readonly note: string | null };
  readonly commands: readonly string[];
}

const undoable = (note: string | null = null) => ({ can: 'yes', note }) as const;
const final = (note: string) => ({ can: 'no', note }) as const;
const NOTHING_CHANGES = final('It changes nothing on the host: there is nothing to undo.');

function describe(operation: OperationTarget): Description {
  switch (operation.kind) {
    case 'run-command': {
      const values = Object.entries(operation.environment).map(
        ([name, value]) =>
          `export ${name}=${operation.secretNames.includes(name) ? '(secret, not shown)' : shellQuote(value)}`,
      );
      return {
        name: firstLine(operation.command),
        risk: operation.risk,
        undo:
          operation.undo === null
            ? final('The playbook gives no command that takes it back.')
            : undoable(`The playbook's own command: ${firstLine(operation.undo)}`),
        commands: [
          ...(operation.on === 'responder' ? ['# where you are, not on the host:'] : []),
          ...(operation.workingFolder === null ? [] : [shellCommand(['cd', operation.workingFolder])]),
          ...values,
          ...commandLines(operation.command),
        ],
      };
    }
    case 'collect-process': {
      const { pid, name } = operation.process;
      return {
        name: `${name} (${pid})`,
        risk: 'read-only',
        undo: NOTHING_CHANGES,
        commands: [
          `mkdir evidence/${pid}`,
          `cp /proc/${pid}/exe /proc/${pid}/cmdline /proc/${pid}/environ /proc/${pid}/maps /proc/${pid}/status evidence/${pid}/`,
          `ls -l /proc/${pid}/cwd /proc/${pid}/fd/ > evidence/${pid}/fds.txt`,
          `ss -tunap | grep -w 'pid=${pid}' > evidence/${pid}/sockets.txt`,
          ...memoryCommands(pid, operation.memoryBytes),
        ],
      };
    }
    case 'archive-files':
      return {
        name: `${operation.name} (${count(operation.paths.length, 'path')})`,
        risk: 'read-only',
        undo: NOTHING_CHANGES,
        commands: [
          shellCommand([
            ...['tar', '--create', '--zstd', '--xattrs', '--acls', '--numeric-owner', '--file'],
            ...[`evidence/${operation.name}.tar.zst`, '--', ...operation.paths],
          ]),
        ],
      };
    case 'snapshot-volume':
      return {
        name: `${operation.name} of ${operation.volume.mountPoint} (${operation.volume.type})`,
        risk: 'reversible',
        undo: undoable('Removes the snapshot. Whatever it kept is lost then.'),
        commands: SNAPSHOT_COMMANDS[operation.volume.type](operation.volume, operation.name),
      };
    case 'reveal-process':
      return {
        name: `${operation.process.name} (${operation.process.pid})`,
        risk: 'reversible',
        undo: undoable('Mounts again what lay there, where that can still be had and the process lives.'),
        commands: [...operation.mounts].reverse().map(({ point }) => shellCommand(['umount', '--', point])),
      };
    case 'freeze-process': {
      const all = [operation.process, ...(operation.others ?? [])];
      return {
        name: all.map(({ name, pid }) => `${name} (${pid})`).join(', '),
        risk: 'reversible',
        undo: undoable(
          `${all.length > 1 ? 'They go on where they were' : 'It goes on where it was'} stopped (SIGCONT).`,
        ),
        commands: [`kill -STOP ${all.map(({ pid }) => pid).join(' ')}`],
      };
    }
    case 'kill-process':
      return {
        name: `${operation.process.name} (${operation.process.pid})`,
        risk: 'irreversible',
        undo: final('A killed process does not come back. What it was is in the evidence.'),
        commands: [
          ...memoryCommands(operation.process.pid, operation.memoryBytes),
          `kill -KILL ${operation.process.pid}`,
        ],
      };
    case 'block-address':
      return {
        name: operation.address,
        risk: 'disruptive',
        undo: undoable('Deletes these rules and no others.'),
        commands: [...nftTable(BLOCK_TABLE), ...nftRules(BLOCK_TABLE, blockRules(operation.address))],
      };
    case 'isolate-host': {
      const { allowedPeers, allowDns, confirmWithinMs } = operation;
      const rules = isolationRules({ peers: allowedPeers, allowDns, resolvers: [] });
      return {
        name: allowedPeers.length === 0 ? 'from everybody' : `from all but ${allowedPeers.join(', ')}`,
        risk: 'disruptive',
        undo: undoable(
          `Deletes the table. It also goes by itself after ${seconds(confirmWithinMs)} unless confirmed.`,
        ),
        commands: [
          `systemd-run --on-active=${seconds(confirmWithinMs).replace(' ', '')} nft delete table inet ${ISOLATE_TABLE}`,
          ...nftTable(ISOLATE_TABLE),
          '# and the same for the address that you are connected from',
          ...(allowDns
            ? [
                '# DNS only to the resolvers in /etc/resolv.conf, where it names any that are not on this host',
              ]
            : []),
          ...nftRules(ISOLATE_TABLE, rules),
        ],
      };
    }
    case 'lift-isolation':
      return {
        name: '',
        risk: 'disruptive',
        undo: undoable('Isolates the host again, with the very same rules.'),
        commands: [`nft delete table inet ${ISOLATE_TABLE}`],
      };
    case 'quarantine-file': {
      const { path } = operation.file;
      return {
        name: path,
        risk: 'reversible',
        undo: undoable('Puts it back bit for bit, with owner, mode, times and attributes.'),
        commands: [
          shellCommand(['sha256sum', '--', path]),
          shellCommand(['mv', '--no-clobber', '--', path, 'QUARANTINE/']),
          ...reloadCommands(operation.reload),
        ],
      };
    }
    case 'edit-file': {
      const { file, removeLines, replaceLines = [], insertLines = [] } = operation;
      const lines = removeLines.length + replaceLines.length + insertLines.length;
      return {
        name: `${file.path} (${count(lines, 'line')})`,
        risk: 'reversible',
        undo: undoable('Restores the file as it was.'),
        commands: [...editCommands(operation), ...reloadCommands(operation.reload)],
      };
    }
    case 'set-attributes':
      return {
        name: operation.file.path,
        risk: 'reversible',
        undo: undoable('Sets mode, capabilities and flags again as they were.'),
        commands: attributeCommands(operation),
      };
    case 'set-kernel-parameter':
      return {
        name: `${operation.name} from ${operation.from} to ${operation.to}`,
        risk: 'reversible',
        undo: undoable('Sets it to what it was.'),
        commands: [shellCommand(['sysctl', '-w', `${operation.name}=${operation.to}`])],
      };
    case 'stop-container': {
      const { runtime, id, name, image } = operation.container;
      return {
        name: `${name} (${runtime} ${id.slice(0, 12)}, ${image})`,
        risk: 'disruptive',
        undo: undoable('Gives it its restart policy back and starts it, if it ran.'),
        commands: [
          shellCommand([runtime, 'inspect', id]),
          shellCommand([runtime, 'update', '--restart=no', id]),
          shellCommand([runtime, 'stop', id]),
        ],
      };
    }
    case 'disable-unit': {
      const scope = operation.user === null ? [] : ['--user', '-M', `${operation.user}@`];
      return {
        name: operation.user === null ? operation.unit : `${operation.unit} of ${operation.user}`,
        risk: 'disruptive',
        undo: undoable('Enables it and starts it as before.'),
        commands: [
          shellCommand(['systemctl', ...scope, 'disable', '--now', '--', operation.unit]),
          shellCommand(['systemctl', ...scope, 'daemon-reload']),
        ],
      };
    }
    case 'disable-entry':
      return describeEntry(operation.entry);
    case 'lock-account':
      return {
        name: operation.account,
        risk: 'reversible',
        undo: undoable('Unlocks it and restores its expiry date.'),
        commands: [shellCommand(['usermod', '--lock', '--expiredate', '1', '--', operation.account])],
      };
    case 'expire-password':
      return {
        name: operation.account,
        risk: 'reversible',
        undo: undoable('Restores the date of the last change, unless the password was changed since.'),
        commands: [shellCommand(['chage', '--lastday', '0', '--', operation.account])],
      };
    case 'end-session':
      return {
        name: `of ${operation.account}: ${operation.leader.name} (${operation.leader.pid})`,
        risk: 'irreversible',
        undo: final(
          'A session that was ended does not come back; whoever it was can log in again if allowed.',
        ),
        commands: [
          `ps -o pid,sid,lstart,cmd --sid ${operation.leader.pid} --ppid ${operation.leader.pid}`,
          `kill -HUP ${operation.leader.pid}`,
          `# and SIGKILL for all that was started from it and is still there`,
        ],
      };
    case 'replace-host-keys':
      return {
        name: operation.keys.map((key) => key.path).join(', '),
        risk: 'disruptive',
        undo: undoable('Puts the old keys back. Whoever accepted the new ones is warned again.'),
        commands: [
          ...operation.keys.flatMap(({ path }) => [
            shellCommand(['mv', '--', path, `${path}.pub`, 'QUARANTINE/']),
            shellCommand(['ssh-keygen', '-q', '-t', keyTypeOf(path), '-N', '', '-C', '', '-f', path]),
            shellCommand(['ssh-keygen', '-l', '-E', 'sha256', '-f', `${path}.pub`]),
          ]),
          "sshd -t && systemctl reload 'ssh*.service'",
        ],
      };
    case 'reinstall-package':
      return {
        name: `${operation.package} (${operation.manager}): ${operation.files.map(({ path }) => path).join(', ')}`,
        risk: 'reversible',
        undo: undoable(
          `Puts back what stood there, bit for bit.${operation.otherwise === 'quarantine' ? ' Where the package cannot be had, the file is moved into quarantine instead.' : ''}`,
        ),
        commands: reinstallCommands(operation),
      };
    case 'upgrade-packages': {
      const { manager, packages } = operation;
      return {
        name:
          packages.length === 0 ? `(${manager}: everything pending)` : `${manager}: ${packages.join(' ')}`,
        risk: 'irreversible',
        undo: final(
          'Upgrades are not taken back. The versions before are recorded, for a downgrade by hand.',
        ),
        commands: UPGRADE_COMMANDS[manager](packages),
      };
    }
    case 'cloud-call': {
      const { provider, title, risk, requests, undo, undoNote } = operation;
      const shown = undo.map((request) => `# takes it back: ${cloudCommand(provider, request)}`);
      return {
        name: title,
        risk,
        undo: undo.length === 0 ? final(undoNote) : undoable(undoNote),
        commands: [...requests.map((request) => cloudCommand(provider, request)), ...shown],
      };
    }
  }
}

function memoryCommands(pid: number, bytes: number | undefined): readonly string[] {
  return bytes === undefined || bytes === 0
    ? []
    : [`# no more than ${bytes} bytes:`, `gcore -o evidence/${pid}/memory ${pid}`];
}

function reloadCommands(names: readonly ReloadName[] | undefined): readonly string[] {
  return (names ?? []).flatMap((name) => RELOADS[name]);
}

/** What `ssh-keygen -A` names its files after; the host reads the real type from the key itself. */
function keyTypeOf(path: string): string {
  return /ssh_host_(\w+)_key$/.exec(path)?.[1] ?? 'ed25519';
}

function commandLines(command: CommandText): readonly string[] {
  return 'argv' in command ? [shellCommand(command.argv)] : command.shell.trimEnd().split('\n');
}

function firstLine(command: CommandText): string {
  const lines = commandLines(command);
  const first = lines.find((line) => line.trim() !== '')?.trim() ?? '';
  const short = first.length > 60 ? `${first.slice(0, 59)}…` : first;
  return lines.length > 1 && short === first ? `${short} …` : short;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
