// The verifiers of docs/verifying-signatures.md, as they stand there, on what the running system delivers.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@posthorn/testkit/eventually';
import type { ReceivedRequest } from '@posthorn/testkit/start-receiver';
import type { Profile } from '@posthorn/wire/profile';
import { profiles } from '@posthorn/wire/profiles';
import { languagesHere, runVerifiers, type VerifierCall } from '../../packages/wire/test/run-verifiers.ts';
import { readVerifier } from '../docs/read-verifiers.ts';
import { useSystem } from './use-system.ts';

const OTHER_SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const suite = useSystem({});

/** A call of a verifier, and what it must say. */
interface Case extends VerifierCall {
  readonly name: string;
  readonly authentic: boolean;
}
const cases: Case[] = [];

/** The requests that an endpoint gets before, during and after a rotation, and the secrets of then. */
async function deliver({ name }: Profile) {
  const tenant = await suite.system.tenant(name);
  const receiver = await suite.receive(200);
  const endpoint = { url: receiver.url, events: [] };
  const { id, signing_secret: old } = await tenant.expect<{ id: string; signing_secret: string }>(
    'POST',
    '/v1/webhook-endpoints',
    endpoint,
  );
  const path = `/v1/webhook-endpoints/${id}`;
  const send = async (): Promise<ReceivedRequest> => {
    const count = receiver.requests.length + 1;
    await tenant.expect('POST', `${path}/test`);
    return eventually(() => {
      expect(receiver.requests).toHaveLength(count);
      return receiver.requests.at(-1) as ReceivedRequest;
    });
  };
  const rotate = (overlap: number) =>
    tenant.expect<{ signing_secret: string }>('POST', `${path}/rotate-secret`, { overlap_seconds: overlap });
  const before = await send();
  const { signing_secret: fresh } = await rotate(3_600);
  const during = await send();
  const { signing_secret: last } = await rotate(0);
  return { before, during, after: await send(), old, fresh, last };
}

/** The body's last byte is another one. */
function tampered({ body }: ReceivedRequest): Buffer {
  const bytes = Buffer.from(body);
  bytes[bytes.length - 1] = 0x20;
  return bytes;
}

const sendsTime = ({ signature: { lead, headers } }: Profile): boolean =>
  lead !== '' || headers.some(({ from }) => from === 'timestamp');

async function casesOf(profile: Profile, verifier: number): Promise<Case[]> {
  const { before, during, after, old, fresh, last } = await deliver(profile);
  const call = (what: string, request: ReceivedRequest, keys: string[], authentic: boolean): Case => ({
    name: `${profile.name}, ${what}`,
    verifier,
    body: request.body,
    headers: request.headers,
    keys,
    now: Math.floor(request.at / 1_000),
    authentic,
  });
  return [
    call('before a rotation', before, [old], true),
    call('before a rotation, another secret', before, [OTHER_SECRET], false),
    call('before a rotation, the secret to come', before, [fresh], false),
    call('during a rotation, old secret', during, [old], true),
    call('during a rotation, new secret', during, [fresh], true),
    call('during a rotation, both secrets', during, [fresh, old], true),
    call('during a rotation, another secret', during, [OTHER_SECRET], false),
    call('after a rotation, last secret', after, [last], true),
    call('after a rotation, the secrets of before', after, [old, fresh], false),
    { ...call('ten minutes later', before, [old], !sendsTime(profile)), now: Math.floor(before.at / 1_000) + 600 },
    ...[before, during, after].map((request) => ({
      ...call('a byte of the body changed', request, [old, fresh, last], false),
      body: tampered(request),
    })),
  ];
}

beforeAll(async () => {
  cases.push(...(await Promise.all(profiles.map(casesOf))).flat());
}, 120_000);

const told = (verdicts: readonly unknown[]) => cases.map(({ name }, index) => `${name}: ${String(verdicts[index])}`);

describe.each(languagesHere)('In $name', ({ language, isHere }) => {
  (isHere ? test : test.skip)('what each profile delivers is verified, before, during and after a rotation', () => {
    const codes = profiles.map((profile) => ({
      code: readVerifier(profile.name, language, 'secret') ?? '',
      takesNow: sendsTime(profile),
    }));
    expect(cases).toHaveLength(profiles.length * 13);
    const verdicts = runVerifiers(language, codes, cases);
    expect(told(verdicts)).toEqual(told(cases.map(({ authentic }) => authentic)));
  });
});
