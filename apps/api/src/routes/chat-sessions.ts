import { chatSessionState, chatSessions, type Database, messages } from '@acme/db';
import { asc, desc, eq, max } from 'drizzle-orm';
import { Hono } from 'hono';
import * as v from 'valibot';
import { id, readBody, readParams, readQuery, refuse } from '../input.ts';

const newChatSession = v.object({ toolId: id, userId: id });
const stateChange = v.object({ state: v.picklist(chatSessionState.enumValues) });
// The model's own messages are written by the worker that asked it, never through this door.
const newMessage = v.object({ content: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(20_000)) });
const byId = v.object({ id });

export function createChatSessionRoutes(db: Database): Hono {
  const missing = () => refuse(404, 'There is no such chat session.');

  return new Hono()
    .get('/', async (context) => {
      const { userId } = readQuery(context, v.object({ userId: id }));
      const rows = await db
        .select()
        .from(chatSessions)
        .where(eq(chatSessions.userId, userId))
        .orderBy(desc(chatSessions.lastActivityAt))
        .limit(100);
      return context.json(rows);
    })
    .post('/', async (context) => {
      const [created] = await db
        .insert(chatSessions)
        .values(await readBody(context, newChatSession))
        .returning();
      return context.json(created, 201);
    })
    .patch('/:id', async (context) => {
      const changed = await db
        .update(chatSessions)
        .set(await readBody(context, stateChange))
        .where(eq(chatSessions.id, readParams(context, byId).id))
        .returning();
      if (!changed[0]) throw missing();
      return context.json(changed[0]);
    })
    .get('/:id/messages', async (context) => {
      const chatSessionId = readParams(context, byId).id;
      const found = await db.$count(chatSessions, eq(chatSessions.id, chatSessionId));
      if (found === 0) throw missing();
      const said = await db
        .select()
        .from(messages)
        .where(eq(messages.chatSessionId, chatSessionId))
        .orderBy(asc(messages.position));
      return context.json(said);
    })
    .post('/:id/messages', async (context) => {
      const chatSessionId = readParams(context, byId).id;
      const { content } = await readBody(context, newMessage);
      const message = await db.transaction(async (transaction) => {
        // The row lock hands out positions one by one: two messages at once must not get the same.
        const [session] = await transaction
          .select({ state: chatSessions.state })
          .from(chatSessions)
          .where(eq(chatSessions.id, chatSessionId))
          .for('update');
        if (!session) throw missing();
        if (session.state !== 'active') throw refuse(409, `The chat session is ${session.state}.`);
        const [last] = await transaction
          .select({ position: max(messages.position) })
          .from(messages)
          .where(eq(messages.chatSessionId, chatSessionId));
        const position = (last?.position ?? 0) + 1;
        return transaction
          .insert(messages)
          .values({ chatSessionId, position, role: 'user', content })
          .returning();
      });
      return context.json(message[0], 201);
    });
}
