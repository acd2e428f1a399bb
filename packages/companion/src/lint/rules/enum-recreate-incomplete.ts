import { describeGaps } from '../advice/enum-gap-words.ts';
import { completePart } from '../advice/enum-steps.ts';
import { showName } from '../facts/names.ts';
import { planRecreate } from '../reading/enum-gaps.ts';
import { recreateFrom } from '../reading/enum-recreates.ts';
import { defineRule } from '../rule.ts';

export const enumRecreateIncomplete = defineRule({
  id: 'enum-recreate-incomplete',
  family: 'enums',
  level: 'error',
  title: 'An enum is made anew, and a step is missing',
  statement(statement, context) {
    const recreate = recreateFrom(statement, context.migrations);
    // The way by text is drizzle-kit's, and has a rule of its own.
    if (recreate === null || recreate.style === 'text') return [];
    const plan = planRecreate(recreate, context);
    const { gaps } = plan;
    const [gap] = gaps;
    if (gap === undefined) return [];
    return [
      {
        statement: gap.at.migration === statement.migration ? gap.at : statement,
        message: `${showName(recreate.type)} is made anew here, and a step is missing. ${describeGaps(gaps, recreate)}`,
        hint: 'Drop what hangs on the columns, rename the old type, make the new one, move every column over by way of text with its default dropped before and set after, drop the old type. Each table is written anew once, under ACCESS EXCLUSIVE; a large one is better left alone, with the value still in the type and a CHECK that forbids it.',
        rewrite: [completePart(plan)],
      },
    ];
  },
});
