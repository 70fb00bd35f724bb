package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.BodyScanner;
import io.heliosdb.nano.parse.plpgsql.PlStatement.Level;
import io.heliosdb.nano.parse.plpgsql.PlStatement.Raise;
import io.heliosdb.nano.parse.plpgsql.PlStatement.RaiseOption;
import io.heliosdb.nano.parse.plpgsql.PlStatement.RaiseOptionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// RAISE in all its forms.
final class PlRaiseParser {
  private final BodyScanner s;
  private final PlFragments fragments;
  private final PlpgsqlParser blocks;

  PlRaiseParser(BodyScanner scanner, PlFragments fragments, PlpgsqlParser blocks) {
    this.s = scanner;
    this.fragments = fragments;
    this.blocks = blocks;
  }

  /// What follows the word RAISE, with the semicolon.
  Raise parse(int line) {
    if (s.accept(";")) {
      return new Raise(Level.EXCEPTION, true, null, List.of(), null, null, List.of(), line);
    }
    Level level = Level.EXCEPTION;
    for (Level candidate : Level.values()) {
      if (s.accept(candidate.name().toLowerCase(Locale.ROOT))) {
        level = candidate;
        break;
      }
    }
    String format = null;
    String condition = null;
    String sqlState = null;
    List<PlExpression> parameters = List.of();
    if (s.atEnd() || s.is(";")) {
      throw s.syntaxError();
    }
    if (s.isString()) {
      format = s.string();
      if (s.accept(",")) {
        parameters = fragments.expressions(";", "using");
      }
    } else if (s.accept("sqlstate")) {
      sqlState = blocks.parseSqlState();
    } else if (!s.is("using")) {
      condition = fragments.name();
      PlpgsqlParser.checkCondition(condition, line);
    }
    List<RaiseOption> options = s.accept("using") ? parseOptions() : List.of();
    s.expect(";");
    if (format != null) {
      checkParameters(format, parameters.size(), line);
    }
    return new Raise(level, false, format, parameters, condition, sqlState, options, line);
  }

  private List<RaiseOption> parseOptions() {
    List<RaiseOption> options = new ArrayList<>(2);
    do {
      RaiseOptionKind kind = parseKind();
      if (!s.accept("=") && !s.accept(":=")) {
        throw s.errorNear("syntax error, expected \"=\"");
      }
      options.add(new RaiseOption(kind, fragments.expression(";", ",")));
    } while (s.accept(","));
    return List.copyOf(options);
  }

  private RaiseOptionKind parseKind() {
    for (RaiseOptionKind kind : RaiseOptionKind.values()) {
      if (s.accept(kind.name().toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw s.errorNear("unrecognized RAISE statement option");
  }

  /// Each `%` that is not doubled takes one parameter.
  private static void checkParameters(String format, int count, int line) {
    int expected = 0;
    for (int i = 0; i < format.length(); i++) {
      if (format.charAt(i) == '%') {
        if (i + 1 < format.length() && format.charAt(i + 1) == '%') {
          i++;
        } else {
          expected++;
        }
      }
    }
    if (expected < count) {
      throw BodyScanner.error("too many parameters specified for RAISE", 0).withContext("near line " + line);
    }
    if (expected > count) {
      throw BodyScanner.error("too few parameters specified for RAISE", 0).withContext("near line " + line);
    }
  }
}
