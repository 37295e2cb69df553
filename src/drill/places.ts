import { dirname } from 'node:path';
import { DRILL_MARKER } from '../host/drill-marker.ts';

/**
 * Names and addresses that the drill's parts agree on.
 *
 * Every address is from the documentation ranges (RFC 5737, RFC 3849), so that even a mistake reaches nobody.
 */

/** Made only inside a sandbox; whatever plays the infection refuses to run without it. */
export const MARKER_FILE: string = DRILL_MARKER;
export const MARKER_FOLDER: string = dirname(MARKER_FILE);
/** One line for each start of the pretend miner: seconds since the epoch, pid, by whom. */
export const STARTS_FILE = `${MARKER_FOLDER}/starts`;

export const SANDBOX_ADDRESS = '203.0.113.10';
export const POOL = { address: '203.0.113.9', port: 3333 } as const;
export const C2 = { address: '203.0.113.20', port: 80 } as const;
export const FORBIDDEN = { address: '203.0.113.77', port: 443 } as const;
/** Where the responder's SSH session comes from, and the log host that the server may always talk to. */
export const PEER = { address: '198.51.100.4', sshPort: 22, logPort: 6514 } as const;

/** A sandbox that nobody touched for this long ends itself. */
export const IDLE_MS = 24 * 60 * 60 * 1000;

/**
 * Capabilities that reach past a namespace (capabilities(7)); nothing inside ever has them. Only names that
 * setpriv of util-linux 2.33 knows.
 */
const DROPPED_CAPABILITIES = [
  'sys_module',
  'sys_rawio',
  'sys_boot',
  'sys_time',
  'sys_pacct',
  'mknod',
  'audit_control',
  'audit_read',
  'mac_admin',
  'mac_override',
  'syslog',
  'wake_alarm',
  'block_suspend',
] as const;

export const DROP_ARGUMENT: string = DROPPED_CAPABILITIES.map((name) => `-${name}`).join(',');
