/** What is made in the cloud carries these names, so that a person, another runner and an undo find it again. */
export const QUARANTINE_GROUP = 'tourniquet-quarantine';
/** Lets everything through: being in it for a moment makes the cloud forget the connections that it tracks. */
export const SHED_GROUP = 'tourniquet-shed';
export const REVOKE_POLICY = 'tourniquet-revoke-older-sessions';
export const TAG = 'tourniquet';
/** In it the pool's addresses are dropped, on the way out; each incident has its own. */
export const BLOCK_GROUP = `${TAG}-block`;
/** The switches of Cloud Firewall's intrusion prevention that matter here, as its API names them. */
export const INTRUSION_SWITCHES = ['RunMode', 'BasicRules', 'PatchRules', 'CtiRules'] as const;
/** How Security Center is asked for what virus scans found on a server and nobody has dealt with. */
export const INFECTIONS_OF = (uuid: string) => ({ Uuid: uuid, CurrentPage: 1, PageSize: 50, Lang: 'en' });

/** What a host says its machine, zone or group is called, if clouds name things so; '' else: a tool could take it for an option. */
export function asCloudName(text: string): string {
  return /^[A-Za-z0-9][\w.():-]{0,127}$/.test(text) ? text : '';
}
