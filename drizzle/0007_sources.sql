CREATE TABLE "source_counters" (
	"project_id" integer NOT NULL,
	"hour" timestamp(3) with time zone NOT NULL,
	"key_id" integer NOT NULL,
	"format" text NOT NULL,
	"convention" text NOT NULL,
	"accepted" bigint DEFAULT '0' NOT NULL,
	"duplicates" bigint DEFAULT '0' NOT NULL,
	"conflicts" bigint DEFAULT '0' NOT NULL,
	"rejected" bigint DEFAULT '0' NOT NULL,
	"sanitized" bigint DEFAULT '0' NOT NULL,
	"ignored" bigint DEFAULT '0' NOT NULL,
	"lag_1s" bigint DEFAULT '0' NOT NULL,
	"lag_5s" bigint DEFAULT '0' NOT NULL,
	"lag_30s" bigint DEFAULT '0' NOT NULL,
	"lag_2m" bigint DEFAULT '0' NOT NULL,
	"lag_10m" bigint DEFAULT '0' NOT NULL,
	"lag_1h" bigint DEFAULT '0' NOT NULL,
	"lag_6h" bigint DEFAULT '0' NOT NULL,
	"lag_1d" bigint DEFAULT '0' NOT NULL,
	"lag_more" bigint DEFAULT '0' NOT NULL,
	"lag_max_ms" bigint DEFAULT '0' NOT NULL,
	"last_at" timestamp(3) with time zone,
	CONSTRAINT "source_counters_pk" PRIMARY KEY("project_id","hour","key_id","format","convention")
);
--> statement-breakpoint
CREATE TABLE "source_marks" (
	"project_id" integer NOT NULL,
	"hour" timestamp(3) with time zone NOT NULL,
	"key_id" integer NOT NULL,
	"format" text NOT NULL,
	"convention" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"n" bigint DEFAULT '0' NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	"run_id" text,
	CONSTRAINT "source_marks_pk" PRIMARY KEY("project_id","hour","key_id","format","convention","kind","name")
);
--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "form" text DEFAULT 'native' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "seq_first" bigint;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "seq_last" bigint;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "seq_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Updated in place far more often than rows are added.
ALTER TABLE "source_counters" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "source_marks" SET (fillfactor = 70);--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['source_counters', 'source_marks']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
END $$;--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT, UPDATE ON "source_counters", "source_marks" TO andon_app;
END $$;--> statement-breakpoint

-- What is there already. Row-level security binds the owner too.
SELECT set_config('app.project_ids', (SELECT coalesce(array_agg(id), '{}')::text FROM projects), true);--> statement-breakpoint
UPDATE runs r SET seq_first = e.first, seq_last = e.last, seq_count = e.n FROM (
    SELECT project_id, run_id, min((body->>'seq')::bigint) AS first, max((body->>'seq')::bigint) AS last, count(*) AS n
    FROM events WHERE run_id <> '' AND body ? 'seq' GROUP BY 1, 2
  ) e WHERE r.project_id = e.project_id AND r.id = e.run_id;--> statement-breakpoint
-- Through which door the earlier ones came was not counted.
INSERT INTO source_counters (project_id, hour, key_id, format, convention, accepted, duplicates, conflicts, rejected, sanitized, last_at)
  SELECT project_id, hour, key_id, 'unknown', '', accepted, duplicates, conflicts, rejected, sanitized, CASE WHEN accepted > 0 THEN last_at END
  FROM ingest_counters;
