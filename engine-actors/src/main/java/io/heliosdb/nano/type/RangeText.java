package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text of ranges `[1,5)` and multiranges `{[1,5),[7,9)}`. Source: PostgreSQL 15 manual, "Range Types".
final class RangeText {
  private final String text;
  private int at;

  private RangeText(String text) {
    this.text = text;
  }

  static PgRange parse(TypeCatalog.RangeInfo info, String text, IoContext context) {
    RangeText in = new RangeText(text);
    in.skipSpace();
    if (text.regionMatches(true, in.at, "empty", 0, 5)) {
      in.at += 5;
      in.skipSpace();
      if (in.at < text.length()) {
        throw in.malformed("Junk after \"empty\" key word.");
      }
      return PgRange.empty(info);
    }
    char open = in.peek();
    if (open != '[' && open != '(') {
      throw in.malformed("Missing left parenthesis or bracket.");
    }
    in.at++;
    String lower = in.bound();
    if (in.peek() != ',') {
      throw in.malformed("Missing comma after lower bound.");
    }
    in.at++;
    String upper = in.bound();
    char close = in.peek();
    if (close != ']' && close != ')') {
      throw in.malformed(close == ',' ? "Too many commas." : "Unexpected end of input.");
    }
    in.at++;
    in.skipSpace();
    if (in.at < text.length()) {
      throw in.malformed("Junk after right parenthesis or bracket.");
    }
    Object low = lower == null ? null : TextInput.parse(info.subtype(), -1, lower, context);
    Object high = upper == null ? null : TextInput.parse(info.subtype(), -1, upper, context);
    return Ranges.make(info, low, open == '[', high, close == ']');
  }

  private SqlException malformed(String detail) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed range literal: \"" + text + "\"").withDetail(detail);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length() && NumericText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private @Nullable String bound() {
    char c = peek();
    if (c == ',' || c == ')' || c == ']') {
      return null;
    }
    StringBuilder item = new StringBuilder();
    boolean quoted = false;
    while (true) {
      if (at >= text.length()) {
        throw malformed("Unexpected end of input.");
      }
      c = text.charAt(at);
      if (!quoted && (c == ',' || c == ')' || c == ']')) {
        return item.toString();
      }
      at++;
      if (c == '\\') {
        if (at >= text.length()) {
          throw malformed("Unexpected end of input.");
        }
        item.append(text.charAt(at++));
      } else if (c == '"') {
        if (!quoted) {
          quoted = true;
        } else if (peek() == '"') {
          item.append('"');
          at++;
        } else {
          quoted = false;
        }
      } else {
        item.append(c);
      }
    }
  }

  static PgMultirange parseMultirange(TypeCatalog.RangeInfo info, String text, IoContext context) {
    RangeText in = new RangeText(text);
    in.skipSpace();
    if (in.peek() != '{') {
      throw in.malformedMultirange("Missing left brace.");
    }
    in.at++;
    List<PgRange> ranges = new ArrayList<>();
    in.skipSpace();
    if (in.peek() == '}') {
      in.at++;
    } else {
      while (true) {
        in.skipSpace();
        int start = in.at;
        if (text.regionMatches(true, in.at, "empty", 0, 5)) {
          in.at += 5;
        } else if (in.peek() == '[' || in.peek() == '(') {
          in.skipRange();
        } else {
          throw in.malformedMultirange(in.at >= text.length() ? "Unexpected end of input." : "Expected range start.");
        }
        ranges.add(parse(info, text.substring(start, in.at), context));
        in.skipSpace();
        char c = in.peek();
        in.at++;
        if (c == '}') {
          break;
        }
        if (c != ',') {
          throw in.malformedMultirange(c == '\0' ? "Unexpected end of input." : "Expected comma or end of multirange.");
        }
      }
    }
    in.skipSpace();
    if (in.at < text.length()) {
      throw in.malformedMultirange("Junk after closing right brace.");
    }
    return Ranges.makeMultirange(info, ranges);
  }

  private void skipRange() {
    boolean quoted = false;
    while (true) {
      at++;
      if (at >= text.length()) {
        throw malformedMultirange("Unexpected end of input.");
      }
      char c = text.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ')' || c == ']')) {
        at++;
        return;
      }
    }
  }

  private SqlException malformedMultirange(String detail) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed multirange literal: \"" + text + "\"").withDetail(detail);
  }

  static void format(PgRange range, IoContext context, ByteSink out) {
    if (range.isEmpty()) {
      out.putAscii("empty");
      return;
    }
    PgType subtype = range.info().subtype();
    ByteSink scratch = new ByteSink();
    out.put(range.lowerInclusive() ? '[' : '(');
    if (range.lower() != null) {
      TextOutput.format(subtype, range.lower(), context, scratch);
      RecordText.quoted(scratch, true, out);
    }
    out.put(',');
    if (range.upper() != null) {
      scratch.clear();
      TextOutput.format(subtype, range.upper(), context, scratch);
      RecordText.quoted(scratch, true, out);
    }
    out.put(range.upperInclusive() ? ']' : ')');
  }

  static void format(PgMultirange value, IoContext context, ByteSink out) {
    out.put('{');
    boolean first = true;
    for (PgRange range : value.ranges()) {
      if (!first) {
        out.put(',');
      }
      first = false;
      format(range, context, out);
    }
    out.put('}');
  }
}
