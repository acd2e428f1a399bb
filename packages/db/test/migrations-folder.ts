import { fileURLToPath } from 'node:url';

export const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
export const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
