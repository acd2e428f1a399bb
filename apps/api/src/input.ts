import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import * as v from 'valibot';

/** An answer that is the caller's fault, as `{ error, … }`. */
export function refuse(status: 400 | 404 | 409, error: string, more: object = {}): HTTPException {
  return new HTTPException(status, { res: Response.json({ error, ...more }, { status }) });
}

type Schema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

function parseInput<const T extends Schema>(schema: T, input: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  const issues = parsed.issues.map((issue) => ({ path: v.getDotPath(issue), message: issue.message }));
  throw refuse(400, 'The request is not valid.', { issues });
}

export async function readBody<const T extends Schema>(
  context: Context,
  schema: T,
): Promise<v.InferOutput<T>> {
  const body: unknown = await context.req.json().catch(() => {
    throw refuse(400, 'The body is not JSON.');
  });
  return parseInput(schema, body);
}

export function readQuery<const T extends Schema>(context: Context, schema: T): v.InferOutput<T> {
  return parseInput(schema, context.req.query());
}

export function readParams<const T extends Schema>(context: Context, schema: T): v.InferOutput<T> {
  return parseInput(schema, context.req.param());
}

export const id = v.pipe(v.string(), v.uuid());
export const shortText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
