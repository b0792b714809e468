import type { SignInput } from '../src/sign.ts';

/** What one attempt signs; a test names what it is about and takes the rest as it is. */
export const anAttempt = (over: Partial<SignInput> = {}): SignInput => ({
  body: '{"a":1}',
  timestamp: 1_795_000_000,
  eventId: 'evt_01h455vb4pex5vsknk084sn02q',
  deliveryId: 'dlv_01h455vb4pex5vsknk084sn02q',
  deliveryUuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'domain.added',
  secret: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0',
  ...over,
});
