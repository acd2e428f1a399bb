-- Step 1 of 4 towards NOT NULL. In two statements: the default then holds for new rows only,
-- and 0009 can tell the old ones by their NULL.
ALTER TABLE "chat_sessions" ADD COLUMN "last_activity_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chat_sessions" ALTER COLUMN "last_activity_at" SET DEFAULT now();
