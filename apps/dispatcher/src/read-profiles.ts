import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { ProfileFinder } from '@posthorn/store/find-profile';
import { isUnavailable } from '@posthorn/store/is-unavailable';

/**
 * Reads the contracts of what was claimed before the claim is answered, so that its lease goes back where they cannot be read
 * now.
 *
 * @throws when the database cannot be reached
 */
export const createProfileReader =
  (findProfile: ProfileFinder) =>
  async (claimed: readonly ClaimedDelivery[]): Promise<void> => {
    const read = await Promise.allSettled(claimed.map((delivery) => findProfile(delivery)));
    const away = read.find((each) => each.status === 'rejected' && isUnavailable(each.reason));
    if (away?.status === 'rejected') throw away.reason;
  };
