/** What is made in the cloud carries these names, so that a person, another runner and an undo find it again. */
export const QUARANTINE_GROUP = 'tourniquet-quarantine';
/** Lets everything through: being in it for a moment makes the cloud forget the connections that it tracks. */
export const SHED_GROUP = 'tourniquet-shed';
export const REVOKE_POLICY = 'tourniquet-revoke-older-sessions';
export const TAG = 'tourniquet';
