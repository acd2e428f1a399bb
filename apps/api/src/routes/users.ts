import { type Database, userRole, users } from '@acme/db';
import { asc } from 'drizzle-orm';
import { Hono } from 'hono';
import * as v from 'valibot';
import { readBody, shortText } from '../input.ts';

const newUser = v.object({
  email: v.pipe(v.string(), v.trim(), v.email()),
  displayName: shortText,
  role: v.optional(v.picklist(userRole.enumValues)),
});

export function createUserRoutes(db: Database): Hono {
  return new Hono()
    .get('/', async (context) =>
      context.json(await db.select().from(users).orderBy(asc(users.createdAt)).limit(100)),
    )
    .post('/', async (context) => {
      const [user] = await db
        .insert(users)
        .values(await readBody(context, newUser))
        .returning();
      return context.json(user, 201);
    });
}
