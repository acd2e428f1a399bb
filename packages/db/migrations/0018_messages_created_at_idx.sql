-- messages is the largest table and never rests, so its index is built CONCURRENTLY. PostgreSQL
-- refuses that inside a transaction: drizzle-companion runs this file without one. Stock
-- `drizzle-kit migrate` puts all pending files into one transaction and stops here with 25001.
CREATE INDEX CONCURRENTLY "messages_created_at_idx" ON "messages" USING btree ("created_at");
