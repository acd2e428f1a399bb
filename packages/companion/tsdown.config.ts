import { defineConfig } from 'tsdown';

export default defineConfig({
  // kit-child runs as a process of its own, and is looked for beside what starts it.
  entry: { index: 'src/index.ts', main: 'src/main.ts', 'kit-child': 'src/kit/kit-child.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  clean: true,
});
