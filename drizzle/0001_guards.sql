-- What Drizzle's schema cannot say: the ledger's sequence, partitions, row-level security, append-only tables, privileges.

CREATE SEQUENCE "events_n";--> statement-breakpoint
ALTER TABLE "events" ALTER COLUMN "n" SET DEFAULT nextval('events_n');--> statement-breakpoint

-- jsonb of an event is read whole or not at all; lz4 where the server was built with it.
DO $$ BEGIN
  ALTER TABLE "events" ALTER COLUMN "body" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN NULL;
END $$;--> statement-breakpoint

-- Counters are updated in place far more often than rows are added.
ALTER TABLE "spend_rollup" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "health_rollup" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "verification_rollup" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "ingest_counters" SET (fillfactor = 70);--> statement-breakpoint
ALTER TABLE "runs" SET (fillfactor = 80);--> statement-breakpoint

-- Makes the partition of one UTC day. The writer calls it for days not seen yet; attaching (instead of CREATE … PARTITION OF) lets readers and
-- writers of the parent go on. No default partition: a row in it would block adding its day.
CREATE FUNCTION ensure_partition(parent text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  name text := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
  lower timestamptz := day::timestamp AT TIME ZONE 'UTC';
  upper timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  IF parent NOT IN ('events', 'spans') THEN RAISE EXCEPTION 'no partitioned table %', parent; END IF;
  IF to_regclass('public.' || name) IS NOT NULL THEN RETURN false; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('andon.partition.' || parent));
  -- Asked of the catalog itself: waiting for an advisory lock does not refresh what to_regclass remembers.
  IF EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace) THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)', name, parent);
  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', parent, name, lower, upper);
  RETURN true;
END $$;--> statement-breakpoint

-- Drops the partitions that end on or before the day; returns their names.
CREATE FUNCTION drop_partitions_before(parent text, day date) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  child text;
BEGIN
  IF parent NOT IN ('events', 'spans') THEN RAISE EXCEPTION 'no partitioned table %', parent; END IF;
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = ('public.' || parent)::regclass AND right(c.relname, 8) < to_char(day, 'YYYYMMDD') ORDER BY 1
  LOOP
    EXECUTE format('DROP TABLE public.%I', child);
    RETURN NEXT child;
  END LOOP;
END $$;--> statement-breakpoint

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER prices_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "prices" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint

-- Second wall: a query without its project sees nothing. nullif, because a pooled connection keeps the empty string after its first use.
CREATE FUNCTION scoped_projects() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.project_ids', true), '')::int[] $$;--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['event_keys', 'events', 'dimension_sets', 'dimension_names', 'dead_letters', 'ingest_counters', 'spans', 'runs',
    'verifications', 'spend_rollup', 'health_rollup', 'verification_rollup', 'prices', 'audit_log', 'memberships', 'ingest_keys']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['event_keys', 'events', 'dimension_sets', 'dimension_names', 'dead_letters', 'ingest_counters', 'spans', 'runs',
    'verifications', 'spend_rollup', 'health_rollup', 'verification_rollup']
  LOOP
    EXECUTE format('CREATE POLICY scope ON %I USING (project_id = ANY ((SELECT scoped_projects())::int[]))', name);
  END LOOP;
END $$;--> statement-breakpoint
-- List prices and installation-wide audit rows belong to nobody.
CREATE POLICY scope ON "prices" USING (project_id IS NULL OR project_id = ANY ((SELECT scoped_projects())::int[]));--> statement-breakpoint
CREATE POLICY scope ON "audit_log" USING (project_id IS NULL OR project_id = ANY ((SELECT scoped_projects())::int[]));--> statement-breakpoint
-- Found before the scope is known: a person's own memberships, the key that a caller names.
CREATE POLICY scope ON "memberships" USING (project_id = ANY ((SELECT scoped_projects())::int[]) OR user_id = current_setting('app.user_id', true));--> statement-breakpoint
CREATE POLICY scope ON "ingest_keys" USING (project_id = ANY ((SELECT scoped_projects())::int[]) OR public_id = current_setting('app.key_public_id', true));--> statement-breakpoint

-- The application role; where the owner may not make roles, FORCE ROW LEVEL SECURITY carries the wall alone.
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN CREATE ROLE andon_app NOLOGIN NOBYPASSRLS; END IF;
  EXECUTE format('GRANT andon_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN RAISE NOTICE 'andon_app cannot be made here';
END $$;--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT USAGE ON SCHEMA public TO andon_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO andon_app;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO andon_app;
  REVOKE UPDATE, DELETE ON "audit_log", "prices" FROM andon_app;
  REVOKE UPDATE, DELETE ON "events", "event_keys" FROM andon_app;
  GRANT EXECUTE ON FUNCTION ensure_partition(text, date), drop_partitions_before(text, date) TO andon_app;
END $$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION ensure_partition(text, date), drop_partitions_before(text, date) FROM PUBLIC;
