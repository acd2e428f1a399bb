import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createJiti } from 'jiti';

type Api = {
  generateDrizzleJson(exports: object, id?: string, schemas?: string[], casing?: string): unknown;
  generateMigration(before: unknown, after: unknown): Promise<string[]>;
};

const require = createRequire(import.meta.url);

/** drizzle-kit and drizzle-orm of one major, in this process: a schema text in, its snapshot out. */
export class Kit {
  readonly major: 0 | 1;
  readonly #api: Api;
  readonly #orm: string;
  #files = 0;

  constructor(major: 0 | 1) {
    this.major = major;
    this.#api = require(major === 0 ? 'drizzle-kit-0/api' : 'drizzle-kit-1/api-postgres');
    this.#orm = dirname(require.resolve(`drizzle-orm-${major}`));
  }

  /** A snapshot as it comes back from disk. */
  async snapshot(schema: string, casing?: string): Promise<unknown> {
    const alias = {
      'drizzle-orm/pg-core': join(this.#orm, 'pg-core/index.cjs'),
      'drizzle-orm': join(this.#orm, 'index.cjs'),
    };
    const jiti = createJiti(import.meta.url, { alias, fsCache: false, moduleCache: false });
    this.#files += 1;
    const exports = jiti.evalModule(schema, { filename: `/schemas/${this.major}-${this.#files}.ts` });
    const snapshot = await this.#api.generateDrizzleJson(
      { ...(exports as object) },
      undefined,
      undefined,
      casing,
    );
    return JSON.parse(JSON.stringify(snapshot));
  }

  /** Is this no pair of snapshots that it could have written? */
  async refuses(before: unknown, after: unknown): Promise<boolean> {
    return this.wouldWrite(before, after).then(
      () => false,
      () => true,
    );
  }

  /**
   * Would `generate` write something? Asked of the kit's own differ, which prompts where something went and
   * something came: without a terminal it throws, and that is a yes.
   */
  async wouldWrite(before: unknown, after: unknown): Promise<boolean> {
    const copy = (snapshot: unknown): unknown => structuredClone(snapshot);
    try {
      return (await this.#api.generateMigration(copy(before), copy(after))).length > 0;
    } catch (error) {
      if (error instanceof Error && /hint|Interactive prompts/i.test(`${error.name} ${error.message}`))
        return true;
      throw error;
    }
  }
}
