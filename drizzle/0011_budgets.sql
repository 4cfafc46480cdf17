CREATE TABLE "budget_alarms" (
	"project_id" integer NOT NULL,
	"budget_id" integer NOT NULL,
	"period_from" timestamp(3) with time zone NOT NULL,
	"mark" text NOT NULL,
	"facts" jsonb NOT NULL,
	"raised_at" timestamp(3) with time zone NOT NULL,
	"cleared_at" timestamp(3) with time zone,
	"calm_since" timestamp(3) with time zone,
	"times" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "budget_alarms_project_id_budget_id_period_from_mark_pk" PRIMARY KEY("project_id","budget_id","period_from","mark")
);
--> statement-breakpoint
CREATE TABLE "budget_caps" (
	"project_id" integer NOT NULL,
	"budget_id" integer NOT NULL,
	"period_from" timestamp(3) with time zone NOT NULL,
	"passed_at" timestamp(3) with time zone NOT NULL,
	"used" numeric NOT NULL,
	"amount" numeric NOT NULL,
	CONSTRAINT "budget_caps_project_id_budget_id_period_from_pk" PRIMARY KEY("project_id","budget_id","period_from")
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"project_id" integer NOT NULL,
	"id" integer NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"scope" text NOT NULL,
	"scope_value" text DEFAULT '' NOT NULL,
	"amount" numeric NOT NULL,
	"period" text NOT NULL,
	"cap" text DEFAULT 'none' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"is_ended" boolean DEFAULT false NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budgets_project_id_id_version_pk" PRIMARY KEY("project_id","id","version"),
	CONSTRAINT "budgets_amount" CHECK ("budgets"."amount" > 0 and "budgets"."amount" < 'Infinity'),
	CONSTRAINT "budgets_scope" CHECK ("budgets"."scope" in ('project', 'workflow', 'team', 'model', 'key')),
	CONSTRAINT "budgets_period" CHECK ("budgets"."period" in ('day', 'week', 'month')),
	CONSTRAINT "budgets_cap" CHECK ("budgets"."cap" in ('none', 'new_runs', 'all_runs'))
);
--> statement-breakpoint
CREATE INDEX "budget_alarms_active" ON "budget_alarms" USING btree ("project_id","budget_id") WHERE "budget_alarms"."cleared_at" is null;--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['budgets', 'budget_alarms', 'budget_caps']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
END $$;--> statement-breakpoint
CREATE TRIGGER budgets_append_only BEFORE UPDATE OR TRUNCATE ON "budgets" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER budgets_kept BEFORE DELETE ON "budgets" FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete();--> statement-breakpoint
CREATE TRIGGER budgets_kept_rows BEFORE DELETE ON "budgets" FOR EACH ROW EXECUTE FUNCTION refuse_delete();--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT SELECT, INSERT ON "budgets" TO andon_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON "budget_alarms", "budget_caps" TO andon_app;
END $$;
