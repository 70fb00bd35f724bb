package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Option lists: definitions, storage parameters, foreign-data options, sequence options, and the lists of utility statements.
final class OptionParser {
  private OptionParser() {}

  // ------------------------------------------------------------------------------------------ definitions and storage parameters

  /// definition: `'(' label [= value], … ')'`.
  static List<Option> parseDefinition(Tokens t) {
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.label();
      options.add(Option.of(name, t.accept('=') ? parseDefinitionValue(t) : null, position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  /// reloptions: like a definition, names with an optional namespace.
  static List<Option> parseStorageOptions(Tokens t) {
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.label();
      String namespace = null;
      if (t.accept('.')) {
        namespace = name;
        name = t.label();
      }
      Option.Value value = t.accept('=') ? parseDefinitionValue(t) : null;
      options.add(new Option(namespace, name, value, Option.Action.UNSPECIFIED, position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  /// `[WITH (…)]`.
  static List<Option> parseOptionalWith(Tokens t) {
    return t.accept(WITH) ? parseStorageOptions(t) : List.of();
  }

  /// def_arg: a type name or word, operator, number, string.
  static Option.Value parseDefinitionValue(Tokens t) {
    if (t.is(SCONST)) {
      return new Option.StringValue(t.stringConstant());
    }
    if (t.is(ICONST) || t.is(FCONST) || (t.is('+') || t.is('-')) && (t.peek(1) == ICONST || t.peek(1) == FCONST)) {
      return new Option.NumberValue(NameParser.parseNumber(t));
    }
    if (t.is(OPERATOR) || ExpressionParser.isOperatorSymbol(t.kind)) {
      return new Option.OperatorValue(ExpressionParser.parseQualifiedAnySymbol(t));
    }
    if (t.is(NONE) || t.kind >= Keywords.BASE && Keywords.categoryOf(t.kind) == 'R') {
      return new Option.WordValue(t.label());
    }
    return new Option.TypeValue(TypeParser.parseFunctionType(t));
  }

  // ------------------------------------------------------------------------------------------ utility statements

  /// `'(' name [value], … ')'` of EXPLAIN, VACUUM, REINDEX, CLUSTER and the like (utility_option_list).
  static List<Option> parseUtilityOptions(Tokens t) {
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.is(ANALYZE) || t.is(ANALYSE) ? "analyze" : null;
      if (name == null) {
        name = t.nonReservedWord();
      } else {
        t.advance();
      }
      options.add(Option.of(name, parseUtilityValue(t), position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  private static Option.@Nullable Value parseUtilityValue(Tokens t) {
    return t.is(',') || t.is(')') ? null : parseBooleanOrNumber(t);
  }

  /// opt_boolean_or_string or NumericOnly.
  static Option.Value parseBooleanOrNumber(Tokens t) {
    switch (t.kind) {
      case ICONST, FCONST, '+', '-' -> {
        return new Option.NumberValue(NameParser.parseNumber(t));
      }
      case SCONST -> {
        return new Option.StringValue(t.stringConstant());
      }
      case TRUE, FALSE, ON -> {
        return new Option.WordValue(t.label());
      }
      default -> {
        return new Option.WordValue(t.nonReservedWord());
      }
    }
  }

  // ------------------------------------------------------------------------------------------ foreign data

  /// `[OPTIONS (name 'value', …)]`.
  static List<Option> parseOptionalForeign(Tokens t) {
    if (!t.accept(OPTIONS)) {
      return List.of();
    }
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.label();
      options.add(Option.of(name, new Option.StringValue(t.stringConstant()), position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  /// alter_generic_options: `OPTIONS ([SET|ADD|DROP] name ['value'], …)`.
  static List<Option> parseAlterForeign(Tokens t) {
    t.expect(OPTIONS);
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      Option.Action action = parseForeignAction(t);
      String name = t.label();
      Option.Value value = action == Option.Action.DROP ? null : new Option.StringValue(t.stringConstant());
      options.add(new Option(null, name, value, action, position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  /// SET, ADD and DROP are verbs if a name follows, else names.
  private static Option.Action parseForeignAction(Tokens t) {
    if (!isLabel(t.peek(1))) {
      return Option.Action.UNSPECIFIED;
    }
    Option.Action action =
        switch (t.kind) {
          case SET -> Option.Action.SET;
          case ADD -> Option.Action.ADD;
          case DROP -> Option.Action.DROP;
          default -> Option.Action.UNSPECIFIED;
        };
    if (action != Option.Action.UNSPECIFIED) {
      t.advance();
    }
    return action;
  }

  // ------------------------------------------------------------------------------------------ sequences

  /// `[ '(' sequence options ')' ]`.
  static List<Option> parseParenthesisedSequenceOptions(Tokens t) {
    if (!t.accept('(')) {
      return List.of();
    }
    List<Option> options = new ArrayList<>();
    do {
      options.add(requireSequenceOption(t));
    } while (!t.is(')'));
    t.expect(')');
    return List.copyOf(options);
  }

  /// Sequence options up to something else.
  static List<Option> parseSequenceOptions(Tokens t) {
    List<Option> options = new ArrayList<>();
    while (true) {
      Option option = parseSequenceOption(t);
      if (option == null) {
        return List.copyOf(options);
      }
      options.add(option);
    }
  }

  static Option requireSequenceOption(Tokens t) {
    Option option = parseSequenceOption(t);
    if (option == null) {
      throw t.syntaxError();
    }
    return option;
  }

  static @Nullable Option parseSequenceOption(Tokens t) {
    int position = t.position();
    switch (t.kind) {
      case AS -> {
        t.advance();
        return Option.of("as", new Option.TypeValue(TypeParser.parseSimple(t, false)), position);
      }
      case CACHE, MAXVALUE, MINVALUE -> {
        String name = t.label();
        return Option.of(name, new Option.NumberValue(NameParser.parseNumber(t)), position);
      }
      case CYCLE -> {
        t.advance();
        return Option.of("cycle", new Option.BooleanValue(true), position);
      }
      case INCREMENT -> {
        t.advance();
        t.accept(BY);
        return Option.of("increment", new Option.NumberValue(NameParser.parseNumber(t)), position);
      }
      case NO -> {
        t.advance();
        return switch (t.kind) {
          case CYCLE -> {
            t.advance();
            yield Option.of("cycle", new Option.BooleanValue(false), position);
          }
          case MAXVALUE, MINVALUE -> Option.of(t.label(), null, position);
          default -> throw t.syntaxError();
        };
      }
      case OWNED -> {
        t.advance();
        t.expect(BY);
        QualifiedName owner = t.is(NONE) ? noneName(t) : NameParser.parseAnyName(t);
        return Option.of("owned_by", new Option.NameValue(owner), position);
      }
      case SEQUENCE -> {
        t.advance();
        t.expect(NAME);
        return Option.of("sequence_name", new Option.NameValue(NameParser.parseAnyName(t)), position);
      }
      case START -> {
        t.advance();
        t.accept(WITH);
        return Option.of("start", new Option.NumberValue(NameParser.parseNumber(t)), position);
      }
      case RESTART -> {
        t.advance();
        boolean number = t.accept(WITH) || t.is(ICONST) || t.is(FCONST) || t.is('+') || t.is('-');
        return Option.of("restart", number ? new Option.NumberValue(NameParser.parseNumber(t)) : null, position);
      }
      default -> {
        return null;
      }
    }
  }

  private static QualifiedName noneName(Tokens t) {
    QualifiedName name = QualifiedName.of("none", t.position());
    t.advance();
    return name;
  }
}
