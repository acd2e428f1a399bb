-- Step 4 of 4: VALIDATE scans while others read and write; SET NOT NULL then trusts the
-- constraint and scans nothing under its exclusive lock.
ALTER TABLE "chat_sessions" VALIDATE CONSTRAINT "chat_sessions_last_activity_at_present";--> statement-breakpoint
ALTER TABLE "chat_sessions" ALTER COLUMN "last_activity_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_sessions" DROP CONSTRAINT "chat_sessions_last_activity_at_present";
