package io.heliosdb.nano;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.Iterator;
import java.util.List;

/// The rows of a query, read to the end. Immutable and safe to share. For results too large to hold see [EmbeddedDatabase#stream].
public final class QueryResult implements Iterable<Row> {
  private final List<OutputColumn> columns;
  private final List<Row> rows;
  private final String commandTag;

  QueryResult(List<OutputColumn> columns, List<Row> rows, String commandTag) {
    this.columns = columns;
    this.rows = rows;
    this.commandTag = commandTag;
  }

  public List<String> columnNames() {
    return columns.stream().map(OutputColumn::name).toList();
  }

  /// Type oids as in `pg_type`, by column.
  public List<Integer> columnTypes() {
    return columns.stream().map(column -> column.type().oid()).toList();
  }

  public List<Row> rows() {
    return rows;
  }

  public Row row(int index) {
    return rows.get(index);
  }

  public int size() {
    return rows.size();
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The command tag, such as `SELECT 3` or `INSERT 0 1`.
  public String commandTag() {
    return commandTag;
  }

  @Override
  public Iterator<Row> iterator() {
    return rows.iterator();
  }
}
