ALTER TABLE "runs" ADD COLUMN "halt_observed" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "halt_limit" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "halt_unit" text;