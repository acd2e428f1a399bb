-- Step 3 of 4: from here on no new NULL. NOT VALID reads no rows, so the lock is short;
-- 0011 drops this constraint again, which is why no snapshot knows it.
ALTER TABLE "chat_sessions" ADD CONSTRAINT "chat_sessions_last_activity_at_present" CHECK ("last_activity_at" IS NOT NULL) NOT VALID;
