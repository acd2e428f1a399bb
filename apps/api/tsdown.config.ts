import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/server.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // @acme/db exports TypeScript, so it is bundled; everything published stays a dependency.
  noExternal: ['@acme/db'],
  fixedExtension: false,
  clean: true,
});
