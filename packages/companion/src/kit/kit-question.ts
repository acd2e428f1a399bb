/** What the child process is asked, as one JSON text on its standard input. */
export type KitQuestion = SchemaQuestion | DdlQuestion;

type AskedKit = {
  /** Absolute path of drizzle-kit's entry. */
  readonly api: string;
  readonly major: 0 | 1;
  /** Where aliases of tsconfig.json are looked for. */
  readonly directory: string;
  /** 1.x snapshots by folder, to be put together into the newest state; null where a snapshot is whole by itself. */
  readonly snapshots: Readonly<Record<string, unknown>> | null;
};

/** What does the schema code mean, and what was it at the newest snapshot? */
export type SchemaQuestion = AskedKit & {
  readonly asks: 'schema';
  readonly files: readonly string[];
  readonly casing: unknown;
};

/** Which SQL would make the newest snapshot's state of an empty database? */
export type DdlQuestion = AskedKit & {
  readonly asks: 'ddl';
  /** The newest, where a snapshot is whole by itself; else null. */
  readonly snapshot: unknown;
};

/** The kit's answer to a question. */
export type KitAnswer<Question extends KitQuestion = KitQuestion> = Question extends SchemaQuestion
  ? SchemaAnswer
  : DdlAnswer;

export type SchemaAnswer = {
  /** The snapshot that the schema code would have. */
  readonly schema: unknown;
  /** The newest state of the folder, where snapshots were given. */
  readonly newest: unknown;
  /** Absolute paths of the user's own modules that were loaded. */
  readonly modules: readonly string[];
};

export type DdlAnswer = {
  /** Of the snapshots that this kit writes. */
  readonly version: unknown;
  /** null where the snapshot is of another version, which the kit refuses. */
  readonly statements: readonly string[] | null;
};

export type ThrownInChild = {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string | null;
};

/**
 * What the child is at, in this order: it loads the user's modules, loads drizzle-kit, asks it for the snapshot of
 * the schema, for the state that the folder's snapshots make, and for the SQL of it.
 */
export type KitStage = 'schema' | 'kit' | 'snapshot' | 'history' | 'ddl';

/** One line of what the child tells. */
export type KitMessage =
  | { readonly stage: KitStage; readonly file?: string }
  | { readonly thrown: ThrownInChild }
  | { readonly answer: KitAnswer };

/** How a question ended. `printed` is the end of what was written to the standard streams. */
export type KitOutcome<Question extends KitQuestion = KitQuestion> =
  | { readonly kind: 'answered'; readonly answer: KitAnswer<Question> }
  | ({ readonly stage: KitStage; readonly file: string | null; readonly printed: string } & (
      | { readonly kind: 'threw'; readonly thrown: ThrownInChild }
      | { readonly kind: 'ended'; readonly exitCode: number | null; readonly signal: string | null }
      | { readonly kind: 'late'; readonly limitMs: number }
    ));
