import type { EventType } from './profile.ts';

/** The one type of a profile whose contract names none: what a test sends until the tenant has added its own. */
export const testEventType: EventType = {
  name: 'webhook.test',
  description: 'A test event.',
  schema: { type: 'object' },
  sample: { message: 'This is a test event.' },
};
