import type { DatabaseOption } from '../kernel/options.ts';
import type { RunEvent } from '../kernel/run-event.ts';

/** Where a throw-away database comes from. `pglite` and `embedded` need nothing but an npm package. */
export type ShadowProvider = 'pglite' | 'embedded' | 'server';

/** What the companion config says of shadows: `shadow: { … }`. */
export type ShadowSettings = {
  /** Default: pglite; where a URL is named, server. */
  readonly provider: ShadowProvider | null;
  /** Of a server on which databases may be made and dropped. */
  readonly url: string | null;
  /** Extensions that the migrations presuppose: made on the shadow before them. */
  readonly extensions: readonly string[];
  /** SQL that the migrations presuppose: the text of the file that the config names. */
  readonly before: { readonly file: string; readonly sql: string } | null;
};

export const NO_SHADOW_SETTINGS: ShadowSettings = {
  provider: null,
  url: null,
  extensions: [],
  before: null,
};

export type ShadowOptions = {
  readonly settings: ShadowSettings;
  /** The project's directory: npm packages and the cache are looked for there and above. Absolute. */
  readonly directory: string;
  /** The database that must never be taken for a shadow; null when there is none in play. */
  readonly target: DatabaseOption | null;
  /** SQL that will run on the shadow: PGlite is given the extensions that it names. */
  readonly upcoming?: readonly string[];
  /** How long to try until a server takes connections, for a caller that lets its user say so; milliseconds. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

/** A fresh, empty database that nobody else knows of, with the extensions and the SQL that the settings name. */
export type Shadow = {
  readonly provider: ShadowProvider;
  /** As `server_version_num` has it. */
  readonly serverVersion: number;
  /** Extension packages of PGlite that were made for another version of it. */
  readonly misfits?: readonly Misfit[];
  /** The rows of the statement, or of the last of several that gives any; cast what is not text. Several may be under way: they run in order. */
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  execute(sql: string): Promise<void>;
};

/** An npm package that brings an extension to one version of PGlite, where another is installed. */
export type Misfit = {
  readonly extension: string;
  readonly package: string;
  readonly version: string;
  /** PGlite's, as the package's `peerDependencies` say it, and as it is. */
  readonly wanted: string;
  readonly installed: string;
};

/** A shadow as its provider hands it over. */
export type OpenShadow = Shadow & {
  /** Ends at once what is running: what waits for an answer is rejected. */
  interrupt(): void;
  /** Takes it away with all that is in it. */
  close(): Promise<void>;
};
