import type { Endpoint, UpdateEndpoint } from '@posthorn/http-api/endpoint';
import type { NewEndpoint } from '../../api/endpoints.ts';
import { checkUrl } from './check-url.ts';

const SECONDS_PER_HOUR = 3_600;

/** After how long something happens: as the operator has set it, never, or after these hours. */
export interface After {
  readonly mode: 'operator' | 'never' | 'hours';
  readonly hours: number | '';
}

export interface HeaderRow {
  /** Tells rows apart while their names are being typed. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** An endpoint as a form holds it. */
export interface EndpointDraft {
  readonly url: string;
  readonly description: string;
  /** Every type, later ones too; else `types` alone. */
  readonly allTypes: boolean;
  readonly types: readonly string[];
  /** Values cannot be read back, so what an endpoint has is kept or replaced as a whole: `null` keeps it. */
  readonly headers: readonly HeaderRow[] | null;
  readonly ratePerSecond: number | '';
  readonly orderingSkipAfter: number | '';
  readonly warnAfter: After;
  readonly disableAfter: After;
}

const afterOf = (seconds: number | null): After => {
  if (seconds === null) return { mode: 'operator', hours: '' };
  return seconds === 0 ? { mode: 'never', hours: '' } : { mode: 'hours', hours: seconds / SECONDS_PER_HOUR };
};

const secondsOf = ({ mode, hours }: After): number | null => {
  if (mode === 'operator') return null;
  return mode === 'never' ? 0 : Math.round(Number(hours) * SECONDS_PER_HOUR);
};

export const emptyDraft: EndpointDraft = {
  url: '',
  description: '',
  allTypes: true,
  types: [],
  headers: [],
  ratePerSecond: '',
  orderingSkipAfter: '',
  warnAfter: afterOf(null),
  disableAfter: afterOf(null),
};

export const draftOf = (endpoint: Endpoint): EndpointDraft => ({
  url: endpoint.url,
  description: endpoint.description,
  allTypes: endpoint.events.length === 0,
  types: endpoint.events,
  headers: null,
  ratePerSecond: endpoint.rate_limit ?? '',
  orderingSkipAfter: endpoint.ordering_skip_after ?? '',
  warnAfter: afterOf(endpoint.failure_policy.warn_after_seconds),
  disableAfter: afterOf(endpoint.failure_policy.disable_after_seconds),
});

const headersOf = (rows: readonly HeaderRow[]): Record<string, string> =>
  Object.fromEntries(rows.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]));

const eventsOf = ({ allTypes, types }: EndpointDraft): string[] => (allTypes ? [] : [...types]);

const isMissingHours = ({ mode, hours }: After): boolean => mode === 'hours' && (hours === '' || hours <= 0);

/** Why a draft cannot be sent as it is, by field. */
export function draftProblems(draft: EndpointDraft): Readonly<Record<string, string>> {
  const url = checkUrl(draft.url);
  const rows = draft.headers ?? [];
  return {
    ...(url?.kind === 'refused' && { url: url.text }),
    ...(!draft.allTypes && draft.types.length === 0 && { events: 'Choose at least one type, or all of them.' }),
    ...(rows.some(({ name, value }) => (name === '') !== (value === '')) && {
      headers: 'Each header needs a name and a value.',
    }),
    ...(isMissingHours(draft.warnAfter) && { 'failure_policy.warn_after_seconds': 'Say after how many hours.' }),
    ...(isMissingHours(draft.disableAfter) && { 'failure_policy.disable_after_seconds': 'Say after how many hours.' }),
  };
}

/** The request that makes an endpoint of a draft. */
export function bodyOf(draft: EndpointDraft): NewEndpoint {
  const [warn, disable] = [secondsOf(draft.warnAfter), secondsOf(draft.disableAfter)];
  const headers = headersOf(draft.headers ?? []);
  return {
    url: draft.url,
    events: eventsOf(draft),
    ...(draft.description !== '' && { description: draft.description }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(draft.ratePerSecond !== '' && { rate_limit: draft.ratePerSecond }),
    ...(draft.orderingSkipAfter !== '' && { ordering_skip_after: draft.orderingSkipAfter }),
    ...((warn !== null || disable !== null) && {
      failure_policy: { warn_after_seconds: warn, disable_after_seconds: disable },
    }),
  };
}

const isSameSet = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((each) => right.includes(each));

/** What a draft changes of an endpoint, and nothing else: what somebody else changed meanwhile stays. */
export function changesOf(endpoint: Endpoint, draft: EndpointDraft): UpdateEndpoint {
  const events = eventsOf(draft);
  const rate = draft.ratePerSecond === '' ? null : draft.ratePerSecond;
  const skipAfter = draft.orderingSkipAfter === '' ? null : draft.orderingSkipAfter;
  const [warn, disable] = [secondsOf(draft.warnAfter), secondsOf(draft.disableAfter)];
  const policy = {
    ...(warn !== endpoint.failure_policy.warn_after_seconds && { warn_after_seconds: warn }),
    ...(disable !== endpoint.failure_policy.disable_after_seconds && { disable_after_seconds: disable }),
  };
  return {
    ...(draft.url !== endpoint.url && { url: draft.url }),
    ...(draft.description !== endpoint.description && { description: draft.description }),
    ...(!isSameSet(events, endpoint.events) && { events }),
    ...(draft.headers !== null && { headers: headersOf(draft.headers) }),
    ...(rate !== endpoint.rate_limit && { rate_limit: rate }),
    ...(skipAfter !== endpoint.ordering_skip_after && { ordering_skip_after: skipAfter }),
    ...(Object.keys(policy).length > 0 && { failure_policy: policy }),
  };
}
