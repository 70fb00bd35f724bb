package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.IntegerLiteral;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/// Type names: SQL's own spellings and generic names, modifiers, arrays.
final class TypeParser {
  private TypeParser() {}

  /// Typename.
  static TypeName parse(Tokens t) {
    boolean setOf = t.accept(SETOF);
    TypeName simple = parseSimple(t, false);
    return decorate(t, simple, setOf);
  }

  /// func_type: a type name, or `name.column%TYPE`.
  static TypeName parseFunctionType(Tokens t) {
    int at = t.index + (t.is(SETOF) ? 1 : 0);
    if (isPercentType(t, at)) {
      boolean setOf = t.accept(SETOF);
      int position = t.position();
      List<String> parts = new ArrayList<>(3);
      parts.add(t.typeOrFunctionName());
      while (t.accept('.')) {
        parts.add(t.label());
      }
      t.expect('%');
      t.expect(TYPE);
      return new TypeName(new QualifiedName(List.copyOf(parts), position), List.of(), List.of(), setOf, true, 0, position);
    }
    return parse(t);
  }

  private static boolean isPercentType(Tokens t, int from) {
    int at = from;
    if (at >= t.count || !isTypeOrFunctionName(t.kinds[at])) {
      return false;
    }
    at++;
    boolean dotted = false;
    while (at + 1 < t.count && t.kinds[at] == '.' && isLabel(t.kinds[at + 1])) {
      at += 2;
      dotted = true;
    }
    return dotted && at + 1 < t.count && t.kinds[at] == '%' && t.kinds[at + 1] == TYPE;
  }

  private static TypeName decorate(Tokens t, TypeName simple, boolean setOf) {
    List<Integer> bounds = parseArrayBounds(t);
    if (bounds.isEmpty() && !setOf) {
      return simple;
    }
    return new TypeName(
        simple.name(), simple.modifiers(), bounds, setOf, false, simple.intervalFields(), simple.position());
  }

  private static List<Integer> parseArrayBounds(Tokens t) {
    if (t.accept(ARRAY)) {
      if (!t.accept('[')) {
        return List.of(-1);
      }
      int size = NameParser.parseInteger(t);
      t.expect(']');
      return List.of(size);
    }
    if (!t.is('[')) {
      return List.of();
    }
    List<Integer> bounds = new ArrayList<>(2);
    while (t.accept('[')) {
      bounds.add(t.is(ICONST) ? NameParser.parseInteger(t) : -1);
      t.expect(']');
    }
    return List.copyOf(bounds);
  }

  /// Whether the words at the current token begin a type with its own syntax that here stands before a string constant.
  static boolean startsTypedLiteral(Tokens t) {
    int next = t.peek(1);
    return switch (t.kind) {
      case INT, INTEGER, SMALLINT, BIGINT, REAL, BOOLEAN -> next == SCONST;
      case FLOAT, DECIMAL, DEC, NUMERIC, VARCHAR -> next == SCONST || next == '(';
      case BIT, CHARACTER, CHAR, NCHAR -> next == SCONST || next == '(' || next == VARYING;
      case NATIONAL -> next == CHARACTER || next == CHAR;
      case DOUBLE -> next == PRECISION;
      case TIME, TIMESTAMP -> next == SCONST || next == '(' || next == WITHOUT || next == WITH && t.peek(2) == TIME;
      default -> false;
    };
  }

  /// SimpleTypename; `constant` for the variant in front of a string constant, where BIT and CHAR have no length 1.
  static TypeName parseSimple(Tokens t, boolean constant) {
    int position = t.position();
    switch (t.kind) {
      case INT, INTEGER -> {
        return plain(t, "int4", position);
      }
      case SMALLINT -> {
        return plain(t, "int2", position);
      }
      case BIGINT -> {
        return plain(t, "int8", position);
      }
      case REAL -> {
        return plain(t, "float4", position);
      }
      case BOOLEAN -> {
        return plain(t, "bool", position);
      }
      case FLOAT -> {
        t.advance();
        return TypeName.system(parseFloat(t), position);
      }
      case DOUBLE -> {
        if (t.peek(1) == PRECISION) {
          t.advance();
          return plain(t, "float8", position);
        }
        return parseGeneric(t, position);
      }
      case DECIMAL, DEC, NUMERIC -> {
        t.advance();
        return withModifiers("numeric", parseModifiers(t), position);
      }
      case BIT -> {
        return parseBit(t, constant, position);
      }
      case CHARACTER, CHAR, NCHAR, NATIONAL, VARCHAR -> {
        return parseCharacter(t, constant, position);
      }
      case TIME, TIMESTAMP -> {
        return parseTime(t, position);
      }
      case INTERVAL -> {
        t.advance();
        if (t.is('(')) {
          return withModifiers("interval", parsePrecision(t), position);
        }
        return parseIntervalFields(t, position);
      }
      default -> {
        return parseGeneric(t, position);
      }
    }
  }

  private static TypeName plain(Tokens t, String name, int position) {
    t.advance();
    return TypeName.system(name, position);
  }

  private static TypeName withModifiers(String name, List<Expression> modifiers, int position) {
    return new TypeName(QualifiedName.system(name, position), modifiers, List.of(), false, false, 0, position);
  }

  private static TypeName parseGeneric(Tokens t, int position) {
    String first = t.typeOrFunctionName();
    QualifiedName name;
    if (t.is('.')) {
      List<String> parts = new ArrayList<>(3);
      parts.add(first);
      while (t.accept('.')) {
        parts.add(t.label());
      }
      name = new QualifiedName(List.copyOf(parts), position);
    } else {
      name = QualifiedName.of(first, position);
    }
    return new TypeName(name, parseModifiers(t), List.of(), false, false, 0, position);
  }

  /// opt_type_modifiers.
  private static List<Expression> parseModifiers(Tokens t) {
    if (!t.accept('(')) {
      return List.of();
    }
    List<Expression> modifiers = ExpressionParser.parseList(t);
    t.expect(')');
    return modifiers;
  }

  /// `'(' Iconst ')'`.
  private static List<Expression> parsePrecision(Tokens t) {
    t.expect('(');
    int position = t.position();
    Expression precision = new IntegerLiteral(NameParser.parseInteger(t), position);
    t.expect(')');
    return List.of(precision);
  }

  private static List<Expression> parseOptionalPrecision(Tokens t) {
    return t.is('(') ? parsePrecision(t) : List.of();
  }

  private static String parseFloat(Tokens t) {
    if (!t.accept('(')) {
      return "float8";
    }
    int position = t.position();
    int bits = NameParser.parseInteger(t);
    t.expect(')');
    if (bits < 1) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "precision for type float must be at least 1 bit").at(position);
    }
    if (bits > 53) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "precision for type float must be less than 54 bits").at(position);
    }
    return bits <= 24 ? "float4" : "float8";
  }

  private static TypeName parseBit(Tokens t, boolean constant, int position) {
    t.expect(BIT);
    boolean varying = t.accept(VARYING);
    List<Expression> modifiers = parseModifiers(t);
    if (modifiers.isEmpty() && !varying && !constant) {
      modifiers = List.of(new IntegerLiteral(1, 0));
    }
    return withModifiers(varying ? "varbit" : "bit", modifiers, position);
  }

  private static TypeName parseCharacter(Tokens t, boolean constant, int position) {
    boolean varying = t.is(VARCHAR);
    if (t.accept(NATIONAL)) {
      if (!t.is(CHARACTER) && !t.is(CHAR)) {
        throw t.syntaxError();
      }
    }
    t.advance();
    if (!varying) {
      varying = t.accept(VARYING);
    }
    List<Expression> modifiers = parseOptionalPrecision(t);
    if (modifiers.isEmpty() && !varying && !constant) {
      modifiers = List.of(new IntegerLiteral(1, 0));
    }
    return withModifiers(varying ? "varchar" : "bpchar", modifiers, position);
  }

  private static TypeName parseTime(Tokens t, int position) {
    boolean timestamp = t.is(TIMESTAMP);
    t.advance();
    List<Expression> precision = parseOptionalPrecision(t);
    boolean zoned = false;
    if (t.is(WITH, TIME)) {
      t.advance();
      t.advance();
      t.expect(ZONE);
      zoned = true;
    } else if (t.accept(WITHOUT)) {
      t.expect(TIME);
      t.expect(ZONE);
    }
    String name = timestamp ? zoned ? "timestamptz" : "timestamp" : zoned ? "timetz" : "time";
    return withModifiers(name, precision, position);
  }

  /// opt_interval, after the word INTERVAL (and, for a constant, after its string).
  static TypeName parseIntervalFields(Tokens t, int position) {
    int from =
        switch (t.kind) {
          case YEAR -> TypeName.YEAR;
          case MONTH -> TypeName.MONTH;
          case DAY -> TypeName.DAY;
          case HOUR -> TypeName.HOUR;
          case MINUTE -> TypeName.MINUTE;
          case SECOND -> TypeName.SECOND;
          default -> 0;
        };
    if (from == 0) {
      return TypeName.system("interval", position);
    }
    t.advance();
    List<Expression> precision = List.of();
    int mask = from;
    if (from == TypeName.SECOND) {
      precision = parseOptionalPrecision(t);
    } else if (from != TypeName.MONTH && t.is(TO)) {
      t.advance();
      int to = t.kind;
      mask = intervalMask(from, to);
      if (mask == 0) {
        throw t.syntaxError();
      }
      t.advance();
      if (to == SECOND) {
        precision = parseOptionalPrecision(t);
      }
    }
    return new TypeName(QualifiedName.system("interval", position), precision, List.of(), false, false, mask, position);
  }

  private static int intervalMask(int from, int to) {
    if (from == TypeName.YEAR) {
      return to == MONTH ? TypeName.YEAR | TypeName.MONTH : 0;
    }
    int fields = from;
    if (from == TypeName.DAY) {
      fields |= TypeName.HOUR;
      if (to == HOUR) {
        return fields;
      }
    }
    if (from == TypeName.DAY || from == TypeName.HOUR) {
      fields |= TypeName.MINUTE;
      if (to == MINUTE) {
        return fields;
      }
    }
    return to == SECOND ? fields | TypeName.SECOND : 0;
  }
}
