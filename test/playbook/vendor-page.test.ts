import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionCatalogue } from '../../src/actions/registry.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'playbooks');

function stepsOf(playbook: string): ReadonlySet<string> {
  const file = join(FOLDER, `${playbook}.yaml`);
  const { playbook: parsed } = parsePlaybook(readFileSync(file, 'utf8'), file, actionCatalogue);
  return new Set(parsed?.steps.map(({ id }) => id));
}

const STEPS = new Map(
  ['cryptominer-alibaba-ecs', 'cryptominer-windows'].map((name) => [name, stepsOf(name)]),
);

const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const section = readme.slice(readme.indexOf('### The vendor’s page'), readme.indexOf('\n## Windows'));
/** What the page says, the step, how it was tested. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|\s*(?:-|the page says)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, says = '', step = '', tested = '']) => ({ says, step, tested }));

describe('the table of what the vendor’s page tells people to do', () => {
  it.each(rows.map(({ says, step }) => [says, step] as const))('%s: its steps exist', (says, step) => {
    const playbook = says.startsWith('Windows:') ? 'cryptominer-windows' : 'cryptominer-alibaba-ecs';
    const known = STEPS.get(playbook) ?? new Set();
    const named = [...step.matchAll(/`([a-z0-9-]+)`/g)].map(([, id = '']) => id);
    const ids = named.filter((name) => !/^(?:allowed-peers|cryptominer-)/.test(name));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
  });

  it('says of each how it was tested', () => {
    expect(rows.filter(({ tested }) => tested === '')).toEqual([]);
  });

  // The words by which each of the page's instructions is known, in its order.
  it.each([
    ...[
      'check for mining alerts',
      'unlock',
      'promptly purge',
      'security group',
      'inbound rules',
      'affect other',
    ],
    ...['Back up important data', 'edition', 'client on the server', 'Select the region', 'view the alert'],
    ...['normal business file', 'at the same time', 'Alert Handling, Virus Scan', 'Process Similar Alerts'],
    ...[
      'Block for alerts',
      'pool’s address to a security group',
      'abnormal process behaviour',
      'scheduled tasks',
    ],
    ...[
      'Virus Scan, Scan Now',
      'Deep Scan',
      'View the result',
      'Agentless detection',
      'snapshot before any cleanup',
    ],
    ...[
      'netstat -antp',
      'iptables',
      'delete the mining program',
      'ps \\| sort',
      'wmic process',
      'end the mining process',
    ],
    ...['purge the mining file', 'netstat -ano', '\\hosts', 'schtasks', 'Reset passwords', 'SSH keys'],
    ...['Fix vulnerabilities', 'Redis and Jenkins', 'snapshot backups', 'intrusion prevention'],
  ])('has a row for “%s”', (words) => {
    expect(rows.filter(({ says }) => says.includes(words))).not.toEqual([]);
  });
});
