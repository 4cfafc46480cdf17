CREATE TABLE "periods" (
	"project_id" integer NOT NULL,
	"id" serial NOT NULL,
	"month" text NOT NULL,
	"act" text NOT NULL,
	"from_at" timestamp(3) with time zone NOT NULL,
	"to_at" timestamp(3) with time zone NOT NULL,
	"cost" numeric NOT NULL,
	"calls" bigint NOT NULL,
	"unpriced_calls" bigint NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "periods_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "periods_act" CHECK ("periods"."act" in ('closed', 'reopened'))
);
--> statement-breakpoint
ALTER TABLE "spans" ADD COLUMN "began_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "spans" ADD COLUMN "late_events" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "periods_month" ON "periods" USING btree ("project_id","month","id" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "periods" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "periods" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY scope ON "periods" USING (project_id = ANY ((SELECT scoped_projects())::int[]));--> statement-breakpoint
CREATE TRIGGER periods_append_only BEFORE UPDATE OR TRUNCATE ON "periods" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER periods_kept BEFORE DELETE ON "periods" FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete();--> statement-breakpoint
CREATE TRIGGER periods_kept_rows BEFORE DELETE ON "periods" FOR EACH ROW EXECUTE FUNCTION refuse_delete();--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT ON "periods" TO andon_app;
  GRANT USAGE ON SEQUENCE "periods_id_seq" TO andon_app;
END $$;
