/** A declarative automation condition: a tree in the host's own vocabulary, evaluated by the daemon. */
export interface AutomationCondition {
  readonly kind: "automationCondition";
  /** The wire form of the condition, ready for the snapshot. */
  readonly tree: AutomationConditionNode;
  readonly label?: string;
}

/**
 * One operator or operand: a wire class with its fields. Besides plain values, nodes and selections a field holds
 * `{ enumMember }`, `{ textSet }` or `{ textMap }` where the host has an enum, a set or a mapping of texts.
 */
export interface AutomationConditionNode {
  readonly className: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
