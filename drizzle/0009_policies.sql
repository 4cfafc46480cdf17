CREATE TABLE "decisions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"run_id" text NOT NULL,
	"workflow" text,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"rule" text NOT NULL,
	"subject" text NOT NULL,
	"action" text NOT NULL,
	"policy_workflow" text,
	"policy_version" integer,
	"default_version" integer,
	"input" jsonb NOT NULL,
	"input_hash" text NOT NULL,
	"finding" jsonb NOT NULL,
	"is_late" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "directives" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"run_id" text,
	"workflow" text,
	"kind" text NOT NULL,
	"rule" text,
	"observed" text,
	"limit_value" text,
	"unit" text,
	"step" text,
	"reason" text,
	"issued_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"issued_by" text NOT NULL,
	"state" text DEFAULT 'issued' NOT NULL,
	"leased_by" text,
	"lease_token" uuid,
	"lease_until" timestamp(3) with time zone,
	"acked_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone,
	"detail" text
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"project_id" integer NOT NULL,
	"id" bigserial NOT NULL,
	"workflow" text NOT NULL,
	"version" integer NOT NULL,
	"document" jsonb NOT NULL,
	"hash" text NOT NULL,
	"author" text NOT NULL,
	"approver" text,
	"reason" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policies_project_id_workflow_version_pk" PRIMARY KEY("project_id","workflow","version")
);
--> statement-breakpoint
CREATE TABLE "run_acts" (
	"project_id" integer NOT NULL,
	"run_id" text NOT NULL,
	"n" integer NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"act" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"reason" text NOT NULL,
	"evidence" jsonb,
	"findings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "run_acts_project_id_run_id_n_pk" PRIMARY KEY("project_id","run_id","n")
);
--> statement-breakpoint
CREATE TABLE "run_findings" (
	"project_id" integer NOT NULL,
	"run_id" text NOT NULL,
	"rule" text NOT NULL,
	"subject" text NOT NULL,
	"action" text NOT NULL,
	"observed" text NOT NULL,
	"limit_value" text NOT NULL,
	"unit" text NOT NULL,
	"step" text,
	"text" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"is_incomplete" boolean NOT NULL,
	"effective_at" timestamp(3) with time zone,
	CONSTRAINT "run_findings_project_id_run_id_rule_subject_pk" PRIMARY KEY("project_id","run_id","rule","subject")
);
--> statement-breakpoint
CREATE TABLE "run_policies" (
	"project_id" integer NOT NULL,
	"run_id" text NOT NULL,
	"pin" bigint NOT NULL,
	"due_at" timestamp(3) with time zone,
	CONSTRAINT "run_policies_project_id_run_id_pk" PRIMARY KEY("project_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "workflow_acts" (
	"project_id" integer NOT NULL,
	"workflow" text NOT NULL,
	"n" integer NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"act" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"reason" text NOT NULL,
	"evidence" jsonb,
	CONSTRAINT "workflow_acts_project_id_workflow_n_pk" PRIMARY KEY("project_id","workflow","n")
);
--> statement-breakpoint
CREATE TABLE "workflow_states" (
	"project_id" integer NOT NULL,
	"workflow" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workflow_states_project_id_workflow_pk" PRIMARY KEY("project_id","workflow")
);
--> statement-breakpoint
ALTER TABLE "spans" ADD COLUMN "args_hash" text;--> statement-breakpoint
CREATE INDEX "decisions_run" ON "decisions" USING btree ("project_id","run_id","id");--> statement-breakpoint
CREATE INDEX "decisions_stops" ON "decisions" USING btree ("project_id","workflow","at") WHERE "decisions"."action" in ('halt', 'quarantine');--> statement-breakpoint
CREATE UNIQUE INDEX "directives_open" ON "directives" USING btree ("project_id","run_id","kind") WHERE "directives"."state" <> 'ended' and "directives"."run_id" is not null;--> statement-breakpoint
CREATE INDEX "directives_lines" ON "directives" USING btree ("project_id","workflow") WHERE "directives"."state" <> 'ended' and "directives"."run_id" is null;--> statement-breakpoint
CREATE INDEX "directives_recent" ON "directives" USING btree ("project_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "policies_id" ON "policies" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "policies_pinned" ON "policies" USING btree ("project_id","workflow","id");--> statement-breakpoint
CREATE INDEX "run_policies_due" ON "run_policies" USING btree ("due_at") WHERE "run_policies"."due_at" is not null;--> statement-breakpoint
ALTER TABLE "run_policies" SET (fillfactor = 80);--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['policies', 'run_policies', 'run_findings', 'decisions', 'directives', 'run_acts', 'workflow_states', 'workflow_acts']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
  -- What was decided, and what people did, stands.
  FOREACH name IN ARRAY ARRAY['policies', 'decisions', 'run_acts', 'workflow_acts']
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete()', name || '_kept', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_delete()', name || '_kept_rows', name);
  END LOOP;
END $$;--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT ON "policies", "decisions", "run_acts", "workflow_acts" TO andon_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON "run_policies", "run_findings", "directives", "workflow_states" TO andon_app;
  GRANT USAGE ON SEQUENCE "policies_id_seq", "decisions_id_seq", "directives_id_seq" TO andon_app;
END $$;
