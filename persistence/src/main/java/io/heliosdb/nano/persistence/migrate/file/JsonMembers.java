package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.JsonObjects;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.JsonParser;
import io.heliosdb.nano.type.PgTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The members of all objects of a JSON file, in the order in which they first occur, and what their values are.
final class JsonMembers implements JsonObjects.Consumer {
  /// As many columns as a table can have.
  private static final int MEMBERS_MAX = 1600;

  private static final class Member {
    final TypeGuess guess = new TypeGuess();
    boolean strings;
    boolean numbers;
    boolean booleans;
    boolean nested;

    boolean isJson() {
      return nested;
    }

    String sqlType() {
      if (nested) {
        return "jsonb";
      }
      int kinds = (strings ? 1 : 0) + (numbers ? 1 : 0) + (booleans ? 1 : 0);
      return kinds > 1 ? "text" : guess.sqlType();
    }
  }

  private final Map<String, Member> members = new LinkedHashMap<>();

  @Override
  public void object(byte[] bytes, int from, int to) {
    JsonParser.parse(new String(bytes, from, to - from, StandardCharsets.UTF_8), new Handler());
  }

  /// Notes what stands in the object itself, not deeper.
  private final class Handler implements JsonParser.Handler {
    private int depth;
    private Member member = new Member();

    @Override
    public void beginObject(int start) {
      nest();
    }

    @Override
    public void beginArray(int start) {
      nest();
    }

    private void nest() {
      if (depth++ == 1) {
        member.nested = true;
        member.guess.json();
      }
    }

    @Override
    public void endObject(int end) {
      depth--;
    }

    @Override
    public void endArray(int end) {
      depth--;
    }

    @Override
    public void key(String key) {
      if (depth == 1) {
        member = members.computeIfAbsent(key, name -> new Member());
        if (members.size() > MEMBERS_MAX) {
          throw new SqlException(SqlState.TOO_MANY_COLUMNS, "tables can have at most " + MEMBERS_MAX + " columns");
        }
      }
    }

    @Override
    public void string(String value, int start, int end) {
      if (depth == 1) {
        member.strings = true;
        member.guess.string(value);
      }
    }

    @Override
    public void number(String lexeme, int start, int end) {
      if (depth == 1) {
        member.numbers = true;
        member.guess.text(lexeme);
      }
    }

    @Override
    public void bool(boolean value, int start, int end) {
      if (depth == 1) {
        member.booleans = true;
        member.guess.text(value ? "true" : "false");
      }
    }
  }

  /// How the members are read: those with nested values as JSON, the others as text.
  List<CopyColumn> columns() {
    List<CopyColumn> columns = new ArrayList<>();
    members.forEach((name, member) -> columns.add(new CopyColumn(name, member.isJson() ? PgTypes.JSON : PgTypes.TEXT, -1)));
    return columns;
  }

  List<String> types() {
    return members.values().stream().map(Member::sqlType).toList();
  }
}
