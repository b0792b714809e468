import { Counter, Gauge, Histogram, type Registry } from '@posthorn/runtime/create-metrics';

export type DispatcherMetrics = ReturnType<typeof createDispatcherMetrics>;

interface Live {
  inFlight(): number;
  held(): number;
  wanted(): number;
}

/** The dispatcher's own figures; `live` are read when somebody asks. */
export function createDispatcherMetrics(registry: Registry, live: Live) {
  const registers = [registry];
  new Gauge({
    name: 'posthorn_requests_in_flight',
    help: 'Requests to endpoints under way',
    registers,
    collect() {
      this.set(live.inFlight());
    },
  });
  new Gauge({
    name: 'posthorn_requests_wanted',
    help: 'Requests under way, and those that wait for nothing but a slot of this dispatcher',
    registers,
    collect() {
      this.set(live.wanted());
    },
  });
  new Gauge({
    name: 'posthorn_deliveries_held',
    help: 'Deliveries that wait in memory for a turn at their endpoint',
    registers,
    collect() {
      this.set(live.held());
    },
  });
  return {
    attempts: new Counter({ name: 'posthorn_attempts_total', help: 'Attempts', labelNames: ['outcome'], registers }),
    attemptSeconds: new Histogram({
      name: 'posthorn_attempt_seconds',
      help: 'Duration of attempts, from start to the end of the answer',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    lostLeases: new Counter({
      name: 'posthorn_lost_leases_total',
      help: 'Attempts whose result could not be recorded because their lease had been taken over',
      registers,
    }),
    parked: new Counter({
      name: 'posthorn_deliveries_parked_total',
      help: 'Deliveries sent back to wait in PostgreSQL because their endpoint or the queue was busy',
      registers,
    }),
    changes: new Counter({
      name: 'posthorn_endpoint_changes_total',
      help: 'Changes of endpoints, and cancelled deliveries of theirs, that this dispatcher heard of',
      registers,
    }),
    interrupted: new Counter({
      name: 'posthorn_attempts_taken_over_total',
      help: 'Attempts of dead dispatchers that were recorded as interrupted',
      registers,
    }),
    notifications: new Counter({
      name: 'posthorn_notifications_total',
      help: 'Tries to mail a notification, by the status that it has after it',
      labelNames: ['status'],
      registers,
    }),
    recovered: new Counter({
      name: 'posthorn_deliveries_recovered_total',
      help: 'Deliveries that recoveries replayed',
      registers,
    }),
    jobs: new Gauge({
      name: 'posthorn_queue_jobs',
      help: 'Jobs in the queue by state, at the last round of the reconciler; absent while Redis is away',
      labelNames: ['state'],
      registers,
    }),
    drift: new Gauge({
      name: 'posthorn_queue_drift',
      help: 'Due deliveries without a job to run now that the last round of the reconciler found; NaN while Redis or PostgreSQL is away',
      registers,
    }),
    partitionsWaiting: new Gauge({
      name: 'posthorn_partitions_waiting',
      help: 'Partitions older than the retention of which too much is still open to remove them',
      registers,
    }),
    reissued: new Counter({
      name: 'posthorn_jobs_reissued_total',
      help: 'Due deliveries that had no job and got a new one',
      registers,
    }),
    fedDirectly: new Counter({
      name: 'posthorn_deliveries_without_queue_total',
      help: 'Due deliveries that were attempted straight from PostgreSQL while Redis was away',
      registers,
    }),
  };
}
