/**
 * The way back where advice undoes what the schema code declares: drizzle-kit compares with the snapshot beside the
 * migration, and an edited migration without its snapshot is undone, or made twice, by the next one that is generated.
 */
export function generateAgain(before: string): string {
  return `${before}, delete this migration (its SQL, its snapshot, its entry in the journal; \`drizzle-kit drop\` does it on 0.31) and generate again`;
}
