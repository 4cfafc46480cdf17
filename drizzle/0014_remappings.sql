ALTER TABLE "repricings" ADD COLUMN "kind" text DEFAULT 'prices' NOT NULL;--> statement-breakpoint
ALTER TABLE "repricings" ADD COLUMN "convention" text;