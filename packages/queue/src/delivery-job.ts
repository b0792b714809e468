/** What a job carries: ids alone, since Redis is readable by whoever operates it. */
export interface DeliveryJob {
  /** The delivery's UUID. */
  readonly deliveryId: string;
  /** The tenant's UUID: its share of the slots is known before the row is read. */
  readonly tenantId: string;
  /** The endpoint's UUID: how busy it is is known before the row is read. */
  readonly endpointId: string;
  /** The row's generation; a job of an earlier one does nothing. */
  readonly generation: number;
}

/** A job to be made. */
export interface DeliveryJobRequest extends DeliveryJob {
  /** Attempts that the delivery may use in all (the profile's limit). */
  readonly attemptLimit: number;
  /** Ms from now until it may run. */
  readonly delayMs: number;
}

/** What names a job. */
export type JobName = Omit<DeliveryJob, 'tenantId'>;

/** BullMQ ignores an id that it has seen, so no id is used twice: a new generation makes a new one. */
export const jobIdOf = ({ deliveryId, generation }: JobName): string => `dlv-${deliveryId}-${generation}`;
