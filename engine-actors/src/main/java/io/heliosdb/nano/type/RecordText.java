package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text of rows: `(1,"a b",)`. Source: PostgreSQL 15 manual, "Composite Type Input and Output Syntax".
final class RecordText {
  private RecordText() {}

  static PgRecord parse(PgType type, String text, IoContext context) {
    if (!type.isComposite()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "input of anonymous composite types is not implemented");
    }
    List<TypeCatalog.CompositeField> fields = context.types().compositeFields(type);
    List<PgType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    int at = skipSpace(text, 0);
    if (at >= text.length() || text.charAt(at) != '(') {
      throw malformed(text, "Missing left parenthesis.");
    }
    at++;
    boolean first = true;
    StringBuilder item = new StringBuilder();
    for (TypeCatalog.CompositeField field : fields) {
      if (field.dropped()) {
        continue;
      }
      if (!first) {
        if (at < text.length() && text.charAt(at) == ',') {
          at++;
        } else {
          throw malformed(text, "Too few columns.");
        }
      }
      first = false;
      types.add(field.type());
      names.add(field.name());
      item.setLength(0);
      char c = at < text.length() ? text.charAt(at) : '\0';
      if (c == ',' || c == ')') {
        values.add(null);
        continue;
      }
      at = item(text, at, item);
      values.add(TextInput.parse(field.type(), field.typmod(), item.toString(), context));
    }
    if (at >= text.length() || text.charAt(at) != ')') {
      throw malformed(text, "Too many columns.");
    }
    if (skipSpace(text, at + 1) < text.length()) {
      throw malformed(text, "Junk after right parenthesis.");
    }
    return PgRecord.named(type, List.copyOf(types), List.copyOf(names), values.toArray());
  }

  private static int item(String text, int from, StringBuilder item) {
    int at = from;
    boolean quoted = false;
    while (quoted || at >= text.length() || text.charAt(at) != ',' && text.charAt(at) != ')') {
      if (at >= text.length()) {
        throw malformed(text, "Unexpected end of input.");
      }
      char c = text.charAt(at++);
      if (c == '\\') {
        if (at >= text.length()) {
          throw malformed(text, "Unexpected end of input.");
        }
        item.append(text.charAt(at++));
      } else if (c == '"') {
        if (!quoted) {
          quoted = true;
        } else if (at < text.length() && text.charAt(at) == '"') {
          item.append('"');
          at++;
        } else {
          quoted = false;
        }
      } else {
        item.append(c);
      }
    }
    return at;
  }

  private static int skipSpace(String text, int at) {
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static SqlException malformed(String text, String detail) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed record literal: \"" + text + "\"").withDetail(detail);
  }

  static void format(PgRecord row, IoContext context, ByteSink out) {
    ByteSink scratch = new ByteSink();
    out.put('(');
    for (int i = 0; i < row.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      Object field = row.field(i);
      if (field != null) {
        scratch.clear();
        TextOutput.format(row.fieldType(i), field, context, scratch);
        quoted(scratch, false, out);
      }
    }
    out.put(')');
  }

  /// Appends an item, in quotes where the syntax of rows or ranges needs them; quotes and backslashes are doubled.
  static void quoted(ByteSink item, boolean brackets, ByteSink out) {
    byte[] bytes = item.array();
    int size = item.size();
    boolean quote = size == 0;
    for (int i = 0; i < size && !quote; i++) {
      byte b = bytes[i];
      quote = b == '"' || b == '\\' || b == '(' || b == ')' || b == ',' || b == ' ' || b >= 9 && b <= 13
          || brackets && (b == '[' || b == ']');
    }
    if (!quote) {
      out.put(bytes, 0, size);
      return;
    }
    out.put('"');
    for (int i = 0; i < size; i++) {
      if (bytes[i] == '"' || bytes[i] == '\\') {
        out.put(bytes[i]);
      }
      out.put(bytes[i]);
    }
    out.put('"');
  }
}
