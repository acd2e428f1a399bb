-- Step 2 of 4: the newest message, or the start of a chat session in which nothing was said.
UPDATE "chat_sessions" AS "session"
SET "last_activity_at" = coalesce(
	(SELECT max("message"."created_at") FROM "messages" AS "message" WHERE "message"."chat_session_id" = "session"."id"),
	"session"."created_at"
)
WHERE "session"."last_activity_at" IS NULL;
