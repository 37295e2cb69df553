import { z } from 'zod';
import type { Prepared } from '../../../operations/receipt.ts';
import { refused } from '../../perform/outcome.ts';
import { call, LostCall } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';

/** Our rules stand in groups of our own, so that nobody else's are ever touched. */
export const BLOCK_GROUP = 'tourniquet-block';

const state = z.object({
  profilesOff: z.array(z.string()),
  profilesOfPolicy: z.array(z.string()),
  rules: z.array(
    z.object({
      name: z.string(),
      direction: z.string(),
      action: z.string(),
      enabled: z.string(),
      addresses: z.array(z.string()),
    }),
  ),
});
export type FirewallState = z.infer<typeof state>;

export async function firewallState(session: PowerShellSession, group: string): Promise<FirewallState> {
  const [row] = await call(session, 'firewall-state', { Group: group }, state);
  if (row === undefined) throw new LostCall('The firewall did not say how it is set.');
  return row;
}

/** Why a rule of ours would have no effect; null if it would have one. */
export function whyNoEffect({ profilesOff, profilesOfPolicy }: FirewallState): Prepared | null {
  if (profilesOff.length > 0)
    return refused(
      'unavailable',
      `The firewall is off for ${profilesOff.join(', ')}: a rule would do nothing. Switch it on (Set-NetFirewallProfile -Enabled True), or block it in your cloud.`,
    );
  if (profilesOfPolicy.length > 0)
    return refused(
      'unavailable',
      `A group policy lets no rules of this machine's own count for ${profilesOfPolicy.join(', ')}: block it by that policy, or in your cloud.`,
    );
  return null;
}
