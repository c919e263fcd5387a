export interface ColumnRef {
  /** A model's name, or the text of a table as the SQL wrote it. */
  readonly model: string;
  readonly column: string;
}

/** One output column fed by one input column. */
export interface LineageEdge {
  readonly source: ColumnRef;
  readonly target: ColumnRef;
  /** `direct`, `cast`, `try_cast`, `expression` or `aggregation: <function>`. */
  readonly transform: string;
}
