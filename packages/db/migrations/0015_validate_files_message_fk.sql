-- A migration of its own: reads and writes go on while it scans, because 0014's lock is gone.
ALTER TABLE "files" VALIDATE CONSTRAINT "files_message_id_messages_id_fk";
