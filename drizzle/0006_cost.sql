CREATE TABLE "price_discounts" (
	"project_id" integer NOT NULL,
	"id" serial NOT NULL,
	"provider" text NOT NULL,
	"percent" numeric NOT NULL,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "price_discounts_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "price_discounts_percent" CHECK ("price_discounts"."percent" >= 0 and "price_discounts"."percent" <= 100)
);
--> statement-breakpoint
CREATE TABLE "repricings" (
	"project_id" integer NOT NULL,
	"id" serial NOT NULL,
	"state" text NOT NULL,
	"from_at" timestamp(3) with time zone NOT NULL,
	"to_at" timestamp(3) with time zone NOT NULL,
	"provider" text,
	"model" text,
	"reason" text NOT NULL,
	"book_version" text,
	"preview" jsonb,
	"result" jsonb,
	"undone" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp(3) with time zone,
	CONSTRAINT "repricings_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "service_tier" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "cache_write_1h" numeric;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "image_input" numeric;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "image_output" numeric;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "image" numeric;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "search" numeric;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "request" numeric;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "differing_calls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "spans" ADD COLUMN "billing" jsonb;--> statement-breakpoint
ALTER TABLE "spend_rollup" ADD COLUMN "differing_calls" bigint DEFAULT '0' NOT NULL;--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['price_discounts', 'repricings']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
END $$;--> statement-breakpoint
CREATE TRIGGER price_discounts_append_only BEFORE UPDATE OR TRUNCATE ON "price_discounts" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER price_discounts_kept BEFORE DELETE ON "price_discounts" FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete();--> statement-breakpoint
CREATE TRIGGER price_discounts_kept_rows BEFORE DELETE ON "price_discounts" FOR EACH ROW EXECUTE FUNCTION refuse_delete();--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT ON "price_discounts" TO andon_app;
  GRANT SELECT, INSERT, UPDATE ON "repricings" TO andon_app;
  GRANT USAGE ON SEQUENCE "price_discounts_id_seq", "repricings_id_seq" TO andon_app;
END $$;--> statement-breakpoint

-- Calls whose reported cost is off the computed one, of the rows that are there already. Row-level security binds the owner too.
SELECT set_config('app.project_ids', (SELECT coalesce(array_agg(id), '{}')::text FROM projects), true);--> statement-breakpoint
CREATE TEMP TABLE differing ON COMMIT DROP AS
  SELECT s.project_id, s.run_id, s.dimension_set_id, date_bin('15 minutes', s.started_at, 'epoch'::timestamptz) AS bucket, count(*) AS calls
  FROM spans s WHERE s.is_call AND abs(s.reported_cost - s.computed_cost) > s.computed_cost * 0.02 GROUP BY 1, 2, 3, 4;--> statement-breakpoint
UPDATE runs r SET differing_calls = d.calls FROM (SELECT project_id, run_id, sum(calls) AS calls FROM differing GROUP BY 1, 2) d
  WHERE r.project_id = d.project_id AND r.id = d.run_id;--> statement-breakpoint
UPDATE spend_rollup r SET differing_calls = d.calls FROM (
    SELECT project_id, 15 AS grain, bucket, dimension_set_id, sum(calls) AS calls FROM differing GROUP BY 1, 3, 4
    UNION ALL
    SELECT d.project_id, 1440, date_trunc('day', d.bucket, p.zone), d.dimension_set_id, sum(d.calls) FROM differing d JOIN projects p ON p.id = d.project_id GROUP BY 1, 3, 4
  ) d WHERE r.project_id = d.project_id AND r.grain = d.grain AND r.bucket = d.bucket AND r.dimension_set_id = d.dimension_set_id;
