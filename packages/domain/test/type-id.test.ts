import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeTypeId, encodeTypeId, type IdKind, idPrefixes } from '../src/type-id.ts';

const kinds = Object.keys(idPrefixes) as IdKind[];

// From the TypeID specification's valid.json: suffix and UUID.
const vectors: [suffix: string, uuid: string][] = [
  ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
  ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
  ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
  ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
  ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
  ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
  ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
];

// From its invalid.json, with a prefix of ours, and what else a caller may send.
const invalid = [
  '',
  'evt',
  'evt_',
  '_01h455vb4pex5vsknk084sn02q',
  '01h455vb4pex5vsknk084sn02q',
  'EVT_01h455vb4pex5vsknk084sn02q',
  'dlv_01h455vb4pex5vsknk084sn02q',
  'evt-01h455vb4pex5vsknk084sn02q',
  'evt__01h455vb4pex5vsknk084sn02q',
  ' evt_01h455vb4pex5vsknk084sn02q',
  'evt_01h455vb4pex5vsknk084sn02q ',
  'evt_01h455vb4pex5vsknk084sn02q\n',
  'evt_1234567890123456789012345',
  'evt_123456789012345678901234567',
  'evt_1234567890123456789012345 ',
  'evt_0123456789ABCDEFGHJKMNPQRS',
  'evt_123456789-123456789-123456',
  'evt_ooooooiiiiiiuuuuuuulllllll',
  'evt_i23456789ol23456789oi23456',
  'evt_123456789-0123456789-01234',
  'evt_8zzzzzzzzzzzzzzzzzzzzzzzzz',
  'evt_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  '01890a5d-ac96-774b-bcce-b302099a8057',
];

describe('TypeID', () => {
  test.each(vectors)("the specification's %s is %s", (suffix, uuid) => {
    expect(encodeTypeId('event', uuid)).toBe(`evt_${suffix}`);
    expect(decodeTypeId('event', `evt_${suffix}`)).toBe(uuid);
  });

  test.each(invalid)('%j is not an event id', (text) => {
    expect(decodeTypeId('event', text)).toBeNull();
  });

  test('any UUID of any kind comes back, and only as its own kind', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [1, 4, 7] }), fc.constantFrom(...kinds), (uuid, kind) => {
        const text = encodeTypeId(kind, uuid);
        expect(text).toMatch(/^(ten|key|ep|evt|dlv|att|rec|aud)_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
        for (const other of kinds) expect(decodeTypeId(other, text)).toBe(other === kind ? uuid : null);
      }),
    );
  });

  test('ids sort as their UUIDs do', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) => {
        expect(encodeTypeId('event', a) < encodeTypeId('event', b)).toBe(a < b);
      }),
    );
  });

  test('any text is read or refused, never thrown upon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeTypeId('event', `evt_${text}`) ?? '00000000-0000-0000-0000-000000000000').toMatch(
          /^[0-9a-f-]{36}$/,
        );
      }),
    );
  });
});
