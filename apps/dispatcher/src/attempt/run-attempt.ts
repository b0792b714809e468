import { type Classified, classifyResult } from '@posthorn/domain/delivery/classify-result';
import { decideNext, type NextStep } from '@posthorn/domain/delivery/decide-next';
import { parseRetryAfter } from '@posthorn/domain/delivery/parse-retry-after';
import type { ClaimedDelivery } from '@posthorn/store/engine/claimed-delivery';
import type { AttemptRecord, RecordResult } from '@posthorn/store/engine/record-attempts';
import type { Profile } from '@posthorn/wire/profile';
import type { Turn } from '../gate/hold-turn.ts';
import type { Sender } from '../send/outgoing-request.ts';
import type { Exchange } from '../send/read-exchange.ts';
import type { BuiltRequest } from './build-request.ts';
import { endpointHealth, tookQuickly } from './endpoint-health.ts';
import { showResponse } from './show-response.ts';

/** What an attempt needs from outside, each as narrow as it uses it. */
export interface AttemptDeps {
  readonly build: (delivery: ClaimedDelivery, profile: Profile, now: Date) => BuiltRequest;
  readonly send: Sender;
  readonly record: (record: AttemptRecord) => Promise<RecordResult>;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly random: () => number;
  readonly minuteMs: number;
  /** Aborts when the process must stop and cannot wait for the answer. */
  readonly interrupt: AbortSignal;
  /** Told why a request could not be built, which is the operator's to know. */
  readonly onUnbuilt: (error: unknown) => void;
}

/** An attempt that was sent, judged and recorded. */
export interface FinishedAttempt {
  readonly delivery: ClaimedDelivery;
  readonly classified: Classified;
  readonly exchange: Exchange;
  readonly next: NextStep;
  readonly recorded: RecordResult;
}

const INTERRUPTED: Classified = { outcome: 'interrupted', error: 'The dispatcher was stopped during the attempt' };

function statusOf({ result }: Exchange): number | null {
  return result.kind === 'answered' || result.kind === 'deadline' ? result.status : null;
}

/** An attempt that a stopping dispatcher cut off goes on elsewhere at once; it counts all the same. */
function decide(
  deps: AttemptDeps,
  delivery: ClaimedDelivery,
  profile: Profile,
  exchange: Exchange,
  classified: Classified,
): NextStep {
  const attempts = delivery.attemptLimit;
  if (classified.outcome === 'interrupted' && delivery.number < attempts) return { status: 'retrying', delayMs: 0 };
  const header = exchange.responseHeaders?.['retry-after'];
  const next = decideNext(
    { ...profile, attempts },
    {
      number: delivery.number,
      outcome: classified.outcome,
      responseStatus: statusOf(exchange),
      retryAfterMs: parseRetryAfter(header, deps.now().getTime()),
    },
    { minuteMs: deps.minuteMs, random: deps.random() },
  );
  // What a probe finds out disables nothing: the endpoint may have been enabled meanwhile.
  return delivery.probe !== null && next.status === 'failed' ? { ...next, disable: null } : next;
}

const UNBUILT: Exchange = {
  result: {
    kind: 'network',
    reason: "Not sent: the request could not be made; the reason is in the dispatcher's log",
  },
  durationMs: 0,
  responseHeaders: null,
  responseBody: null,
};

/** Nothing that keeps a request from being built may leave its lease behind: it is a failed attempt, and says so. */
async function buildAndSend(deps: AttemptDeps, delivery: ClaimedDelivery, profile: Profile, startedAt: Date) {
  let built: BuiltRequest;
  try {
    built = deps.build(delivery, profile, startedAt);
  } catch (error) {
    deps.onUnbuilt(error);
    return { exchange: UNBUILT, shownHeaders: {}, hiddenValues: [] };
  }
  const { request, shownHeaders, hiddenValues } = built;
  return { exchange: await deps.send(request), shownHeaders, hiddenValues };
}

/** One attempt of a claimed delivery: build → send → classify → decide → record. */
export async function runAttempt(
  deps: AttemptDeps,
  delivery: ClaimedDelivery,
  profile: Profile,
  turn: Pick<Turn, 'answered'>,
): Promise<FinishedAttempt> {
  const startedAt = deps.now();
  const { exchange, shownHeaders, hiddenValues } = await buildAndSend(deps, delivery, profile, startedAt);
  const cutOff = deps.interrupt.aborted && exchange.result.kind === 'network';
  const classified = cutOff ? INTERRUPTED : classifyResult(exchange.result);
  // Before the record: of an endpoint that is quick the next request may go meanwhile.
  turn.answered(endpointHealth({ classified, exchange }), tookQuickly({ classified, exchange }));
  const next = decide(deps, delivery, profile, exchange, classified);
  const recorded = await deps.record({
    deliveryId: delivery.id,
    tenantId: delivery.tenantId,
    token: delivery.token,
    attemptId: deps.newId(),
    number: delivery.number,
    startedAt,
    durationMs: exchange.durationMs,
    outcome: classified.outcome,
    responseStatus: statusOf(exchange),
    ...showResponse(exchange.responseHeaders, exchange.responseBody, hiddenValues),
    error: classified.error,
    requestHeaders: JSON.stringify(shownHeaders),
    next,
    enables: delivery.probe === 'enable' && next.status === 'succeeded' ? delivery.endpoint.url : null,
  });
  return { delivery, classified, exchange, next, recorded };
}
