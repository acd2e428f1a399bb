import { defineConfig } from 'tsdown';

const base = { platform: 'node', target: 'node20.19', fixedExtension: false } as const;

export default defineConfig([
  {
    ...base,
    // kit-child runs as a process of its own and pglite-worker as a thread; both are looked for beside what starts them.
    entry: {
      index: 'src/index.ts',
      main: 'src/main.ts',
      'kit-child': 'src/kit/kit-child.ts',
      'pglite-worker': 'src/shadow/pglite-worker.ts',
    },
    format: 'esm',
    dts: true,
    clean: true,
  },
  // What the bin asks before it starts the rest. That it is CommonJS is meant, and warned of all the same.
  {
    ...base,
    entry: { 'nothing-staged': 'src/nothing-staged.ts' },
    format: 'cjs',
    dts: false,
    clean: false,
    failOnWarn: false,
  },
]);
