import { cancelDelivery, replayDelivery } from '../../api/deliveries.ts';

/** What a bulk change does to each delivery, and how that is said. */
export const bulkWords = {
  replay: {
    title: 'Recover deliveries',
    act: replayDelivery,
    button: 'Recover',
    done: 'replayed',
    says: 'Each is sent again as a new delivery: the same payload, a fresh timestamp and signature, its own attempts.',
    leftOut: 'still being tried: left out',
  },
  cancel: {
    title: 'Cancel deliveries',
    act: cancelDelivery,
    button: 'Cancel them',
    done: 'cancelled',
    says: 'They are not tried again. A request that is under way now is not called back.',
    leftOut: 'final already: left out',
  },
} as const;
