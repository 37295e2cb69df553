import { INTRUSION_SWITCHES } from '../operations/cloud-names.ts';
import type { ActionPlan } from './action.ts';
import { base, call } from './alibaba-call.ts';
import { type DeedInput, nothing, planOf, SHORT_WAIT_MS } from './cloud-deed.ts';

/** 1 is “block” for RunMode and “on” for the others. */
const ON = 1;

/**
 * Cloud Firewall's intrusion prevention: block mode, with basic rules, virtual patches and threat intelligence.
 * https://alibabacloud.com/help/en/cloud-firewall/cloudfirewall/api-cloudfw-2017-12-07-modifydefaultipsconfig
 */
export function preventIntrusion({ machine, facts }: DeedInput): ActionPlan {
  const { region } = facts;
  const now = machine.intrusionPrevention ?? {};
  if (INTRUSION_SWITCHES.some((name) => now[name] === undefined))
    return nothing(
      'Cloud Firewall does not say how its intrusion prevention is set: it may not be activated in this account.',
    );
  const off = INTRUSION_SWITCHES.filter((name) => now[name] !== ON);
  if (off.length === 0) return nothing('Intrusion prevention blocks already, with all that matters here.');
  const set = (values: Readonly<Record<string, number>>) =>
    call('cloudfw', 'ModifyDefaultIPSConfig', region, { Lang: 'en', ...values });
  const states = (values: Readonly<Record<string, number>>) =>
    INTRUSION_SWITCHES.map((name) => `${name} ${values[name]}`).join(', ');
  const before = Object.fromEntries(INTRUSION_SWITCHES.map((name) => [name, now[name] ?? 0]));
  const on = Object.fromEntries(INTRUSION_SWITCHES.map((name) => [name, ON]));
  return planOf(
    [
      {
        ...base('disruptive', SHORT_WAIT_MS),
        title: `Set Cloud Firewall’s intrusion prevention to block: ${off.join(', ')} from 0 to 1`,
        requests: [set(on)],
        after: {
          request: call('cloudfw', 'DescribeDefaultIPSConfig', region, { Lang: 'en' }),
          at: INTRUSION_SWITCHES.join(','),
          is: [String(ON)],
        },
        undo: [set(before)],
        undoNote: `Sets it as it was: ${states(before)}.`,
      },
    ],
    'Cloud Firewall says that all of it is on, and blocks',
    [
      'It holds for all public addresses of this account that Cloud Firewall protects, and may stop what somebody else needs: tell them.',
      'Does it protect the address of this host? Cloud Firewall console, Firewall Settings, Internet Firewall.',
    ],
  );
}
