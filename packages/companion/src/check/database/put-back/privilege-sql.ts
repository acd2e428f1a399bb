import type { CatalogDifference } from '../../../catalog/difference.ts';
import { nameEntity, nameObject, nameRole } from './sql-names.ts';

/** What a grantee may do without any GRANT. */
const FROM_THE_START: Readonly<Record<string, string>> = {
  function: 'EXECUTE',
  procedure: 'EXECUTE',
  aggregate: 'EXECUTE',
  enum: 'USAGE',
  domain: 'USAGE',
  'range type': 'USAGE',
  'composite type': 'USAGE',
};

/** GRANT and REVOKE, so that the grantee may do again what the migrations let it; null where the owner is the grantee. Pure. */
export function privilegeSql(difference: CatalogDifference): readonly string[] | null {
  const { kind, part, facts } = difference;
  const object = nameGranted(difference);
  const { expected = null, actual = null } = facts.find(({ fact }) => fact === 'granted') ?? {};
  const isPublic = part?.name === 'PUBLIC';
  // What PUBLIC may do in `public` is the server's version's affair.
  const isBeyond = part === null || part.name === 'the owner' || (isPublic && kind === 'schema');
  if (isBeyond || object === null) return null;
  const usual = (isPublic ? FROM_THE_START[kind] : undefined) ?? '';
  const [wanted, had] = [each(expected ?? usual), each(actual ?? usual)];
  const role = nameRole(part.name);
  const surplus = had.filter((one) => !wanted.includes(one)).map(withoutOption);
  const revoked = isAll(had) ? ['all'] : isAll(wanted) ? [] : surplus;
  const granted = isAll(had) ? wanted : wanted.filter((one) => !had.includes(one));
  return [
    ...(revoked.length === 0
      ? []
      : [`REVOKE ${revoked.join(', ').toUpperCase()} ON ${object} FROM ${role};`]),
    ...byOption(granted).map(
      ([privileges, option]) =>
        `GRANT ${privileges.join(', ').toUpperCase()} ON ${object} TO ${role}${option};`,
    ),
  ];
}

const OPTION = ' with grant option';

function each(granted: string): readonly string[] {
  return granted === '' || granted === 'nothing' ? [] : granted.split(', ');
}

function isAll([first = '']: readonly string[]): boolean {
  return withoutOption(first) === 'all';
}

function withoutOption(privilege: string): string {
  return privilege.endsWith(OPTION) ? privilege.slice(0, -OPTION.length) : privilege;
}

function byOption(privileges: readonly string[]): readonly (readonly [readonly string[], string])[] {
  const [plain, optional] = [
    privileges.filter((one) => !one.endsWith(OPTION)),
    privileges.filter((one) => one.endsWith(OPTION)).map(withoutOption),
  ];
  return [
    ...(plain.length > 0 ? [[plain, ''] as const] : []),
    ...(optional.length > 0 ? [[optional, OPTION.toUpperCase()] as const] : []),
  ];
}

/** Views and foreign tables are tables to GRANT, enums and ranges types. */
function nameGranted(difference: CatalogDifference): string | null {
  switch (difference.kind) {
    case 'table':
    case 'foreign table':
    case 'view':
    case 'materialized view':
      return `TABLE ${nameEntity(difference)}`;
    case 'domain':
      return `DOMAIN ${nameEntity(difference)}`;
    case 'foreign server':
      return `FOREIGN SERVER ${nameEntity(difference)}`;
    default:
      return nameObject(difference);
  }
}
