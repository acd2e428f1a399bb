import { clashingNames } from '../reading/clashing-names.ts';
import { type CreatedKind, LONGEST, longNames } from '../reading/created-names.ts';
import { defineRule } from '../rule.ts';

export const identifierTooLong = defineRule({
  id: 'identifier-too-long',
  family: 'style',
  level: 'warning',
  title: 'PostgreSQL cuts a name that is longer than 63 bytes',
  statement(statement, { facts }) {
    // With a name that is taken, worse happens than that it is cut.
    const clashing = new Set(clashingNames(statement, facts).map(({ name }) => name.full));
    const long = longNames(statement).filter(({ full }) => !clashing.has(full));
    return long.map(({ kind, full, cut, at }) => ({
      statement,
      at,
      message: `The name of this ${kind} has ${Buffer.byteLength(full)} bytes. PostgreSQL keeps ${LONGEST} and cuts the rest with a notice that nobody sees: it becomes "${cut}". Code that looks for the full name, in an error's constraint for one, does not find it; drizzle-kit push and pull see another name than the schema has; and the next name with the same beginning clashes with it.`,
      hint: `Give it a shorter name in the schema${WRITTEN[kind] === undefined ? '' : `: ${WRITTEN[kind]}`}.`,
    }));
  },
});

/** Where drizzle's schema has the name. */
const WRITTEN: Partial<Record<CreatedKind, string>> = {
  'foreign key':
    "foreignKey({ name: '…', columns: […], foreignColumns: […] }) in place of .references(), whose name drizzle-kit makes of both tables and all columns",
  'unique constraint': "unique('…').on(…)",
  'primary key': "primaryKey({ name: '…', columns: […] })",
  check: "check('…', …)",
  index: "index('…').on(…)",
  policy: "pgPolicy('…', …)",
};
