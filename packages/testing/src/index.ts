export { type CatalogOptions, readCatalog } from './catalog-snapshot.ts';
export { releaseAfterTest, withResources } from './clean-up.ts';
export { type PostgresServer, type StartOptions, startPostgres } from './embedded-server.ts';
export {
  FIRST_WHEN,
  foldersFolder,
  type JournalEntry,
  type JournalFolder,
  journalFolder,
  type TestFolder,
  temporaryFolder,
} from './folder-builder.ts';
export { mask } from './mask.ts';
export { NEWEST_POSTGRES, OLDEST_POSTGRES, type PostgresVersion } from './postgres-versions.ts';
export { openTerminal, runInTerminal, type Terminal, type TerminalOptions } from './pty.ts';
export { CLI_BIN, type CliOptions, type CliResult, type LiveCli, runCli, spawnCli } from './run-cli.ts';
export { type CutStyle, type HeldWire, type Hold, startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export {
  createDatabase,
  type DatabaseOptions,
  describeEachPostgres,
  type PostgresUnderTest,
  postgresVersions,
  serverUrl,
  type TestDatabase,
  withDatabase,
} from './test-database.ts';
