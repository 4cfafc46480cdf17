CREATE TABLE "alert_attempts" (
	"project_id" integer NOT NULL,
	"message_id" text NOT NULL,
	"n" smallint NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"ms" integer NOT NULL,
	"status" integer,
	"error" text,
	"excerpt" text,
	CONSTRAINT "alert_attempts_project_id_message_id_n_pk" PRIMARY KEY("project_id","message_id","n")
);
--> statement-breakpoint
CREATE TABLE "alert_channels" (
	"project_id" integer NOT NULL,
	"id" integer NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"sealed" text,
	"region" text,
	"body_format" text,
	"min_severity" text NOT NULL,
	"kinds" text[] NOT NULL,
	"workflows" text[] NOT NULL,
	"escalation_level" smallint DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'active' NOT NULL,
	"disabled_reason" text,
	"disabled_at" timestamp(3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp(3) with time zone,
	"failing_since" timestamp(3) with time zone,
	"last_error" text,
	"last_delivered_at" timestamp(3) with time zone,
	CONSTRAINT "alert_channels_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "alert_channels_kind" CHECK ("alert_channels"."kind" in ('slack', 'pagerduty', 'webhook', 'email')),
	CONSTRAINT "alert_channels_state" CHECK ("alert_channels"."state" in ('active', 'disabled')),
	CONSTRAINT "alert_channels_level" CHECK ("alert_channels"."escalation_level" between 0 and 2)
);
--> statement-breakpoint
CREATE TABLE "alert_deliveries" (
	"project_id" integer NOT NULL,
	"id" bigserial NOT NULL,
	"channel_id" integer NOT NULL,
	"action" text NOT NULL,
	"exception_id" bigint,
	"fingerprint" text,
	"dedupe" text NOT NULL,
	"subject" text NOT NULL,
	"facts" jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"reason" text,
	"message_id" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp(3) with time zone NOT NULL,
	"leased_until" timestamp(3) with time zone,
	"tries" smallint DEFAULT 0 NOT NULL,
	"delivered_at" timestamp(3) with time zone,
	CONSTRAINT "alert_deliveries_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "alert_deliveries_state" CHECK ("alert_deliveries"."state" in ('pending', 'delivered', 'parked', 'dropped'))
);
--> statement-breakpoint
CREATE TABLE "alert_settings" (
	"project_id" integer PRIMARY KEY NOT NULL,
	"no_data_minutes" integer,
	"changed_by" text NOT NULL,
	"changed_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alert_settings_no_data" CHECK ("alert_settings"."no_data_minutes" between 5 and 10080)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "alert_channels_name" ON "alert_channels" USING btree ("project_id",lower("name")) WHERE "alert_channels"."removed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_deliveries_once" ON "alert_deliveries" USING btree ("project_id","channel_id","dedupe");--> statement-breakpoint
CREATE INDEX "alert_deliveries_due" ON "alert_deliveries" USING btree ("due_at") WHERE "alert_deliveries"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "alert_deliveries_open" ON "alert_deliveries" USING btree ("project_id","channel_id","state","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "alert_deliveries_exception" ON "alert_deliveries" USING btree ("project_id","exception_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "alert_deliveries_message" ON "alert_deliveries" USING btree ("project_id","message_id");--> statement-breakpoint
CREATE INDEX "alert_deliveries_chatter" ON "alert_deliveries" USING btree ("project_id","channel_id","fingerprint","created_at" DESC NULLS LAST);--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['alert_channels', 'alert_deliveries', 'alert_attempts', 'alert_settings']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
END $$;--> statement-breakpoint
-- What a try came to stands; it goes only with its age.
CREATE TRIGGER alert_attempts_append_only BEFORE UPDATE OR TRUNCATE ON "alert_attempts" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT, UPDATE ON "alert_channels" TO andon_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON "alert_deliveries", "alert_settings" TO andon_app;
  GRANT SELECT, INSERT, DELETE ON "alert_attempts" TO andon_app;
  GRANT USAGE ON SEQUENCE "alert_deliveries_id_seq" TO andon_app;
END $$;
