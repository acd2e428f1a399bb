-- In the database and not in the api: imports and the tools' workers write messages, too.
CREATE FUNCTION "public"."touch_chat_session"() RETURNS trigger
LANGUAGE plpgsql
SET search_path = ''
AS $touch$
BEGIN
	UPDATE public.chat_sessions
	SET last_activity_at = greatest(last_activity_at, NEW.created_at)
	WHERE id = NEW.chat_session_id;
	RETURN NULL;
END;
$touch$;
--> statement-breakpoint
CREATE TRIGGER "messages_touch_chat_session" AFTER INSERT ON "messages"
FOR EACH ROW EXECUTE FUNCTION "public"."touch_chat_session"();
