import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/server.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // devDependencies are bundled, and nothing else. drizzle-companion stays outside, as the one package that
  // the image installs: it loads parts of itself only when they are needed.
  inlineOnly: ['@hono/node-server', 'drizzle-orm', 'hono', 'postgres', 'valibot'],
  fixedExtension: false,
  clean: true,
});
