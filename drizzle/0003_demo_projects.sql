ALTER TABLE "projects" ADD COLUMN "is_demo" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Scenarios have named their projects so from the beginning.
UPDATE "projects" SET "is_demo" = true WHERE "name" LIKE '%(seeded demo data)';--> statement-breakpoint

-- A project is born with the mark or never has it: nobody makes a real one removable.
CREATE FUNCTION keep_demo_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'projects.is_demo is given at birth' USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER projects_demo_mark BEFORE UPDATE ON "projects" FOR EACH ROW WHEN (NEW.is_demo IS DISTINCT FROM OLD.is_demo) EXECUTE FUNCTION keep_demo_mark();--> statement-breakpoint

-- Append-only tables give up the rows of a demo project while it is removed, and nothing else: the statement must come from
-- remove_demo_rows, and each row must belong to the project that is being removed and marked.
CREATE FUNCTION refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  removing int := nullif(current_setting('app.removing_demo', true), '')::int;
BEGIN
  IF TG_LEVEL = 'STATEMENT' AND removing IS NOT NULL THEN RETURN NULL; END IF;
  IF TG_LEVEL = 'ROW' AND OLD.project_id = removing AND EXISTS (SELECT FROM projects WHERE id = removing AND is_demo) THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['prices', 'exception_log']
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %I', name || '_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete()', name || '_kept', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_delete()', name || '_kept_rows', name);
  END LOOP;
END $$;--> statement-breakpoint

-- The tables that hold rows of projects, whatever later migrations add. The audit log stays: it says who made and who removed the project.
CREATE FUNCTION demo_tables() RETURNS SETOF text LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'project_id' AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'audit_log' ORDER BY 1
$$;--> statement-breakpoint

-- Deletes a demo project's rows from one table, of one UTC day where it is partitioned. Refuses a project without the mark.
CREATE FUNCTION remove_demo_rows(project int, target text, day date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  removed bigint;
  at text := CASE target WHEN 'events' THEN 'received_at' WHEN 'spans' THEN 'started_at' END;
BEGIN
  IF NOT EXISTS (SELECT FROM projects p WHERE p.id = project AND p.is_demo) THEN
    RAISE EXCEPTION 'project % is no demo project', project USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (SELECT FROM demo_tables() t WHERE t = target) THEN RAISE EXCEPTION 'no table % of projects', target; END IF;
  -- Row-level security binds the owner too.
  PERFORM set_config('app.project_ids', format('{%s}', project), true), set_config('app.removing_demo', project::text, true);
  IF day IS NULL THEN
    EXECUTE format('DELETE FROM public.%I WHERE project_id = $1', target) USING project;
  ELSE
    EXECUTE format('DELETE FROM public.%I WHERE project_id = $1 AND %I >= $2 AND %I < $3', target, at, at)
      USING project, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC';
  END IF;
  GET DIAGNOSTICS removed = ROW_COUNT;
  PERFORM set_config('app.removing_demo', '', true);
  RETURN removed;
END $$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION remove_demo_rows(int, text, date) FROM PUBLIC;--> statement-breakpoint
DO $$ BEGIN
  IF to_regrole('andon_app') IS NULL THEN RETURN; END IF;
  GRANT EXECUTE ON FUNCTION remove_demo_rows(int, text, date) TO andon_app;
END $$;
