package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Errors of broken constraints in PostgreSQL's words. Source: PostgreSQL 15, `execMain.c`, `nbtinsert.c`, `ri_triggers.c`, `genam.c`.
public final class ConstraintErrors {
  /// Longer values are cut in "Failing row contains".
  private static final int VALUE_BYTES_MAX = 64;

  private ConstraintErrors() {}

  static SqlException notNull(WriteTarget target, int column, @Nullable Object[] row, CallContext call) {
    String name = target.table().columns().get(column).name();
    return new SqlException(
            SqlState.NOT_NULL_VIOLATION,
            "null value in column \"" + name + "\" of relation \"" + target.table().name() + "\" violates not-null constraint")
        .withDetail(failingRow(target, row, call))
        .aboutColumn(target.schema(), target.table().name(), name);
  }

  static SqlException check(WriteTarget target, String constraint, @Nullable Object[] row, CallContext call) {
    return new SqlException(
            SqlState.CHECK_VIOLATION,
            "new row for relation \"" + target.table().name() + "\" violates check constraint \"" + constraint + "\"")
        .withDetail(failingRow(target, row, call))
        .aboutConstraint(target.schema(), target.table().name(), constraint);
  }

  static SqlException partition(WriteTarget target, @Nullable Object[] row, CallContext call) {
    return new SqlException(
            SqlState.CHECK_VIOLATION, "new row for relation \"" + target.table().name() + "\" violates partition constraint")
        .withDetail(failingRow(target, row, call))
        .about(new SqlException.ErrorObject(target.schema(), target.table().name(), null, null, null));
  }

  /// @param key null when it must not be told
  static SqlException unique(WriteTarget target, Relation.Index index, @Nullable String key) {
    return new SqlException(SqlState.UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"" + index.name() + "\"")
        .withDetail(key == null ? null : "Key " + key + " already exists.")
        .aboutConstraint(target.schema(), target.table().name(), index.name());
  }

  /// @param key null when it must not be told
  static SqlException exclusion(WriteTarget target, Relation.Index index, @Nullable String key, @Nullable String existing) {
    return new SqlException(SqlState.EXCLUSION_VIOLATION, "conflicting key value violates exclusion constraint \"" + index.name() + "\"")
        .withDetail(key == null || existing == null ? "Key conflicts with existing key."
            : "Key " + key + " conflicts with existing key " + existing + ".")
        .aboutConstraint(target.schema(), target.table().name(), index.name());
  }

  /// "Failing row contains (…)." with all live columns; with their names when the role may see some of them only, null when it may see none.
  static @Nullable String failingRow(WriteTarget target, @Nullable Object[] row, CallContext call) {
    BitSet shown = Disclosure.columns(target.table(), call);
    if (shown != null && shown.isEmpty()) {
      return null;
    }
    StringBuilder names = new StringBuilder();
    StringBuilder values = new StringBuilder();
    List<Relation.Column> columns = target.table().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).dropped() || shown != null && !shown.get(i + 1)) {
        continue;
      }
      String separator = values.isEmpty() ? "" : ", ";
      names.append(separator).append(columns.get(i).name());
      Object value = row[i];
      values.append(separator).append(value == null ? "null" : cut(TypeIo.toText(target.codec().type(i + 1), value, call.io())));
    }
    return "Failing row contains (" + (shown == null ? "" : names + ") = (") + values + ").";
  }

  /// At most 64 bytes of UTF-8, never half a character.
  private static String cut(String text) {
    if (text.length() * 3 <= VALUE_BYTES_MAX) {
      return text;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= VALUE_BYTES_MAX) {
      return text;
    }
    int end = VALUE_BYTES_MAX;
    while ((utf8[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8) + "...";
  }

  /// `(a, lower(b))=(1, x)`.
  public static String key(Relation.Table table, Relation.Index index, PgType[] types, @Nullable Object[] values, IoContext io) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < index.keyCount(); i++) {
      Relation.Index.Key key = index.keys().get(i);
      text.append(i == 0 ? "" : ", ").append(keyText(table, key));
    }
    return text.append(")=(").append(values(types, values, index.keyCount(), io)).append(')').toString();
  }

  static String keyText(Relation.Table table, Relation.Index.Key key) {
    if (key.attnum() != 0) {
      return table.column(key.attnum()).name();
    }
    String expression = key.expression() == null ? "" : key.expression();
    return looksLikeFunction(expression) ? expression : "(" + expression + ")";
  }

  private static boolean looksLikeFunction(String expression) {
    int open = expression.indexOf('(');
    if (open <= 0 || !expression.endsWith(")")) {
      return false;
    }
    for (int i = 0; i < open; i++) {
      char c = expression.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '_' && c != '.' && c != '"') {
        return false;
      }
    }
    int depth = 0;
    for (int i = open; i < expression.length(); i++) {
      char c = expression.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0 && i < expression.length() - 1) {
        return false;
      }
    }
    return true;
  }

  static String values(PgType[] types, @Nullable Object[] values, int count, IoContext io) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      Object value = values[i];
      text.append(i == 0 ? "" : ", ").append(value == null ? "null" : TypeIo.toText(types[i], value, io));
    }
    return text.toString();
  }

  /// `(a, b)=(1, 2)` of named columns.
  static String columnKey(Relation.Table table, int[] columns, PgType[] types, @Nullable Object[] values, IoContext io) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < columns.length; i++) {
      text.append(i == 0 ? "" : ", ").append(table.columns().get(columns[i]).name());
    }
    return text.append(")=(").append(values(types, values, columns.length, io)).append(')').toString();
  }

  static String schemaOf(Relation relation, Catalog catalog) {
    Catalog.Namespace namespace = catalog.namespace(relation.namespaceOid());
    return namespace == null ? "" : namespace.name();
  }
}
