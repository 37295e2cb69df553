import {
  type CloudKey,
  type CloudQuestion,
  type CloudRequest,
  type CloudValue,
  valuesAt,
} from '../operations/cloud.ts';

/** How a provider lists a user's access keys, and where in its answer the status of one stands. */
export interface KeyListing {
  readonly service: CloudRequest['service'];
  readonly statusAt: (id: string) => string;
}

/** The keys asked for, as their provider has them. `isActive` null: it has no such key. */
export async function readKeys(
  { keys, region }: CloudQuestion,
  listing: KeyListing,
  call: (request: CloudRequest) => Promise<CloudValue>,
  ownKeyId: () => Promise<string>,
): Promise<readonly CloudKey[]> {
  if (keys.length === 0) return [];
  const own = await ownKeyId();
  return Promise.all(
    keys.map(async (key) => {
      const [user = '', id = ''] = key.split('/');
      const parameters = { UserName: user };
      const answer = await call({ service: listing.service, action: 'ListAccessKeys', region, parameters });
      const [status] = valuesAt(answer, listing.statusAt(id));
      return { user, id, isActive: status === undefined ? null : status === 'Active', isOwn: id === own };
    }),
  );
}
