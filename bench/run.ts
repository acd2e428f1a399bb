// `pnpm bench [-- --rounds 7]`: measures, and writes bench/results.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderResults } from './render-results.ts';
import { runBench } from './run-bench.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    'nothing-to-do': { type: 'string', default: '300' },
    check: { type: 'string', default: '300' },
    lint: { type: 'string', default: '300' },
    replay: { type: 'string', default: '300' },
    tables: { type: 'string', default: '500' },
    'from-empty': { type: 'string', default: '1000' },
    out: { type: 'string', default: join(import.meta.dirname, 'results.md') },
  },
});

const results = await runBench({
  rounds: Number(values.rounds),
  migrations: {
    nothingToDo: Number(values['nothing-to-do']),
    fromEmpty: Number(values['from-empty']),
    check: Number(values.check),
    lint: Number(values.lint),
    replay: Number(values.replay),
  },
  tables: Number(values.tables),
  tell: console.error,
});
writeFileSync(values.out, renderResults(results));
for (const { aim, result, met } of results.verdicts) {
  console.log(`${met === null ? 'unknown' : met ? 'met    ' : 'missed '}  ${aim}: ${result}`);
}
