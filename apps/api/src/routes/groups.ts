import { type Database, groups, memberships, tools, users } from '@acme/db';
import { and, asc, eq } from 'drizzle-orm';
import { Hono } from 'hono';
import * as v from 'valibot';
import { id, readBody, readParams, shortText } from '../input.ts';

const newGroup = v.object({ name: shortText, leadId: id });
const newTool = v.object({ name: shortText, model: shortText, instructions: v.optional(v.string()) });
const groupId = v.object({ groupId: id });

export function createGroupRoutes(db: Database): Hono {
  return new Hono()
    .post('/', async (context) => {
      const { name, leadId } = await readBody(context, newGroup);
      const group = await db.transaction(async (transaction) => {
        const [created] = await transaction.insert(groups).values({ name }).returning();
        if (!created) throw new Error('INSERT … RETURNING returned no row');
        await transaction.insert(memberships).values({ groupId: created.id, userId: leadId, role: 'lead' });
        return created;
      });
      return context.json(group, 201);
    })
    .get('/:groupId/members', async (context) => {
      const rows = await db
        .select({ id: users.id, displayName: users.displayName, role: memberships.role })
        .from(memberships)
        .innerJoin(users, eq(users.id, memberships.userId))
        .where(eq(memberships.groupId, readParams(context, groupId).groupId))
        .orderBy(asc(users.displayName));
      return context.json(rows);
    })
    .get('/:groupId/tools', async (context) => {
      const published = and(
        eq(tools.groupId, readParams(context, groupId).groupId),
        eq(tools.published, true),
      );
      return context.json(await db.select().from(tools).where(published).orderBy(asc(tools.name)));
    })
    .post('/:groupId/tools', async (context) => {
      const tool = {
        ...readParams(context, groupId),
        ...(await readBody(context, newTool)),
        published: true,
      };
      const [created] = await db.insert(tools).values(tool).returning();
      return context.json(created, 201);
    });
}
