-- NOT VALID checks new rows only, so the lock on both tables is short; 0015 checks the old ones.
ALTER TABLE "files" ADD CONSTRAINT "files_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action NOT VALID;
