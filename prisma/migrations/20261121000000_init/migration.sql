CREATE TABLE "tenants" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "profile_id" UUID,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "own_profiles" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "own_profiles_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "prefix" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "console_sessions" (
    "id" UUID NOT NULL,
    "digest" BYTEA NOT NULL,
    "key_id" UUID,
    "operator_digest" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "console_sessions_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "endpoints" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "events" TEXT[],
    "headers_sealed" TEXT,
    "rate_limit" INTEGER,
    "status" TEXT NOT NULL,
    "disabled_reason" TEXT,
    "disabled_by" TEXT,
    "warn_after_seconds" INTEGER,
    "disable_after_seconds" INTEGER,
    "ordering_skip_after" INTEGER,
    "secret_sealed" TEXT NOT NULL,
    "next_secret_sealed" TEXT,
    "overlap_ends_at" TIMESTAMPTZ(3),
    "public_key" TEXT,
    "next_public_key" TEXT,
    "ca_certificate" TEXT,
    "ca_summary" TEXT,
    "client_certificate" TEXT,
    "client_summary" TEXT,
    "client_key_sealed" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "endpoints_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "event_types" (
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "schema" TEXT,
    "sample" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_types_pkey" PRIMARY KEY ("tenant_id","name")
);

CREATE TABLE "events" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "job_id" TEXT,
    "payload" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "profile_id" UUID,
    "timeout_ms" INTEGER NOT NULL,
    "aggregate_version" BIGINT,
    "ordering_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivery_count" INTEGER NOT NULL,
    "fired_with" UUID,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

CREATE TABLE "idempotency_keys" (
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "digest" BYTEA NOT NULL,
    "event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id","key","position")
);

CREATE TABLE "fired_pairs" (
    "tenant_id" UUID NOT NULL,
    "job_id" TEXT NOT NULL,
    "pair" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "answer" TEXT,

    CONSTRAINT "fired_pairs_pkey" PRIMARY KEY ("tenant_id","job_id","pair")
);

CREATE TABLE "lifecycle_subjects" (
    "tenant_id" UUID NOT NULL,
    "lifecycle" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "previous_state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lifecycle_subjects_pkey" PRIMARY KEY ("tenant_id","lifecycle","subject")
);

CREATE TABLE "usage_records" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "summed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "usage_records_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "notifications" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "delivery_id" UUID,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "recoveries" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "statuses" TEXT[],
    "status" TEXT NOT NULL DEFAULT 'running',
    "matched" INTEGER NOT NULL,
    "replayed" INTEGER NOT NULL DEFAULT 0,
    "last_id" UUID,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "recoveries_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "deliveries" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "job_id" TEXT,
    "status" TEXT NOT NULL,
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "attempt_limit" SMALLINT NOT NULL,
    "timeout_ms" INTEGER NOT NULL DEFAULT 60000,
    "due_at" TIMESTAMPTZ(3),
    "generation" INTEGER NOT NULL DEFAULT 0,
    "parked" BOOLEAN NOT NULL DEFAULT false,
    "lease_token" UUID,
    "leased_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "last_response_status" SMALLINT,
    "last_error" TEXT,
    "replay_of" UUID,
    "probe" TEXT,
    "ordering_key" TEXT,
    "ordering_position" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

CREATE TABLE "attempts" (
    "delivery_id" UUID NOT NULL,
    "number" SMALLINT NOT NULL,
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "response_status" SMALLINT,
    "response_headers" TEXT,
    "response_body" TEXT,
    "error" TEXT,
    "request_headers" TEXT,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("delivery_id","number")
) PARTITION BY RANGE ("delivery_id");

CREATE TABLE "claims" (
    "token" UUID NOT NULL,
    "delivery_ids" UUID[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "dispatcher_id" UUID,

    CONSTRAINT "claims_pkey" PRIMARY KEY ("token")
);

CREATE TABLE "ledger_changes" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "change" BIGINT NOT NULL,

    CONSTRAINT "ledger_changes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ledger_totals" (
    "tenant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "total" BIGINT NOT NULL,

    CONSTRAINT "ledger_totals_pkey" PRIMARY KEY ("tenant_id","name")
);

CREATE TABLE "sum_progress" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "noted_before" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00'::timestamptz,
    "noted_below" UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'::uuid,
    "summed_before" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00'::timestamptz,
    "settled_by" BIGINT,

    CONSTRAINT "sum_progress_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "delivery_sums" (
    "tenant_id" UUID NOT NULL,
    "seconds" INTEGER NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "delivery_sums_pkey" PRIMARY KEY ("tenant_id","seconds","endpoint_id","at","status")
);

CREATE TABLE "delivery_sum_changes" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "change" INTEGER NOT NULL,

    CONSTRAINT "delivery_sum_changes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "attempt_sums" (
    "tenant_id" UUID NOT NULL,
    "seconds" INTEGER NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "succeeded" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "answered_ms" INTEGER[],
    "answered" INTEGER[],

    CONSTRAINT "attempt_sums_pkey" PRIMARY KEY ("tenant_id","seconds","endpoint_id","at")
);

CREATE TABLE "attempt_sum_changes" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "succeeded" BOOLEAN NOT NULL,
    "answered_ms" INTEGER,
    "change" INTEGER NOT NULL,

    CONSTRAINT "attempt_sum_changes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "dispatchers" (
    "id" UUID NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dispatchers_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "tenant_quotas" (
    "tenant_id" UUID NOT NULL,
    "endpoints" INTEGER,
    "events_per_month" INTEGER,
    "month" DATE,
    "events" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "tenant_quotas_pkey" PRIMARY KEY ("tenant_id")
);

CREATE TABLE "endpoint_health" (
    "endpoint_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "consecutive_failures" INTEGER NOT NULL DEFAULT 0,
    "first_failure_at" TIMESTAMPTZ(3),
    "last_failure_at" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),
    "warned_at" TIMESTAMPTZ(3),

    CONSTRAINT "endpoint_health_pkey" PRIMARY KEY ("endpoint_id")
);

CREATE TABLE "health_changes" (
    "id" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "breaks" BOOLEAN NOT NULL,
    "succeeded" BOOLEAN NOT NULL,
    "failed" BOOLEAN NOT NULL,
    "failures" INTEGER NOT NULL,

    CONSTRAINT "health_changes_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "tenant_id" UUID NOT NULL,
    "number" BIGINT NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "key_id" UUID,
    "key_name" TEXT,
    "action" TEXT NOT NULL,
    "object_type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "fields" TEXT[],
    "address" TEXT,
    "request_id" TEXT,
    "previous_hash" BYTEA NOT NULL DEFAULT '\x',
    "hash" BYTEA NOT NULL DEFAULT '\x',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_chains" (
    "tenant_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_chains_pkey" PRIMARY KEY ("tenant_id")
);

CREATE UNIQUE INDEX "endpoint_health_tenant_id_endpoint_id_key" ON "endpoint_health"("tenant_id", "endpoint_id");

CREATE UNIQUE INDEX "audit_entries_tenant_id_number_key" ON "audit_entries"("tenant_id", "number");

CREATE INDEX "audit_entries_tenant_id_id_idx" ON "audit_entries"("tenant_id", "id");

CREATE INDEX "audit_entries_tenant_id_object_id_id_idx" ON "audit_entries"("tenant_id", "object_id", "id");

CREATE UNIQUE INDEX "own_profiles_tenant_id_id_key" ON "own_profiles"("tenant_id", "id");

CREATE INDEX "usage_records_tenant_id_kind_at_idx" ON "usage_records"("tenant_id", "kind", "at");

CREATE INDEX "recoveries_tenant_id_id_idx" ON "recoveries"("tenant_id", "id");

CREATE INDEX "notifications_tenant_id_id_idx" ON "notifications"("tenant_id", "id");

CREATE INDEX "delivery_sums_seconds_at_idx" ON "delivery_sums"("seconds", "at");

CREATE INDEX "attempt_sums_seconds_at_idx" ON "attempt_sums"("seconds", "at");

CREATE INDEX "claims_expires_at_idx" ON "claims"("expires_at");

CREATE INDEX "console_sessions_expires_at_idx" ON "console_sessions"("expires_at");

CREATE INDEX "console_sessions_key_id_id_idx" ON "console_sessions"("key_id", "id");

CREATE INDEX "api_keys_tenant_id_id_idx" ON "api_keys"("tenant_id", "id");

CREATE UNIQUE INDEX "endpoints_tenant_id_id_key" ON "endpoints"("tenant_id", "id");

CREATE INDEX "events_tenant_id_type_id_idx" ON "events"("tenant_id", "type", "id");

CREATE UNIQUE INDEX "events_tenant_id_id_key" ON "events"("tenant_id", "id");

CREATE INDEX "deliveries_tenant_id_id_idx" ON "deliveries"("tenant_id", "id");

CREATE INDEX "deliveries_tenant_id_status_id_idx" ON "deliveries"("tenant_id", "status", "id");

CREATE INDEX "deliveries_tenant_id_type_status_id_idx" ON "deliveries"("tenant_id", "type", "status", "id");

CREATE INDEX "deliveries_tenant_id_endpoint_id_status_id_idx" ON "deliveries"("tenant_id", "endpoint_id", "status", "id");

CREATE INDEX "deliveries_tenant_id_endpoint_id_type_status_id_idx" ON "deliveries"("tenant_id", "endpoint_id", "type", "status", "id");

CREATE INDEX "deliveries_event_id_id_idx" ON "deliveries"("event_id", "id");

ALTER TABLE "tenants" ADD CONSTRAINT "tenants_id_profile_id_fkey" FOREIGN KEY ("id", "profile_id") REFERENCES "own_profiles"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "own_profiles" ADD CONSTRAINT "own_profiles_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "events" ADD CONSTRAINT "events_tenant_id_profile_id_fkey" FOREIGN KEY ("tenant_id", "profile_id") REFERENCES "own_profiles"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "lifecycle_subjects" ADD CONSTRAINT "lifecycle_subjects_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "usage_records" ADD CONSTRAINT "usage_records_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "recoveries" ADD CONSTRAINT "recoveries_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "recoveries" ADD CONSTRAINT "recoveries_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "endpoints"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "notifications" ADD CONSTRAINT "notifications_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "notifications" ADD CONSTRAINT "notifications_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "endpoints"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "event_types" ADD CONSTRAINT "event_types_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "events" ADD CONSTRAINT "events_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "tenant_quotas" ADD CONSTRAINT "tenant_quotas_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "endpoint_health" ADD CONSTRAINT "endpoint_health_tenant_id_endpoint_id_fkey" FOREIGN KEY ("tenant_id", "endpoint_id") REFERENCES "endpoints"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Below: what the schema language cannot say.

-- Where deliveries with an ordering key stand in their lines. What is posted after another's answer gets a later number,
-- whatever clocks say.
CREATE SEQUENCE "ordering_positions";

-- When a delivery is due that an earlier one of its line holds back: no scan for what is due ever finds it, and whatever ends
-- it ends that too (packages/domain/src/delivery/held-until.ts).
CREATE FUNCTION "held_until"() RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '9999-12-31 00:00:00+00'::timestamptz $$;

-- Ends a statement before it writes more rows than it can in its time. Its code is known to packages/store/src/is-unavailable.ts.
CREATE FUNCTION "refuse_beyond"(rows bigint, most integer) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF rows > most THEN
        RAISE EXCEPTION 'The statement would write % rows, and may write %', rows, most USING ERRCODE = 'PH001';
    END IF;
    RETURN true;
END $$;

-- What must never be.
ALTER TABLE "endpoints"
    ADD CONSTRAINT "endpoints_status_known" CHECK ("status" IN ('enabled', 'disabled')),
    ADD CONSTRAINT "endpoints_rotation_whole" CHECK (("next_secret_sealed" IS NULL) = ("overlap_ends_at" IS NULL)),
    ADD CONSTRAINT "endpoints_next_public_key_has_secret"
        CHECK ("next_public_key" IS NULL OR "next_secret_sealed" IS NOT NULL),
    ADD CONSTRAINT "endpoints_ca_whole" CHECK (("ca_certificate" IS NULL) = ("ca_summary" IS NULL)),
    ADD CONSTRAINT "endpoints_client_certificate_whole"
        CHECK (("client_certificate" IS NULL) = ("client_key_sealed" IS NULL)
            AND ("client_certificate" IS NULL) = ("client_summary" IS NULL)),
    ADD CONSTRAINT "endpoints_rate_limit_positive" CHECK ("rate_limit" > 0),
    ADD CONSTRAINT "endpoints_ordering_skip_after_positive" CHECK ("ordering_skip_after" > 0);
ALTER TABLE "idempotency_keys"
    ADD CONSTRAINT "idempotency_keys_position_from_zero" CHECK ("position" >= 0);
ALTER TABLE "deliveries"
    ADD CONSTRAINT "deliveries_status_known"
        CHECK ("status" IN ('pending', 'retrying', 'succeeded', 'failed', 'cancelled', 'skipped')),
    ADD CONSTRAINT "deliveries_due_while_open" CHECK (("status" IN ('pending', 'retrying')) = ("due_at" IS NOT NULL)),
    ADD CONSTRAINT "deliveries_final_is_completed"
        CHECK (("status" IN ('pending', 'retrying')) = ("completed_at" IS NULL)),
    ADD CONSTRAINT "deliveries_pending_untried" CHECK ("status" <> 'pending' OR "attempts" = 0),
    ADD CONSTRAINT "deliveries_within_limit" CHECK ("attempts" BETWEEN 0 AND "attempt_limit"),
    ADD CONSTRAINT "deliveries_lease_whole"
        CHECK (("lease_token" IS NULL) = ("lease_until" IS NULL) AND ("lease_token" IS NULL) = ("leased_at" IS NULL));
ALTER TABLE "usage_records"
    ADD CONSTRAINT "usage_records_kind_known" CHECK ("kind" IN ('connect', 'active_domain', 'cert', 'api_call')),
    ADD CONSTRAINT "usage_records_quantity_positive" CHECK ("quantity" > 0);
ALTER TABLE "lifecycle_subjects"
    ADD CONSTRAINT "lifecycle_subjects_version_from_one" CHECK ("version" >= 1);
ALTER TABLE "recoveries"
    ADD CONSTRAINT "recoveries_status_known" CHECK ("status" IN ('running', 'done', 'stopped')),
    ADD CONSTRAINT "recoveries_finished_whole" CHECK (("status" = 'running') = ("finished_at" IS NULL));
ALTER TABLE "notifications"
    ADD CONSTRAINT "notifications_status_known" CHECK ("status" IN ('pending', 'sent', 'logged', 'failed')),
    ADD CONSTRAINT "notifications_due_while_pending" CHECK (("status" = 'pending') = ("due_at" IS NOT NULL)),
    ADD CONSTRAINT "notifications_sent_whole" CHECK (("status" = 'sent') = ("sent_at" IS NOT NULL));
ALTER TABLE "attempts"
    ADD CONSTRAINT "attempts_outcome_known"
        CHECK ("outcome" IN ('succeeded', 'rejected', 'timeout', 'network_error', 'blocked', 'interrupted')),
    ADD CONSTRAINT "attempts_number_from_one" CHECK ("number" >= 1);

ALTER TABLE "endpoints"
    ADD CONSTRAINT "endpoints_disabled_by_known" CHECK ("disabled_by" IN ('request', 'failures')),
    ADD CONSTRAINT "endpoints_disabled_by_while_disabled" CHECK ("disabled_by" IS NULL OR "status" = 'disabled'),
    ADD CONSTRAINT "endpoints_failing_not_negative"
        CHECK ("warn_after_seconds" >= 0 AND "disable_after_seconds" >= 0);
ALTER TABLE "deliveries"
    ADD CONSTRAINT "deliveries_probe_known" CHECK ("probe" IN ('check', 'enable')),
    ADD CONSTRAINT "deliveries_position_of_key" CHECK ("ordering_position" IS NULL OR "ordering_key" IS NOT NULL),
    ADD CONSTRAINT "deliveries_held_in_line"
        CHECK ("due_at" IS DISTINCT FROM held_until()
            OR "status" = 'pending' AND NOT "parked" AND "lease_token" IS NULL AND "ordering_position" IS NOT NULL);
ALTER TABLE "tenant_quotas"
    ADD CONSTRAINT "tenant_quotas_not_negative" CHECK ("endpoints" >= 0 AND "events_per_month" >= 0 AND "events" >= 0);
ALTER TABLE "sum_progress"
    ADD CONSTRAINT "sum_progress_alone" CHECK ("id"),
    ADD CONSTRAINT "sum_progress_notes_what_it_sums" CHECK ("summed_before" <= "noted_before");
ALTER TABLE "attempt_sums"
    ADD CONSTRAINT "attempt_sums_whole"
        CHECK (coalesce(cardinality("answered_ms"), 0) = coalesce(cardinality("answered"), 0));
ALTER TABLE "audit_entries"
    ADD CONSTRAINT "audit_entries_actor_known" CHECK ("actor" IN ('key', 'operator', 'posthorn')),
    ADD CONSTRAINT "audit_entries_key_whole" CHECK (("actor" = 'key') = ("key_id" IS NOT NULL)),
    ADD CONSTRAINT "audit_entries_number_from_one" CHECK ("number" >= 1);

-- One current version per tenant and profile name.
CREATE UNIQUE INDEX "own_profiles_tenant_id_name_key" ON "own_profiles"("tenant_id", "name")
    WHERE "retired_at" IS NULL;
-- Recoveries that are to go on.
CREATE INDEX "recoveries_running_idx" ON "recoveries"("next_at") WHERE "status" = 'running';
-- Mail that is to be sent.
CREATE INDEX "notifications_due_idx" ON "notifications"("due_at") WHERE "status" = 'pending';
-- The endpoints that an event is matched against.
-- What is still to be summed by the minute, oldest first.
CREATE INDEX "usage_records_single_idx" ON "usage_records"("id") WHERE NOT "summed";
CREATE INDEX "endpoints_tenant_id_live_idx" ON "endpoints"("tenant_id") WHERE "deleted_at" IS NULL;
-- The due scan: open rows that should have a job.
CREATE INDEX "deliveries_due_idx" ON "deliveries"("due_at", "id")
    WHERE "status" IN ('pending', 'retrying') AND NOT "parked";
-- An endpoint's open deliveries: cancelling them, and counting its backlog.
CREATE INDEX "deliveries_open_idx" ON "deliveries"("endpoint_id", "due_at")
    WHERE "status" IN ('pending', 'retrying');
-- The backlog without jobs: its tenants and their endpoints, and of each endpoint the order in which it is fed.
CREATE INDEX "deliveries_parked_idx" ON "deliveries"("tenant_id", "endpoint_id", "due_at")
    WHERE "status" IN ('pending', 'retrying') AND "parked";
-- Most events have no job id, and then no entry either.
CREATE INDEX "events_job_idx" ON "events"("tenant_id", "job_id", "id") WHERE "job_id" IS NOT NULL;
CREATE INDEX "deliveries_job_idx" ON "deliveries"("tenant_id", "job_id", "id") WHERE "job_id" IS NOT NULL;
-- The lines of ordering keys, and those in which somebody is held: rows without a key are in neither.
CREATE INDEX "deliveries_line_idx" ON "deliveries"("endpoint_id", "ordering_key", "ordering_position")
    WHERE "status" IN ('pending', 'retrying') AND "ordering_position" IS NOT NULL;
CREATE INDEX "deliveries_held_idx" ON "deliveries"("endpoint_id", "ordering_key") WHERE "due_at" = held_until();

-- Statistics: an index has all that they read, so that headers and bodies stay unread.
CREATE INDEX "attempts_tenant_id_started_at_idx" ON "attempts"("tenant_id", "started_at")
    INCLUDE ("endpoint_id", "outcome", "duration_ms", "response_status");

-- Whether a success is news: failures that are not folded into the endpoint's health yet.
CREATE INDEX "health_changes_failed_idx" ON "health_changes"("endpoint_id") WHERE "failed";

-- A count that rises with every statement that accepts events, and rows that change every second.
ALTER TABLE "tenant_quotas" SET (fillfactor = 20);
ALTER TABLE "endpoint_health" SET (fillfactor = 50);
ALTER TABLE "attempt_sums" SET (fillfactor = 70);
ALTER TABLE "delivery_sums" SET (fillfactor = 70);

-- UUIDv7 (RFC 9562) of a given moment. Ids then sort by creation, and a time range is a range of ids.
CREATE FUNCTION "uuid_v7_at"(moment timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(
            set_bit(
                overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send((extract(epoch FROM moment) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
                52, 1),
            53, 1),
        'hex')::uuid
$$;

-- The minute in which a UUIDv7 was made.
CREATE FUNCTION "uuid_minute"(id uuid) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 60000 * 60)
$$;

-- The duration that stands for this one in the sums of statistics: itself up to 255 ms, and above the longest of those
-- that share their first eight binary digits, which is at most 0.8 % more.
CREATE FUNCTION "summed_ms"(ms integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ms | ((1 << width_bucket(ms, ARRAY[256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288,
                                              1048576, 2097152, 4194304, 8388608])) - 1)
$$;

-- How far statistics have been summed: the one row that there is.
INSERT INTO "sum_progress" DEFAULT VALUES;

-- The ledger is kept by triggers, one row per statement, tenant and status, so that no statement can forget it and none
-- waits for another one's row. Counting ten million rows would take seconds.
-- It notes, too, what changes in a time that statistics have summed. Almost nothing does, so all that an ordinary statement
-- pays is to look.
CREATE FUNCTION "note_delivery_changes"() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    below uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ledger_changes (tenant_id, name, change)
        SELECT tenant_id, status, count(*) FROM fresh GROUP BY 1, 2
        UNION ALL
        SELECT tenant_id, 'replays', count(*) FROM fresh WHERE replay_of IS NOT NULL GROUP BY 1;
    ELSE
        INSERT INTO ledger_changes (tenant_id, name, change)
        SELECT tenant_id, status, sum(one)
        FROM (SELECT tenant_id, status, 1 AS one FROM fresh UNION ALL SELECT tenant_id, status, -1 FROM stale) moved
        GROUP BY 1, 2 HAVING sum(one) <> 0;
    END IF;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    below := (SELECT noted_below FROM sum_progress);
    IF NOT EXISTS (SELECT FROM fresh WHERE id < below) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO delivery_sum_changes (tenant_id, endpoint_id, at, status, change)
        SELECT tenant_id, endpoint_id, uuid_minute(id), status, count(*) FROM fresh WHERE id < below GROUP BY 1, 2, 3, 4;
    ELSE
        INSERT INTO delivery_sum_changes (tenant_id, endpoint_id, at, status, change)
        SELECT tenant_id, endpoint_id, uuid_minute(id), status, sum(one)
        FROM (SELECT id, tenant_id, endpoint_id, status, 1 AS one FROM fresh
              UNION ALL
              SELECT id, tenant_id, endpoint_id, status, -1 FROM stale) moved
        WHERE id < below
        GROUP BY 1, 2, 3, 4 HAVING sum(one) <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION "note_events"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_changes (tenant_id, name, change)
    SELECT tenant_id, 'events', count(*) FROM fresh GROUP BY 1
    UNION ALL
    SELECT tenant_id, 'made', sum(delivery_count) FROM fresh GROUP BY 1 HAVING sum(delivery_count) > 0;
    RETURN NULL;
END $$;

CREATE TRIGGER "events_noted" AFTER INSERT ON "events"
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "note_events"();
CREATE TRIGGER "deliveries_made_noted" AFTER INSERT ON "deliveries"
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "note_delivery_changes"();
CREATE TRIGGER "deliveries_moved_noted" AFTER UPDATE ON "deliveries"
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "note_delivery_changes"();

-- How the attempts of one statement ended, a row for each endpoint, so that its health can be told, no statement can forget
-- it and none waits for another's row. An interrupted attempt says nothing of the endpoint, and a success says nothing new
-- of one that is well: then nothing is written, but once a minute. Attempts of a time that statistics have summed are noted
-- for them; they are those recorded late.
CREATE FUNCTION "note_outcomes"() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    before timestamptz;
BEGIN
    INSERT INTO health_changes (tenant_id, endpoint_id, breaks, succeeded, failed, failures)
    SELECT n.tenant_id, n.endpoint_id, n.succeeded, n.succeeded, n.failed, n.failures
    FROM (
        SELECT tenant_id, endpoint_id, bool_or(ok) AS succeeded, bool_or(NOT ok) AS failed,
               count(*) FILTER (WHERE NOT ok AND ended_at > coalesce(last_ok, '-infinity')) AS failures
        FROM (
            SELECT a.tenant_id, a.endpoint_id, a.outcome = 'succeeded' AS ok, e.ended_at,
                   max(e.ended_at) FILTER (WHERE a.outcome = 'succeeded') OVER (PARTITION BY a.endpoint_id) AS last_ok
            FROM fresh a,
                 LATERAL (SELECT a.started_at + a.duration_ms * interval '1 millisecond' AS ended_at) e
            WHERE a.outcome <> 'interrupted') ended
        GROUP BY 1, 2) n
    LEFT JOIN endpoint_health h ON h.endpoint_id = n.endpoint_id
    WHERE n.failed OR h.endpoint_id IS NULL OR h.consecutive_failures > 0
       OR h.last_success_at IS NULL OR h.last_success_at < now() - interval '1 minute'
       OR EXISTS (SELECT FROM health_changes c WHERE c.endpoint_id = n.endpoint_id AND c.failed);
    before := (SELECT noted_before FROM sum_progress);
    IF EXISTS (SELECT FROM fresh WHERE started_at < before) THEN
        INSERT INTO attempt_sum_changes (tenant_id, endpoint_id, at, succeeded, answered_ms, change)
        SELECT tenant_id, endpoint_id, date_bin('1 minute', started_at, 'epoch'), outcome = 'succeeded',
               CASE WHEN response_status IS NOT NULL THEN summed_ms(duration_ms) END, count(*)
        FROM fresh WHERE started_at < before GROUP BY 1, 2, 3, 4, 5;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "attempts_noted" AFTER INSERT ON "attempts"
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "note_outcomes"();

-- A UUID as the TypeID that the API shows (packages/domain/src/type-id.ts).
CREATE FUNCTION "type_id"(prefix text, id uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT prefix || '_' || string_agg(
        substr('0123456789abcdefghjkmnpqrstvwxyz',
               1 + substring(B'00' || ('x' || replace(id::text, '-', ''))::bit(128) FROM 1 + 5 * place FOR 5)::bit(5)::int,
               1), '' ORDER BY place)
    FROM generate_series(0, 25) place
$$;

-- The audit log numbers and chains itself, whoever writes to it. The chain's row is locked until the writer commits, so
-- an entry never stands before one that committed later. packages/domain/src/audit/hash-entry.ts makes the same hash.
CREATE FUNCTION "chain_audit_entry"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_chains AS c (tenant_id, number, hash) VALUES (NEW.tenant_id, 1, '\x')
    ON CONFLICT (tenant_id) DO UPDATE SET number = c.number + 1
    RETURNING c.number, c.hash INTO NEW.number, NEW.previous_hash;
    NEW.at := date_trunc('milliseconds', clock_timestamp());
    NEW.id := uuid_v7_at(NEW.at);
    NEW.fields := coalesce(NEW.fields, '{}');
    NEW.key_name := (SELECT name FROM api_keys WHERE id = NEW.key_id);
    NEW.hash := sha256(convert_to('[' || concat_ws(',',
        to_json(encode(NEW.previous_hash, 'hex')),
        to_json(NEW.tenant_id),
        to_json(NEW.number),
        to_json(NEW.id),
        to_json(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
        to_json(NEW.actor),
        coalesce(to_json(NEW.key_id)::text, 'null'),
        coalesce(to_json(NEW.key_name)::text, 'null'),
        to_json(NEW.action),
        to_json(NEW.object_type),
        to_json(NEW.object_id),
        to_json(NEW.fields),
        coalesce(to_json(NEW.address)::text, 'null'),
        coalesce(to_json(NEW.request_id)::text, 'null')) || ']', 'UTF8'));
    UPDATE audit_chains SET hash = NEW.hash WHERE tenant_id = NEW.tenant_id;
    RETURN NEW;
END $$;

-- What a foreign key from deliveries to endpoints would refuse, a statement at a time: to look each row's endpoint up by
-- itself, and to lock it, takes a sixth of what writing the row takes. A delivery goes to an endpoint of its tenant, keeps it,
-- and what it refers to stays.
CREATE FUNCTION "refuse_foreign_endpoints"() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM FROM fresh f
    WHERE (SELECT e.id FROM endpoints e WHERE e.tenant_id = f.tenant_id AND e.id = f.endpoint_id) IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A delivery goes to an endpoint of its tenant' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION "refuse_new_references"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A delivery keeps its tenant and its endpoint, and an endpoint stays: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation';
END $$;

CREATE TRIGGER "deliveries_made_referring" AFTER INSERT ON "deliveries"
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION "refuse_foreign_endpoints"();
CREATE TRIGGER "deliveries_refer_for_ever" BEFORE UPDATE OF "tenant_id", "endpoint_id" ON "deliveries"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_new_references"();
CREATE TRIGGER "endpoints_kept" BEFORE DELETE OR UPDATE OF "id", "tenant_id" ON "endpoints"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_new_references"();

CREATE FUNCTION "refuse_audit_change"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$;

CREATE TRIGGER "audit_entries_chained" BEFORE INSERT ON "audit_entries"
    FOR EACH ROW EXECUTE FUNCTION "chain_audit_entry"();
CREATE TRIGGER "audit_entries_kept" BEFORE UPDATE OR DELETE ON "audit_entries"
    FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_entries_not_emptied" BEFORE TRUNCATE ON "audit_entries"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_chains_kept" BEFORE DELETE ON "audit_chains"
    FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_chains_not_emptied" BEFORE TRUNCATE ON "audit_chains"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();

-- The least UUID of a moment (packages/domain/src/uuid-time.ts).
CREATE FUNCTION "uuid_floor"(moment timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Events, deliveries and attempts of a span of time are tables of their own, so that all of it can go at once. An attempt
-- stands beside its delivery, so their foreign key is between two tables of one span, and in no detaching's way.
CREATE FUNCTION "create_partition_tables"(suffix text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    parent text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['events', 'deliveries', 'attempts'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', parent || suffix, parent);
    END LOOP;
    -- Claiming sets the lease alone, which no index covers: room on the page keeps that update cheap (HOT).
    EXECUTE format('ALTER TABLE %I SET (fillfactor = 80)', 'deliveries' || suffix);
    -- An index alone answers only for pages that a vacuum has seen; rows are only ever added here, so it must come for those.
    EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_insert_scale_factor = 0.02)', 'attempts' || suffix);
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', 'deliveries' || suffix);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT attempts_delivery_id_fkey FOREIGN KEY (delivery_id)
                    REFERENCES %I (id) ON DELETE RESTRICT ON UPDATE CASCADE', 'attempts' || suffix, 'deliveries' || suffix);
END $$;

-- Makes the tables of the span from one midnight (UTC) to another, and lets them take its rows, with what the default
-- partition already has of them. Attaching, unlike creating in place, lets everybody go on meanwhile.
CREATE FUNCTION "add_partition"(starts timestamptz, ends timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    suffix text := to_char(starts AT TIME ZONE 'UTC', '"_"YYYYMMDD');
    parents text[] := ARRAY['events', 'deliveries', 'attempts'];
    keys text[] := ARRAY['id', 'id', 'delivery_id'];
BEGIN
    PERFORM create_partition_tables(suffix);
    LOCK TABLE events_default, deliveries_default, attempts_default IN ACCESS EXCLUSIVE MODE;
    FOR n IN 1..3 LOOP
        EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %I >= %L AND %3$I < %5$L', parents[n] || suffix,
                       parents[n] || '_default', keys[n], uuid_floor(starts), uuid_floor(ends));
    END LOOP;
    FOR n IN REVERSE 3..1 LOOP
        EXECUTE format('DELETE FROM %I WHERE %I >= %L AND %2$I < %4$L', parents[n] || '_default', keys[n],
                       uuid_floor(starts), uuid_floor(ends));
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       parents[n], parents[n] || suffix, uuid_floor(starts), uuid_floor(ends));
    END LOOP;
END $$;

-- What no other partition takes: ids of a clock that is far off, rows of a time in which nobody added partitions, and what
-- is still wanted of a partition that went. So no insert ever fails for want of a partition.
SELECT "create_partition_tables"('_default');
ALTER TABLE "events" ATTACH PARTITION "events_default" DEFAULT;
ALTER TABLE "deliveries" ATTACH PARTITION "deliveries_default" DEFAULT;
ALTER TABLE "attempts" ATTACH PARTITION "attempts_default" DEFAULT;

-- The first ones, whole weeks; dispatchers add the others in good time.
SELECT "add_partition"(week + n * interval '168 hours', week + (n + 1) * interval '168 hours')
FROM (SELECT date_trunc('week', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS week) t, generate_series(0, 1) n;
