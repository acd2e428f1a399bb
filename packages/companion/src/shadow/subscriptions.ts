import type { ParseNode } from '../sql/parser.ts';

/** A statement that connects to a subscription's publisher, or lets the server do so. */
export type Reaching = { readonly what: string; readonly hint: string };

const OUTSIDE = 'Make subscriptions outside of migrations';

/** Null for what stays at home. `earlier` are the file's statements before it. Pure. */
export function reachPublisher(
  node: ParseNode | null,
  earlier: readonly (ParseNode | null)[],
): Reaching | null {
  if (node === null) return null;
  if ('CreateSubscriptionStmt' in node) {
    const { options = [] } = node.CreateSubscriptionStmt;
    // It does, and makes a slot, unless it says otherwise.
    if (optionOf(options, 'connect') === 'off') return null;
    const hint = `${OUTSIDE}; WITH (connect = false) makes one that stays at home.`;
    return { what: 'CREATE SUBSCRIPTION', hint };
  }
  if ('AlterSubscriptionStmt' in node) {
    const { kind, options = [] } = node.AlterSubscriptionStmt;
    const isStarted = kind === 'ALTER_SUBSCRIPTION_ENABLED' && optionOf(options, 'enabled') !== 'off';
    const isOfSlot = ['failover', 'two_phase'].some((name) => optionOf(options, name) !== null);
    if (!isStarted && !isOfSlot && kind !== 'ALTER_SUBSCRIPTION_REFRESH') return null;
    return { what: 'ALTER SUBSCRIPTION', hint: `${OUTSIDE}, and start them there.` };
  }
  if ('DropSubscriptionStmt' in node) {
    const { subname } = node.DropSubscriptionStmt;
    if (earlier.some((one) => takesSlot(one, subname))) return null;
    const hint = `${OUTSIDE}; or let ALTER SUBSCRIPTION … SET (slot_name = NONE) stand before it in the file.`;
    return { what: 'DROP SUBSCRIPTION', hint };
  }
  return null;
}

function takesSlot(node: ParseNode | null, name: string | undefined): boolean {
  if (node === null || !('AlterSubscriptionStmt' in node)) return false;
  const { subname, options = [] } = node.AlterSubscriptionStmt;
  return subname === name && optionOf(options, 'slot_name') === 'none';
}

/** `off` for whatever PostgreSQL takes for it; null where the option is not named. */
function optionOf(options: readonly ParseNode[], name: string): string | null {
  for (const option of options) {
    const { defname, arg } = 'DefElem' in option ? option.DefElem : {};
    if (defname !== name) continue;
    if (arg === undefined) return 'on';
    if ('String' in arg) {
      const text = (arg.String.sval ?? '').toLowerCase();
      return text === 'false' ? 'off' : text;
    }
    if ('Boolean' in arg) return arg.Boolean.boolval === true ? 'on' : 'off';
    return 'Integer' in arg && (arg.Integer.ival ?? 0) === 0 ? 'off' : 'on';
  }
  return null;
}
