-- users is small: a plain build holds writers for milliseconds, and inside this transaction
-- there is no moment at which no rule keeps addresses apart.
CREATE UNIQUE INDEX "users_email_lower_unique" ON "users" USING btree (lower("email"));--> statement-breakpoint
ALTER TABLE "users" DROP CONSTRAINT "users_email_unique";
