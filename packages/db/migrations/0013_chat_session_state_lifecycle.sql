-- PostgreSQL cannot take values out of an enum, so the type is replaced: rename, recreate, drop.
-- The index goes first and comes back last, because its predicate names a value of the old type.
DROP INDEX "chat_sessions_running_idx";--> statement-breakpoint
ALTER TABLE "chat_sessions" ALTER COLUMN "state" DROP DEFAULT;--> statement-breakpoint
ALTER TYPE "public"."chat_session_state" RENAME TO "chat_session_state_old";--> statement-breakpoint
CREATE TYPE "public"."chat_session_state" AS ENUM('draft', 'active', 'completed', 'archived');--> statement-breakpoint
-- No ELSE: a value that is not listed becomes NULL, and the column's NOT NULL stops the migration.
ALTER TABLE "chat_sessions" ALTER COLUMN "state" SET DATA TYPE "public"."chat_session_state" USING (
	CASE "state"::text
		WHEN 'open' THEN 'active'
		WHEN 'paused' THEN 'active'
		WHEN 'finished' THEN 'completed'
		WHEN 'aborted' THEN 'archived'
	END
)::"public"."chat_session_state";--> statement-breakpoint
ALTER TABLE "chat_sessions" ALTER COLUMN "state" SET DEFAULT 'active';--> statement-breakpoint
DROP TYPE "public"."chat_session_state_old";--> statement-breakpoint
CREATE INDEX "chat_sessions_running_idx" ON "chat_sessions" USING btree ("tool_id") WHERE "chat_sessions"."state" = 'active';
