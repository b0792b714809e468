import { expect, test } from '@jest/globals';
import { findProfile, profiles } from '../src/profiles.ts';
import { sign } from '../src/sign.ts';
import { anAttempt } from './an-attempt.ts';

// Written down once, computed with Python's hmac module: a change of any format cannot pass unseen.
const EVENT_ID = 'evt_01h455vb4pex5vsknk084sn02q';
const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const STAMPED = [
  'c9eb3e10a47cf86b96bdd6b5ac83d39fc4a23b48f75af3e465d6d262c8db2460',
  '307aaddbfe01baf5769f269c4b5303e2974696fa9806b58276d9b5f7e792817c',
];
const BODY_ALONE = [
  'bcf216d500c2c12f4cdd303b4b07bac076a003f110eaa5ae7d72225ed699da3a',
  'a19c3468ca480cb700af7be09bf8779a35e1c3a63c0284ce0ce8c40f71ac21d4',
];
const LISTED = 'v1,jHpzDB4ORXvmTI5L9tUrofBUrM8ju1gownzr4t08eyc= v1,W8a9ABQ5a8A4zqdeOHhFULiMXXBkDE9f3kg+kzR+grw=';

const rotating: Record<string, Record<string, string>> = {
  'connect-domain': {
    'X-CD-Timestamp': '1795000000',
    'X-CD-Signature': `sha256=${STAMPED[0]}`,
    'X-CD-Signature-Next': `sha256=${STAMPED[1]}`,
  },
  cmr: {
    'cmr-x-timestamp': '1795000000',
    'cmr-x-signature': `${BODY_ALONE[0]}`,
    'cmr-x-signature-Next': `${BODY_ALONE[1]}`,
  },
  cdhosting: { 'X-Webhook-Signature': `${BODY_ALONE[0]}`, 'X-Webhook-Signature-Next': `${BODY_ALONE[1]}` },
  'tenant-quickstart': {
    'X-Webhook-Id': 'dlv_01h455vb4pex5vsknk084sn02q',
    'X-Webhook-Signature': `${BODY_ALONE[0]}`,
    'X-Webhook-Signature-Next': `${BODY_ALONE[1]}`,
  },
  'standard-webhooks': { 'webhook-id': EVENT_ID, 'webhook-timestamp': '1795000000', 'webhook-signature': LISTED },
  stripe: { 'Stripe-Signature': `t=1795000000,v1=${STAMPED[0]},v1=${STAMPED[1]}` },
  github: {
    'X-GitHub-Event': 'domain.added',
    'X-GitHub-Delivery': UUID,
    'X-Hub-Signature-256': `sha256=${BODY_ALONE[0]}`,
    'X-Hub-Signature-256-Next': `sha256=${BODY_ALONE[1]}`,
  },
  shopify: {
    'X-Shopify-Topic': 'domain.added',
    'X-Shopify-Webhook-Id': UUID,
    'X-Shopify-Event-Id': EVENT_ID,
    'X-Shopify-Hmac-Sha256': 'vPIW1QDCwS9M3TA7Swe6wHagA/EQ6qWufXIiXtaZ2jo=',
    'X-Shopify-Hmac-Sha256-Next': 'oZw0aMpIDLcAr3vgm/h3mjXhw6Y8AoTODOjED3GsIdQ=',
  },
  slack: {
    'X-Slack-Request-Timestamp': '1795000000',
    'X-Slack-Signature': 'v0=994b18225d693318e5ace8706ae0d8f17d10fe65f41d396ff698621336e0c8f6',
    'X-Slack-Signature-Next': 'v0=661beab9818edccc49b86d5cc3bb7b31e592f7f4c93b9627ebb04828edca2164',
  },
  svix: { 'svix-id': EVENT_ID, 'svix-timestamp': '1795000000', 'svix-signature': LISTED },
};

test('Every built-in profile has its headers written down', () => {
  expect(Object.keys(rotating)).toEqual(profiles.map(({ name }) => name));
});

test.each(Object.entries(rotating))(
  '%s sends exactly these headers while a secret is being rotated',
  (name, headers) => {
    const nextSecret = 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=';
    const profile = findProfile(name);
    expect(profile && sign(profile.signature, anAttempt({ nextSecret }))).toEqual(headers);
  },
);

test("standard-webhooks signs the specification's own example as the specification does", () => {
  const example = anAttempt({
    body: '{"test": 2432232314}',
    timestamp: 1_614_265_330,
    eventId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  });
  const profile = findProfile('standard-webhooks');
  expect(profile && sign(profile.signature, example)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test("github signs GitHub's own example as its documentation does", () => {
  const example = anAttempt({ body: 'Hello, World!', secret: "It's a Secret to Everybody" });
  const profile = findProfile('github');
  expect(profile && sign(profile.signature, example)).toMatchObject({
    'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  });
});
