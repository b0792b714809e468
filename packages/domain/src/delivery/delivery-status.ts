/** Every status of a delivery; the console and the API show these words. */
export const deliveryStatuses = ['pending', 'retrying', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Statuses in which a delivery still has something to do; every other one is final. */
export const openStatuses = ['pending', 'retrying'] as const satisfies readonly DeliveryStatus[];

/** Whether a delivery in this status may still be attempted. */
export const isOpen = (status: DeliveryStatus): boolean => status === 'pending' || status === 'retrying';
