import type { EnvelopeEvent } from '../src/build-envelope.ts';

/** What an envelope is made from; a test names what it is about and takes the rest as it is. */
export const anEvent = (over: Partial<EnvelopeEvent> = {}): EnvelopeEvent => ({
  id: 'evt_01h455vb4pex5vsknk084sn02q',
  type: 'domain.added',
  jobId: 'job-7',
  dataText: '{"hostname":"app.customer.example"}',
  createdAt: new Date('2026-11-21T10:20:30.405Z'),
  aggregateVersion: null,
  ...over,
});
