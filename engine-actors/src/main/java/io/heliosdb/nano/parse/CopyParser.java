package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.UtilityStatement.Copy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// COPY with the option list in parentheses and with the older key word options.
final class CopyParser {
  private CopyParser() {}

  static Copy parse(Tokens t) {
    t.expect(COPY);
    int position = t.position();
    if (t.is('(')) {
      t.advance();
      Preparable query = StatementParser.parsePreparable(t);
      t.expect(')');
      t.expect(TO);
      boolean program = t.accept(PROGRAM);
      String file = parseFile(t, program);
      checkProgram(t, program, file);
      t.accept(WITH);
      return new Copy(null, List.of(), query, false, program, file, parseOptions(t), null, position);
    }
    boolean binary = t.is(BINARY) && isColumnIdentifier(t.peek(1)) && t.accept(BINARY);
    QualifiedName table = NameParser.parseQualifiedName(t);
    List<Name> columns = NameParser.parseOptionalColumns(t);
    boolean from = t.accept(FROM);
    if (!from) {
      t.expect(TO);
    }
    boolean program = t.accept(PROGRAM);
    String file = parseFile(t, program);
    checkProgram(t, program, file);
    List<Option> options = new ArrayList<>();
    if (binary) {
      options.add(Option.of("format", new Option.StringValue("binary"), position));
    }
    Option delimiters = parseDelimiters(t);
    if (delimiters != null) {
      options.add(delimiters);
    }
    t.accept(WITH);
    options.addAll(parseOptions(t));
    int wherePosition = t.position();
    Expression where = t.accept(WHERE) ? ExpressionParser.parse(t) : null;
    if (where != null && !from) {
      throw t.grammarError("WHERE clause not allowed with COPY TO", wherePosition);
    }
    return new Copy(table, columns, null, from, program, file, List.copyOf(options), where, position);
  }

  private static @Nullable String parseFile(Tokens t, boolean program) {
    if (t.is(STDIN) || t.is(STDOUT)) {
      t.advance();
      return null;
    }
    return t.stringConstant();
  }

  private static void checkProgram(Tokens t, boolean program, @Nullable String file) {
    if (program && file == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "STDIN/STDOUT not allowed with PROGRAM").at(t.positionAt(t.index - 1));
    }
  }

  /// `[[USING] DELIMITERS 'c']`.
  private static @Nullable Option parseDelimiters(Tokens t) {
    int position = t.position();
    if (t.is(USING, DELIMITERS)) {
      t.advance();
    }
    return t.accept(DELIMITERS) ? Option.of("delimiter", new Option.StringValue(t.stringConstant()), position) : null;
  }

  private static List<Option> parseOptions(Tokens t) {
    return t.is('(') ? parseGenericOptions(t) : parseWordOptions(t);
  }

  static List<Option> parseGenericOptions(Tokens t) {
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.label();
      options.add(Option.of(name, parseGenericValue(t), position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  private static Option.@Nullable Value parseGenericValue(Tokens t) {
    switch (t.kind) {
      case ',', ')' -> {
        return null;
      }
      case '*' -> {
        t.advance();
        return new Option.StarValue();
      }
      case '(' -> {
        t.advance();
        List<Option.Value> values = new ArrayList<>();
        do {
          values.add(parseListValue(t));
        } while (t.accept(','));
        t.expect(')');
        return new Option.ListValue(List.copyOf(values));
      }
      default -> {
        return OptionParser.parseBooleanOrNumber(t);
      }
    }
  }

  private static Option.Value parseListValue(Tokens t) {
    return switch (t.kind) {
      case SCONST -> new Option.StringValue(t.stringConstant());
      case TRUE, FALSE, ON -> new Option.WordValue(t.label());
      default -> new Option.WordValue(t.nonReservedWord());
    };
  }

  private static List<Option> parseWordOptions(Tokens t) {
    List<Option> options = new ArrayList<>();
    while (true) {
      int position = t.position();
      switch (t.kind) {
        case BINARY -> options.add(word(t, "format", new Option.StringValue("binary"), position));
        case CSV -> options.add(word(t, "format", new Option.StringValue("csv"), position));
        case FREEZE -> options.add(word(t, "freeze", new Option.BooleanValue(true), position));
        case HEADER -> options.add(word(t, "header", new Option.BooleanValue(true), position));
        case DELIMITER, NULL, QUOTE, ESCAPE -> {
          String name = t.label();
          t.accept(AS);
          options.add(Option.of(name, new Option.StringValue(t.stringConstant()), position));
        }
        case ENCODING -> {
          t.advance();
          options.add(Option.of("encoding", new Option.StringValue(t.stringConstant()), position));
        }
        case FORCE -> {
          t.advance();
          options.add(parseForce(t, position));
        }
        default -> {
          return List.copyOf(options);
        }
      }
    }
  }

  private static Option word(Tokens t, String name, Option.Value value, int position) {
    t.advance();
    return Option.of(name, value, position);
  }

  private static Option parseForce(Tokens t, int position) {
    if (t.accept(QUOTE)) {
      if (t.accept('*')) {
        return Option.of("force_quote", new Option.StarValue(), position);
      }
      return Option.of("force_quote", parseColumnList(t), position);
    }
    if (t.accept(NOT)) {
      t.expect(NULL);
      return Option.of("force_not_null", parseColumnList(t), position);
    }
    t.expect(NULL);
    return Option.of("force_null", parseColumnList(t), position);
  }

  private static Option.Value parseColumnList(Tokens t) {
    return new Option.ListValue(NameParser.parseNames(t).stream().<Option.Value>map(Option.WordValue::new).toList());
  }
}
