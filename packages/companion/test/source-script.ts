import { fileURLToPath } from 'node:url';

/**
 * A script for a process of its own that runs files of the source, which Node 20 cannot do by itself: `load('git/x.ts')`
 * gives a module.
 */
export function sourceScript(body: string): string {
  const source = fileURLToPath(new URL('../src/', import.meta.url));
  return `
import { createJiti } from ${JSON.stringify(import.meta.resolve('jiti'))};
const jiti = createJiti(${JSON.stringify(source)}, { moduleCache: true });
const load = (file) => jiti.import(${JSON.stringify(source)} + file);
${body}
`;
}
