import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './migrations',
  // `generate` needs no database; whatever does need one says so when the variable is not set.
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
});
