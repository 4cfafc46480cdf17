DROP INDEX "exception_runs_halt";--> statement-breakpoint
ALTER TABLE "exception_runs" DROP CONSTRAINT "exception_runs_project_id_exception_id_run_id_pk";--> statement-breakpoint
ALTER TABLE "exception_runs" ADD COLUMN "subject" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "exception_runs" ADD CONSTRAINT "exception_runs_project_id_exception_id_run_id_subject_pk" PRIMARY KEY("project_id","exception_id","run_id","subject");--> statement-breakpoint
ALTER TABLE "exception_runs" ADD COLUMN "step" text;--> statement-breakpoint
ALTER TABLE "exception_runs" ADD COLUMN "evidence" text;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "observed" text;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "limit_value" text;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "unit" text;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "violated_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "until_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "waits_since" timestamp(3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "escalation" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "exceptions" ADD COLUMN "escalated_at" timestamp(3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "exception_runs_condition" ON "exception_runs" USING btree ("project_id","run_id","kind","subject");