import { Counter, Histogram, type Registry } from '@posthorn/runtime/create-metrics';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The API's own figures. */
export function createHttpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: 'posthorn_http_request_duration_seconds',
      help: 'Requests by route and status, and how long they took',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers,
    }),
    eventsAccepted: new Counter({
      name: 'posthorn_events_accepted_total',
      help: 'Events answered with 202',
      registers,
    }),
    enqueueFailures: new Counter({
      name: 'posthorn_enqueue_failures_total',
      help: 'Due deliveries that did not reach the queue and were left to the reconciler',
      registers,
    }),
  };
}

export type HttpMetrics = ReturnType<typeof createHttpMetrics>;
