// The floor: a connection and an answer.
import postgres from 'postgres';

const client = postgres(process.env.DATABASE_URL, { max: 1 });
await client.unsafe('SELECT 1').simple();
await client.end();
