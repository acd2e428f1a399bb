/** Where a schema lives: a drizzle config, loaded, and the directory from which its modules and globs resolve. */
export type SchemaProject = {
  /** Absolute; the config's own directory. */
  readonly directory: string;
  /** Absolute. */
  readonly configFile: string;
  /** What the config exports: nothing in it is trusted yet. */
  readonly config: unknown;
};

/** The value of one key of the config, whatever the config is. */
export function configKey({ config }: SchemaProject, key: string): unknown {
  return typeof config === 'object' && config !== null
    ? (config as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
