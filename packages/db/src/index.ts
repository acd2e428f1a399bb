export { createDatabase, type Database } from './client.ts';
export * from './schema/index.ts';
