import { sql } from "drizzle-orm"
import { boolean, integer, pgTable, primaryKey, serial, text, uniqueIndex } from "drizzle-orm/pg-core"
import { users } from "./auth"
import { instant } from "./columns"
import { projects } from "./projects"

/** A page with its query string under a name: a person's own, or shared with the project. Few rows, read whole. */
export const savedViews = pgTable(
  "saved_views",
  {
    project_id: integer()
      .notNull()
      .references(() => projects.id),
    id: serial().notNull(),
    user_id: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    path: text().notNull(),
    query: text().notNull(),
    is_shared: boolean().notNull().default(false),
    created_at: instant().notNull().defaultNow(),
    updated_at: instant().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.id] }),
    // A name means one thing to one reader: among the own ones, and among the shared ones.
    uniqueIndex("saved_views_own").on(t.project_id, t.user_id, sql`lower(${t.name})`),
    uniqueIndex("saved_views_shared").on(t.project_id, sql`lower(${t.name})`).where(sql`${t.is_shared}`),
  ],
)
