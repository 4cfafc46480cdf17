CREATE TABLE "exception_log" (
	"project_id" integer NOT NULL,
	"exception_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"assignee" text,
	"cause" text,
	"note" text,
	CONSTRAINT "exception_log_project_id_exception_id_n_pk" PRIMARY KEY("project_id","exception_id","n")
);
--> statement-breakpoint
CREATE TABLE "exception_runs" (
	"project_id" integer NOT NULL,
	"exception_id" bigint NOT NULL,
	"run_id" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"cleared_at" timestamp(3) with time zone,
	CONSTRAINT "exception_runs_project_id_exception_id_run_id_pk" PRIMARY KEY("project_id","exception_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "exceptions" (
	"project_id" integer NOT NULL,
	"id" bigserial NOT NULL,
	"kind" text NOT NULL,
	"severity" text NOT NULL,
	"fingerprint" text NOT NULL,
	"workflow" text,
	"rule" text,
	"step" text,
	"reason" text,
	"state" text NOT NULL,
	"rank" smallint GENERATED ALWAYS AS (case "state" when 'unack_active' then 0 when 'ack_active' then 1 when 'unack_cleared' then 2 when 'snoozed' then 3 when 'suppressed_by_design' then 4 else 5 end) STORED NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"count" integer DEFAULT 0 NOT NULL,
	"first_seen_at" timestamp(3) with time zone NOT NULL,
	"last_seen_at" timestamp(3) with time zone NOT NULL,
	"raised_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"raised_by" text NOT NULL,
	"acked_at" timestamp(3) with time zone,
	"acked_by" text,
	"assignee" text,
	"resolved_at" timestamp(3) with time zone,
	"resolved_by" text,
	"cause" text,
	"note" text,
	"previous_id" bigint,
	CONSTRAINT "exceptions_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "exceptions_count" CHECK ("exceptions"."count" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "exception_runs_halt" ON "exception_runs" USING btree ("project_id","run_id") WHERE "exception_runs"."kind" = 'halt';--> statement-breakpoint
CREATE INDEX "exception_runs_recent" ON "exception_runs" USING btree ("project_id","exception_id","at" DESC NULLS LAST,"run_id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "exceptions_open" ON "exceptions" USING btree ("project_id","fingerprint") WHERE "exceptions"."state" <> 'resolved';--> statement-breakpoint
CREATE INDEX "exceptions_fingerprint" ON "exceptions" USING btree ("project_id","fingerprint","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "exceptions_queue" ON "exceptions" USING btree ("project_id","rank","last_seen_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "exceptions_workflow" ON "exceptions" USING btree ("project_id","workflow","rank","last_seen_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint

-- Counters and states are updated in place.
ALTER TABLE "exceptions" SET (fillfactor = 80);--> statement-breakpoint
CREATE TRIGGER exception_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "exception_log" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['exceptions', 'exception_runs', 'exception_log']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
END $$;--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT, UPDATE, DELETE ON "exceptions", "exception_runs" TO andon_app;
  GRANT SELECT, INSERT ON "exception_log" TO andon_app;
  GRANT USAGE ON SEQUENCE "exceptions_id_seq" TO andon_app;
END $$;
