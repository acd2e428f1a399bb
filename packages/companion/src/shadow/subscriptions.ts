import type { ParseNode } from '../sql/parser.ts';
import { isOn, optionOf } from '../sql/statement-options.ts';

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
    if (!isOn(options, 'connect', true)) return null;
    const hint = `${OUTSIDE}; WITH (connect = false) makes one that stays at home.`;
    return { what: 'CREATE SUBSCRIPTION', hint };
  }
  if ('AlterSubscriptionStmt' in node) {
    const { kind, options = [] } = node.AlterSubscriptionStmt;
    const isStarted = kind === 'ALTER_SUBSCRIPTION_ENABLED' && isOn(options, 'enabled', true);
    const isOfSlot = ['failover', 'two_phase'].some((name) => optionOf(options, name) !== undefined);
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
  const slot = optionOf(options, 'slot_name')?.arg;
  return subname === name && slot !== undefined && 'String' in slot && slot.String.sval === 'none';
}
