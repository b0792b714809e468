/** What one request may make of deliveries: a machine with two slow cores stores as many in half of the time that an answer has. */
export const MAX_DELIVERIES_PER_REQUEST = 50_000;

/** The events of one request would make more deliveries than can be stored before its answer is due; none was accepted. */
export class TooManyDeliveries extends Error {
  override readonly name = 'TooManyDeliveries';
  constructor(deliveries: number) {
    super(
      `These events would make ${deliveries} deliveries, and one request may make ${MAX_DELIVERIES_PER_REQUEST}; send fewer events at once.`,
    );
  }
}
