CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"subject" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"window_started_at" timestamp(3) with time zone NOT NULL,
	"blocked_until" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setup_tokens" (
	"id" serial PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"used_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"is_admin" boolean DEFAULT false NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"project_id" integer,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"target" text,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"request_id" text,
	"ip" text
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"kind" text NOT NULL,
	"code" text NOT NULL,
	"field" text,
	"message" text NOT NULL,
	"event_id" text,
	"raw" text NOT NULL,
	"raw_hash" uuid NOT NULL,
	"key_id" integer NOT NULL,
	"request_id" text NOT NULL,
	"first_at" timestamp(3) with time zone NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"replayed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "dimension_names" (
	"project_id" integer NOT NULL,
	"dimension" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "dimension_names_project_id_dimension_name_pk" PRIMARY KEY("project_id","dimension","name")
);
--> statement-breakpoint
CREATE TABLE "dimension_sets" (
	"id" serial PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"digest" uuid NOT NULL,
	"provider" text,
	"model" text,
	"workflow" text,
	"step" text,
	"environment" text,
	"release" text,
	"team" text,
	"customer" text,
	"key_id" integer
);
--> statement-breakpoint
CREATE TABLE "event_keys" (
	"project_id" integer NOT NULL,
	"key" uuid NOT NULL,
	"body_hash" uuid NOT NULL,
	CONSTRAINT "event_keys_project_id_key_pk" PRIMARY KEY("project_id","key")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"n" bigint NOT NULL,
	"project_id" integer NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"run_id" text NOT NULL,
	"span_id" text NOT NULL,
	"key_id" integer NOT NULL,
	"body" jsonb NOT NULL,
	"entry" jsonb NOT NULL
) PARTITION BY RANGE ("received_at");
--> statement-breakpoint
CREATE TABLE "ingest_counters" (
	"project_id" integer NOT NULL,
	"key_id" integer NOT NULL,
	"hour" timestamp(3) with time zone NOT NULL,
	"accepted" bigint DEFAULT '0' NOT NULL,
	"duplicates" bigint DEFAULT '0' NOT NULL,
	"conflicts" bigint DEFAULT '0' NOT NULL,
	"rejected" bigint DEFAULT '0' NOT NULL,
	"sanitized" bigint DEFAULT '0' NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "ingest_counters_project_id_key_id_hour_pk" PRIMARY KEY("project_id","key_id","hour")
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" serial PRIMARY KEY NOT NULL,
	"project_id" integer,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"prompt_above" integer DEFAULT 0 NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"input" numeric NOT NULL,
	"cache_read" numeric,
	"cache_write" numeric,
	"output" numeric NOT NULL,
	"reasoning" numeric,
	"audio_input" numeric,
	"audio_output" numeric,
	"source" text NOT NULL,
	"source_date" text NOT NULL,
	"created_by" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "health_rollup" (
	"project_id" integer NOT NULL,
	"grain" smallint NOT NULL,
	"bucket" timestamp(3) with time zone NOT NULL,
	"dimension_set_id" integer NOT NULL,
	"status" text NOT NULL,
	"proof" text NOT NULL,
	"runs" bigint NOT NULL,
	CONSTRAINT "health_rollup_project_id_grain_bucket_dimension_set_id_status_proof_pk" PRIMARY KEY("project_id","grain","bucket","dimension_set_id","status","proof")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"project_id" integer NOT NULL,
	"id" text NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"last_event_at" timestamp(3) with time zone NOT NULL,
	"workflow" text,
	"agent" text,
	"environment" text,
	"release" text,
	"team" text,
	"customer" text,
	"tags" jsonb,
	"plan" jsonb,
	"checks" jsonb,
	"status" text NOT NULL,
	"proof" text NOT NULL,
	"proof_reasons" jsonb NOT NULL,
	"hold" text,
	"is_partial" boolean NOT NULL,
	"halt_step" text,
	"halt_reason" text,
	"halt_by" text,
	"halt_rule" text,
	"output_sha256" text,
	"notes" jsonb NOT NULL,
	"facts" jsonb NOT NULL,
	"dimension_set_id" integer NOT NULL,
	"spans" integer DEFAULT 0 NOT NULL,
	"steps" integer DEFAULT 0 NOT NULL,
	"errors" integer DEFAULT 0 NOT NULL,
	"verifications" integer DEFAULT 0 NOT NULL,
	"failed_verifications" integer DEFAULT 0 NOT NULL,
	"calls" integer DEFAULT 0 NOT NULL,
	"unpriced_calls" integer DEFAULT 0 NOT NULL,
	"input" bigint DEFAULT '0' NOT NULL,
	"cache_read" bigint DEFAULT '0' NOT NULL,
	"cache_write" bigint DEFAULT '0' NOT NULL,
	"output" bigint DEFAULT '0' NOT NULL,
	"reasoning" bigint DEFAULT '0' NOT NULL,
	"audio_input" bigint DEFAULT '0' NOT NULL,
	"audio_output" bigint DEFAULT '0' NOT NULL,
	"cost" numeric DEFAULT '0' NOT NULL,
	"reported_cost" numeric DEFAULT '0' NOT NULL,
	"computed_cost" numeric DEFAULT '0' NOT NULL,
	"has_rollup_usage" boolean DEFAULT false NOT NULL,
	"first_span_at" timestamp(3) with time zone,
	"last_span_at" timestamp(3) with time zone,
	"first_received_at" timestamp(3) with time zone NOT NULL,
	"last_received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "runs_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "spans" (
	"project_id" integer NOT NULL,
	"run_id" text NOT NULL,
	"span_id" text NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"ended_at" timestamp(3) with time zone,
	"parent_id" text,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"status" text,
	"error" text,
	"step" text,
	"attempt" integer,
	"outcome" text,
	"boundaries" jsonb,
	"provider" text,
	"model" text,
	"dimension_set_id" integer NOT NULL,
	"key_id" integer NOT NULL,
	"placement" jsonb,
	"input" bigint,
	"cache_read" bigint,
	"cache_write" bigint,
	"output" bigint,
	"reasoning" bigint,
	"audio_input" bigint,
	"audio_output" bigint,
	"is_counted" boolean NOT NULL,
	"is_call" boolean NOT NULL,
	"cost" numeric,
	"cost_source" text,
	"reported_cost" numeric,
	"computed_cost" numeric,
	"price_id" integer,
	"is_estimated" boolean NOT NULL,
	"is_time_suspect" boolean NOT NULL,
	"has_start" boolean NOT NULL,
	"event_count" integer NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "spans_project_id_run_id_span_id_started_at_pk" PRIMARY KEY("project_id","run_id","span_id","started_at"),
	CONSTRAINT "spans_cost" CHECK ("spans"."cost" >= 0 and "spans"."cost" < 'Infinity')
) PARTITION BY RANGE ("started_at");
--> statement-breakpoint
CREATE TABLE "spend_rollup" (
	"project_id" integer NOT NULL,
	"grain" smallint NOT NULL,
	"bucket" timestamp(3) with time zone NOT NULL,
	"dimension_set_id" integer NOT NULL,
	"calls" bigint NOT NULL,
	"errors" bigint NOT NULL,
	"unpriced_calls" bigint NOT NULL,
	"input" bigint DEFAULT '0' NOT NULL,
	"cache_read" bigint DEFAULT '0' NOT NULL,
	"cache_write" bigint DEFAULT '0' NOT NULL,
	"output" bigint DEFAULT '0' NOT NULL,
	"reasoning" bigint DEFAULT '0' NOT NULL,
	"audio_input" bigint DEFAULT '0' NOT NULL,
	"audio_output" bigint DEFAULT '0' NOT NULL,
	"cost" numeric NOT NULL,
	"reported_cost" numeric NOT NULL,
	"computed_cost" numeric NOT NULL,
	CONSTRAINT "spend_rollup_project_id_grain_bucket_dimension_set_id_pk" PRIMARY KEY("project_id","grain","bucket","dimension_set_id")
);
--> statement-breakpoint
CREATE TABLE "verification_rollup" (
	"project_id" integer NOT NULL,
	"grain" smallint NOT NULL,
	"bucket" timestamp(3) with time zone NOT NULL,
	"dimension_set_id" integer NOT NULL,
	"check_name" text NOT NULL,
	"outcome" text NOT NULL,
	"verifications" bigint NOT NULL,
	CONSTRAINT "verification_rollup_project_id_grain_bucket_dimension_set_id_check_name_outcome_pk" PRIMARY KEY("project_id","grain","bucket","dimension_set_id","check_name","outcome")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"project_id" integer NOT NULL,
	"id" text NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"seq" bigint,
	"step" text,
	"check_name" text NOT NULL,
	"outcome" text NOT NULL,
	"score" numeric,
	"threshold" numeric,
	"evidence" text,
	"artifact" text,
	"verifier_name" text,
	"verifier_hash" text,
	"dimension_set_id" integer NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "verifications_project_id_id_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "ingest_keys" (
	"id" serial PRIMARY KEY NOT NULL,
	"project_id" integer NOT NULL,
	"public_id" text NOT NULL,
	"secret_hmac" text NOT NULL,
	"last4" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"environment" text,
	"created_by" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"last_used_at" timestamp(3) with time zone,
	"last_used_ip" text,
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"project_id" integer NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memberships_project_id_user_id_pk" PRIMARY KEY("project_id","user_id"),
	CONSTRAINT "memberships_role" CHECK ("memberships"."role" in ('viewer', 'operator', 'finance'))
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" serial PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"zone" text DEFAULT 'UTC' NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"prefers_reported_cost" boolean DEFAULT true NOT NULL,
	"sealed_before" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingest_keys" ADD CONSTRAINT "ingest_keys_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token" ON "sessions" USING btree ("token");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "audit_log_project" ON "audit_log" USING btree ("project_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letters_same" ON "dead_letters" USING btree ("project_id","code","raw_hash");--> statement-breakpoint
CREATE INDEX "dead_letters_recent" ON "dead_letters" USING btree ("project_id","last_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "dimension_sets_digest" ON "dimension_sets" USING btree ("project_id","digest");--> statement-breakpoint
CREATE INDEX "events_run_span" ON "events" USING btree ("project_id","run_id","span_id");--> statement-breakpoint
CREATE INDEX "prices_lookup" ON "prices" USING btree ("provider","model","valid_from");--> statement-breakpoint
CREATE INDEX "runs_recent" ON "runs" USING btree ("project_id","started_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "runs_workflow" ON "runs" USING btree ("project_id","workflow","started_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "runs_halted" ON "runs" USING btree ("project_id","started_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "runs"."status" in ('halted', 'halting');--> statement-breakpoint
CREATE INDEX "runs_needing_proof" ON "runs" USING btree ("project_id","started_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "runs"."proof" in ('unproven', 'failed');--> statement-breakpoint
CREATE INDEX "spans_calls" ON "spans" USING btree ("project_id","started_at" DESC NULLS LAST) WHERE "spans"."is_call";--> statement-breakpoint
CREATE INDEX "spans_steps" ON "spans" USING btree ("project_id","run_id") WHERE "spans"."kind" = 'step';--> statement-breakpoint
CREATE INDEX "verifications_run" ON "verifications" USING btree ("project_id","run_id");--> statement-breakpoint
CREATE INDEX "verifications_recent" ON "verifications" USING btree ("project_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "verifications_not_passed" ON "verifications" USING btree ("project_id","at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "verifications"."outcome" <> 'passed';--> statement-breakpoint
CREATE UNIQUE INDEX "ingest_keys_public_id" ON "ingest_keys" USING btree ("public_id");--> statement-breakpoint
CREATE UNIQUE INDEX "projects_slug" ON "projects" USING btree ("slug");