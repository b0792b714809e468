import type { Envelope, EnvelopeField } from '@posthorn/wire/profile';
import { type ProfileProblem, problemIf } from './profile-problem.ts';

const MAX_DEPTH = 8;

const holdsData = (fields: readonly EnvelopeField[]): boolean =>
  fields.some((field) => ('fields' in field ? holdsData(field.fields) : 'from' in field && field.from === 'data'));

function checkFields(fields: readonly EnvelopeField[], path: string, depth: number): ProfileProblem[] {
  if (depth > MAX_DEPTH) return [{ path, message: `must not be nested more than ${MAX_DEPTH} times` }];
  const keys = fields.map(({ key }) => key);
  return fields.flatMap((field, index) => [
    ...problemIf(keys.indexOf(field.key) < index, `${path}.${index}.key`, `must not be ${field.key} a second time`),
    ...('fields' in field ? checkFields(field.fields, `${path}.${index}.fields`, depth + 1) : []),
  ]);
}

/** Whether the body has each key once, and the event's data somewhere. */
export function checkEnvelope(envelope: Envelope): ProfileProblem[] {
  if (envelope === 'data') return [];
  return [
    ...checkFields(envelope, 'envelope', 1),
    ...problemIf(!holdsData(envelope), 'envelope', 'must have a field from data, or be "data"'),
  ];
}
