import { describe, expect, test } from '@jest/globals';
import { keyPairOf } from '@posthorn/wire/key-pair';
import type { Profile } from '@posthorn/wire/profile';
import { findProfile, profiles } from '@posthorn/wire/profiles';
import { type SignInput, sign } from '@posthorn/wire/sign';
import { verify } from '@posthorn/wire/verify';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { type Diagnosis, diagnoseSignature, type SignedRequest } from '../src/signature/diagnose-signature.ts';

const NOW = 1_795_000_000;
const SECRET = 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0';
const OTHER = 'whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXI=';
const BODY = '{"type":"domain.added","data":{"n":1.10,"name":"Zoë"}}';

const profileOf = (name: string): Profile => {
  const profile = findProfile(name);
  if (!profile) throw new Error(`No profile ${name}`);
  return profile;
};
const standard = profileOf('standard-webhooks');
const stripe = profileOf('stripe');
const connectDomain = profileOf('connect-domain');

const signed = (profile: Profile, over: Partial<SignInput> = {}): Record<string, string> =>
  sign(profile.signature, {
    body: BODY,
    timestamp: NOW,
    eventId: 'evt_01h455vb4pex5vsknk084sn02q',
    deliveryId: 'dlv_01h455vb4pex5vsknk084sn02q',
    deliveryUuid: '01890a5d-ac96-774b-bcce-b302099a8057',
    type: 'domain.added',
    secret: SECRET,
    ...over,
  });

const lines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

function diagnose(profile: Profile, over: Partial<SignedRequest> = {}): Diagnosis {
  const others = profiles.filter(({ name }) => name !== profile.name);
  const request = { headers: lines(signed(profile)), body: BODY, secrets: [SECRET], now: NOW };
  return diagnoseSignature(profile, others, { ...request, secretsFrom: 'caller', ...over });
}

/** The checks that failed. */
const wrong = ({ checks }: Diagnosis) => checks.filter(({ ok }) => !ok).map(({ name, message }) => ({ name, message }));
const fails = (name: string, message: string) => [{ name, message: expect.stringContaining(message) }];

describe.each(profiles.map((profile) => ({ name: profile.name, profile })))('Under $name', ({ name, profile }) => {
  test('what is signed rightly is valid, and every check says so', () => {
    const diagnosis = diagnose(profile);
    expect(diagnosis).toMatchObject({ verdict: 'valid' });
    expect(profileOf(diagnosis.scheme ?? '').signature.header).toBe(profile.signature.header);
    expect(diagnosis.checks.map((check) => check.name)).toEqual(['header', 'timestamp', 'secret', 'body']);
    expect(wrong(diagnosis)).toEqual([]);
  });

  test('a wrong secret is told from everything else', () => {
    expect(wrong(diagnose(profile, { secrets: [OTHER] }))).toEqual(fails('secret', 'This secret does not make'));
    const stored = diagnose(profile, { secrets: [OTHER], secretsFrom: 'endpoint' });
    expect(wrong(stored)).toEqual(fails('secret', 'No secret of this endpoint'));
  });

  test('of an endpoint in a rotation either secret will do', () => {
    const headers = lines(signed(profile, { secret: OTHER, nextSecret: SECRET }));
    for (const secrets of [[OTHER], [SECRET], [SECRET, OTHER]]) {
      expect(diagnose(profile, { headers, secrets, secretsFrom: 'endpoint' }).verdict).toBe('valid');
    }
  });

  test('a stale or future time is all that is wrong where the signature itself is right', () => {
    const sendsTime = diagnose(profile).checks.some(({ message }) => message.includes('within 5 min'));
    const late = wrong(diagnose(profile, { now: NOW + 301 }));
    const early = wrong(diagnose(profile, { now: NOW - 7_300 }));
    expect(late).toEqual(sendsTime ? fails('timestamp', 'The timestamp is 5 min old, more than 5 min') : []);
    expect(early).toEqual(sendsTime ? fails('timestamp', 'The timestamp is 2 h in the future') : []);
    expect(diagnose(profile, { now: NOW + 300 }).verdict).toBe('valid');
  });

  test('no signature header is told, and which one there should be', () => {
    const diagnosis = diagnose(profile, { headers: 'content-type: application/json' });
    expect(diagnosis).toMatchObject({ verdict: 'invalid', scheme: null });
    expect(wrong(diagnosis)).toEqual(fails('header', `${profile.name} carry ${profile.signature.header}`));
  });

  test('a header that is cut is malformed', () => {
    const headers = signed(profile);
    const value = headers[profile.signature.header] ?? '';
    const cut = { ...headers, [profile.signature.header]: value.slice(0, -1) };
    expect(wrong(diagnose(profile, { headers: lines(cut) }))).toEqual(fails('header', 'is malformed'));
  });

  test('each header that is needed is named where it is missing', () => {
    for (const missing of Object.keys(signed(profile)).filter((header) => header !== profile.signature.header)) {
      const { [missing]: _, ...headers } = signed(profile);
      const needed = !verify(profile.signature, { headers, body: BODY, secrets: [SECRET], now: NOW }).ok;
      const found = wrong(diagnose(profile, { headers: lines(headers) }));
      expect(found).toEqual(needed ? fails('header', `The header ${missing} is missing`) : []);
    }
  });

  test('it is valid exactly where the verifier accepts it', () => {
    const bodies = fc.constantFrom(BODY, `${BODY}\n`, BODY.replace('1.10', '1.1'), '', '[]');
    const secrets = fc.subarray([SECRET, OTHER, 'not base64!', ''], { minLength: 1 });
    const change = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.replace(/[0-9a-f]/, 'g'),
    );
    fc.assert(
      fc.property(bodies, secrets, fc.integer({ min: -400, max: 400 }), change, (body, some, off, changed) => {
        const headers = signed(profile);
        headers[profile.signature.header] = changed(headers[profile.signature.header] ?? '');
        const accepted = verify(profile.signature, { headers, body, secrets: some, now: NOW + off }).ok;
        const diagnosis = diagnose(profile, { headers: lines(headers), body, secrets: some, now: NOW + off });
        expect([name, diagnosis.verdict]).toEqual([name, accepted ? 'valid' : 'invalid']);
      }),
    );
  });
});

describe('A body that something has changed', () => {
  const changes: [string, string, string, string][] = [
    [
      'was printed with white space',
      BODY,
      '{\n  "type": "domain.added",\n  "data": { "n": 1.10, "name": "Zoë" }\n}',
      'without white space',
    ],
    ['was escaped', '{"a":"Zoë/x"}', '{"a":"Zo\\u00eb\\/x"}', 'as JSON.stringify writes it'],
    ['was encoded as a string', BODY, JSON.stringify(BODY), 'the text inside this JSON string'],
    ['got a line break at its end', 'plain text', 'plain text\n', 'without the line break at its end'],
    ['lost the line break at its end', '{"a":1}\n', '{"a":1}', 'with a line break at its end'],
    ['got CRLF line breaks', 'a\nb\nc', 'a\r\nb\r\nc', 'with LF line breaks'],
    ['lost its CRLF line breaks', 'a\r\nb', 'a\nb', 'with CRLF line breaks'],
    ['got CRLF line breaks, and one more', 'a\nb', 'a\r\nb\r\n', 'with LF line breaks and none at its end'],
    ['got a byte order mark', 'plain text', '\ufeffplain text', 'without the byte order mark'],
    ['got white space around it', 'plain text', ' plain text  ', 'without the white space around it'],
  ];
  test.each(changes)('that %s is told, and that the secret is right', (_, original, body, message) => {
    for (const profile of profiles) {
      const diagnosis = diagnose(profile, { headers: lines(signed(profile, { body: original })), body });
      expect(wrong(diagnosis)).toEqual(fails('body', message));
      expect(diagnosis.checks).toContainEqual({ name: 'secret', ok: true, message: 'The secret fits.' });
    }
  });

  test('says word for word what to do about JSON that was written again', () => {
    const diagnosis = diagnose(standard, { body: JSON.stringify(JSON.parse(BODY), null, 2).replace('1.1', '1.10') });
    const message = 'The signature fits the body without white space: verify the raw bytes, not the parsed JSON.';
    expect(wrong(diagnosis)).toEqual([{ name: 'body', message }]);
  });

  test('beyond what can be undone reads as a secret that does not fit, and names both', () => {
    const [first] = wrong(diagnose(standard, { body: BODY.replace('1.10', '1.1') }));
    expect(first).toMatchObject({
      name: 'secret',
      message: expect.stringContaining('the body or a signed header is not'),
    });
  });

  test('is looked at in vain without harm, however deep or odd it is', () => {
    for (const body of ['['.repeat(200_000), `${'['.repeat(200_000)}${']'.repeat(200_000)}`, '"', '\ud800', '']) {
      expect(diagnose(standard, { body }).verdict).toBe('invalid');
    }
  });
});

describe('A secret', () => {
  test.each([
    ['white space', ` ${SECRET}\n`, 'without the white space around it'],
    ['quotes', `"${SECRET}"`, 'without the quotes around it'],
  ])('with %s around it is told, since the rest of it is right', (_, secret, message) => {
    for (const profile of profiles)
      expect(wrong(diagnose(profile, { secrets: [secret] }))).toEqual(fails('secret', message));
  });

  test('without its prefix fits where it is decoded, and is told where its text is the key', () => {
    const bare = SECRET.replace('whsec_', '');
    expect(diagnose(standard, { secrets: [bare] }).verdict).toBe('valid');
    expect(wrong(diagnose(stripe, { secrets: [bare] }))).toEqual(fails('secret', 'with whsec_ before it'));
    const headers = lines(signed(stripe, { secret: bare }));
    expect(wrong(diagnose(stripe, { headers, secrets: [SECRET] }))).toEqual(
      fails('secret', 'without whsec_ before it'),
    );
  });

  test('that is half of one is told from one that is wrong', () => {
    expect(wrong(diagnose(standard, { secrets: [SECRET.slice(0, -3)] }))).toEqual(fails('secret', 'is not base64'));
    expect(wrong(diagnose(standard, { secrets: ['whpk_AAAA'] }))).toEqual(fails('secret', 'public key is not whole'));
    expect(wrong(diagnose(stripe, { secrets: ['whpk_AAAA'] }))).toEqual(fails('secret', 'shared secrets alone'));
  });

  test('never stands in what is said, right or wrong', () => {
    const texts = fc.constantFrom(SECRET, ` ${SECRET}`, OTHER, `"${OTHER}"`, SECRET.slice(6), 'whpk_AAAA', 'whsk_AAAA');
    fc.assert(
      fc.property(fc.constantFrom(...profiles), texts, fc.boolean(), (profile, secret, right) => {
        const said = JSON.stringify(diagnose(profile, { secrets: [secret], body: right ? BODY : '{}' }));
        for (const part of [SECRET, OTHER]) expect(said).not.toContain(part.slice(6));
      }),
    );
  });
});

describe('A key pair', () => {
  const pair = keyPairOf(Buffer.alloc(32, 7));
  const headers = lines(signed(standard, { secret: pair.privateKey }));

  test('verifies with its public key, and with the private one that somebody brought', () => {
    for (const secret of [pair.publicKey, pair.privateKey]) {
      expect(diagnose(standard, { headers, secrets: [secret] }).verdict).toBe('valid');
    }
  });

  test('and a shared secret are not taken for each other', () => {
    expect(wrong(diagnose(standard, { headers }))).toEqual(fails('secret', 'verify with the endpoint’s public key'));
    const shared = diagnose(standard, { secrets: [pair.publicKey] });
    expect(wrong(shared)).toEqual(fails('secret', 'verify with the endpoint’s signing secret'));
  });

  test('of another endpoint does not fit', () => {
    const other = keyPairOf(Buffer.alloc(32, 8));
    expect(wrong(diagnose(standard, { headers, secrets: [other.publicKey] }))).toEqual(fails('secret', 'This secret'));
  });
});

describe('Headers', () => {
  test('of another profile are told, with what this tenant’s deliveries carry, and checked by its rules', () => {
    const diagnosis = diagnose(connectDomain, { headers: lines(signed(stripe)) });
    expect(diagnosis).toMatchObject({ verdict: 'invalid', scheme: 'stripe' });
    expect(wrong(diagnosis)).toEqual(fails('header', 'profile, connect-domain, carry X-CD-Signature'));
    expect(diagnosis.checks.map(({ name }) => name)).toEqual(['header', 'timestamp', 'secret', 'body']);
  });

  test('of one’s own profile go before those of another', () => {
    const both = `${lines(signed(stripe))}\n${lines(signed(connectDomain))}`;
    expect(diagnose(connectDomain, { headers: both })).toMatchObject({ verdict: 'valid', scheme: 'connect-domain' });
  });

  test('may be pasted with the request’s line, with what curl writes before them, and in any case', () => {
    const pasted = lines(signed(connectDomain)).split('\n');
    const curl = ['> POST /hook HTTP/1.1', ...pasted.map((line) => `> ${line.toLowerCase()}`), '>', ''].join('\r\n');
    expect(diagnose(connectDomain, { headers: curl }).verdict).toBe('valid');
  });

  test('that are none are named by their line', () => {
    const headers = 'Host: one.example\n{"X-CD-Signature"}';
    expect(wrong(diagnose(connectDomain, { headers }))).toEqual(fails('header', 'Line 2 is no header'));
  });

  test('with a time that is none say which form it must have', () => {
    const withTime = (time: string) => lines({ ...signed(connectDomain), 'X-CD-Timestamp': time });
    const time = (value: string) => wrong(diagnose(connectDomain, { headers: withTime(value) }))[0];
    expect(time(`${NOW}000`)).toMatchObject({ name: 'timestamp', message: expect.stringContaining('milliseconds') });
    expect(time('today')).toMatchObject({ name: 'timestamp', message: expect.stringContaining('malformed') });
    const cut = wrong(diagnose(stripe, { headers: 'Stripe-Signature: v1=00' }));
    expect(cut).toEqual(fails('header', 'it must begin with t=<unix seconds>'));
  });

  test('with more signatures than any rotation makes are refused, so that none is costly', () => {
    const value = Array.from({ length: 9 }, () => signed(standard)['webhook-signature']).join(' ');
    const headers = lines({ ...signed(standard), 'webhook-signature': value });
    expect(wrong(diagnose(standard, { headers }))).toEqual(fails('header', 'more than 8 signatures'));
  });

  test('of whatever text never make it throw', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .constantFrom(...profiles)
        .chain(({ signature }) =>
          fc
            .tuple(fc.constantFrom(signature.header, ...signature.headers.map(({ name }) => name)), fc.string())
            .map(([name, value]) => `${name}: ${value}`),
        ),
      fc.constantFrom('__proto__: 1', 'constructor: 1', ':', ': x'),
    );
    const texts = fc.array(line).map((some) => some.join('\n'));
    fc.assert(
      fc.property(
        fc.constantFrom(...profiles),
        texts,
        fc.string({ unit: 'binary' }),
        fc.string(),
        (profile, headers, body, secret) => {
          expect(diagnose(profile, { headers, body, secrets: [secret] }).verdict).toBe('invalid');
        },
      ),
    );
  });
});

describe('The reference library of Standard Webhooks agrees', () => {
  const library = new Webhook(SECRET);
  const headersAt = (at: Date, body: string) => ({
    'webhook-id': 'msg_01',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': library.sign('msg_01', at, body),
  });

  test('what it signs is valid, and what of that it refuses is explained', () => {
    const at = new Date();
    const now = Math.floor(at.getTime() / 1_000);
    const cases: [string, string, string[]][] = [
      [BODY, BODY, []],
      [BODY, `${BODY}\n`, ['body']],
      [BODY, JSON.stringify(JSON.parse(BODY), null, 2).replace('1.1', '1.10'), ['body']],
      [BODY, BODY.replace('added', 'gone'), ['secret']],
    ];
    for (const [original, body, names] of cases) {
      const headers = headersAt(at, original);
      const accepts = () => library.verify(body, headers);
      if (names.length === 0) expect(accepts).not.toThrow();
      else expect(accepts).toThrow('No matching signature found');
      const diagnosis = diagnose(standard, { headers: lines(headers), body, now });
      expect(wrong(diagnosis).map(({ name }) => name)).toEqual(names);
    }
  });

  test('on what is too old and too new', () => {
    for (const [offMs, message, said] of [
      [-360_000, 'too old', '6 min old'],
      [360_000, 'too new', 'in the future'],
    ] as const) {
      const headers = headersAt(new Date(Date.now() + offMs), BODY);
      expect(() => library.verify(BODY, headers)).toThrow(message);
      const diagnosis = diagnose(standard, { headers: lines(headers), now: Math.floor(Date.now() / 1_000) });
      expect(wrong(diagnosis)).toEqual(fails('timestamp', said));
    }
  });
});
