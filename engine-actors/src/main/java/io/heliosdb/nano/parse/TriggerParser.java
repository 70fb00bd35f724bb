package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ConstraintParser.Attributes;
import io.heliosdb.nano.parse.ast.AlterTableAction.FiringState;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoutineDdl.*;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl.ConstraintTiming;
import java.util.ArrayList;
import java.util.List;

/// Triggers, event triggers, rules.
final class TriggerParser {
  private TriggerParser() {}

  static CreateTrigger parseCreate(Tokens t, boolean orReplace) {
    boolean constraint = t.accept(CONSTRAINT);
    t.expect(TRIGGER);
    String name = t.columnIdentifier();
    TriggerTiming timing = constraint ? parseAfter(t) : parseTiming(t);
    Events events = parseEvents(t);
    t.expect(ON);
    QualifiedName table = NameParser.parseQualifiedName(t);
    QualifiedName from = null;
    ConstraintTiming deferral = ConstraintTiming.IMMEDIATE;
    List<Transition> transitions = List.of();
    boolean forEachRow = false;
    if (constraint) {
      from = t.accept(FROM) ? NameParser.parseQualifiedName(t) : null;
      Attributes attributes = ConstraintParser.parseAttributes(t, "TRIGGER", true, false, false);
      deferral = attributes.timing();
      t.expect(FOR);
      t.expect(EACH);
      t.expect(ROW);
      forEachRow = true;
    } else {
      transitions = t.accept(REFERENCING) ? parseTransitions(t) : List.of();
      if (t.accept(FOR)) {
        t.accept(EACH);
        forEachRow = t.accept(ROW);
        if (!forEachRow) {
          t.expect(STATEMENT);
        }
      }
    }
    SourceExpression when = t.accept(WHEN) ? ExpressionParser.parseParenthesisedSource(t) : null;
    QualifiedName function = parseExecuted(t);
    t.expect('(');
    List<String> arguments = parseArguments(t);
    t.expect(')');
    return new CreateTrigger(
        name, orReplace, constraint, table, timing, events.list, events.columns, transitions, forEachRow, when, function, arguments,
        deferral, from);
  }

  private static TriggerTiming parseAfter(Tokens t) {
    t.expect(AFTER);
    return TriggerTiming.AFTER;
  }

  private static TriggerTiming parseTiming(Tokens t) {
    if (t.accept(BEFORE)) {
      return TriggerTiming.BEFORE;
    }
    if (t.accept(AFTER)) {
      return TriggerTiming.AFTER;
    }
    t.expect(INSTEAD);
    t.expect(OF);
    return TriggerTiming.INSTEAD_OF;
  }

  private record Events(List<TriggerEvent> list, List<Name> columns) {}

  private static Events parseEvents(Tokens t) {
    List<TriggerEvent> list = new ArrayList<>(2);
    List<Name> columns = new ArrayList<>();
    do {
      TriggerEvent event =
          switch (t.kind) {
            case INSERT -> TriggerEvent.INSERT;
            case DELETE -> TriggerEvent.DELETE;
            case UPDATE -> TriggerEvent.UPDATE;
            case TRUNCATE -> TriggerEvent.TRUNCATE;
            default -> throw t.syntaxError();
          };
      t.advance();
      boolean repeated = list.contains(event);
      list.add(event);
      if (event == TriggerEvent.UPDATE && t.accept(OF)) {
        columns.addAll(NameParser.parseColumns(t));
      }
      if (repeated) {
        throw t.errorNear("duplicate trigger events specified", t.index);
      }
    } while (t.accept(OR));
    return new Events(List.copyOf(list), List.copyOf(columns));
  }

  private static List<Transition> parseTransitions(Tokens t) {
    List<Transition> transitions = new ArrayList<>(2);
    do {
      boolean newRows = t.accept(NEW);
      if (!newRows) {
        t.expect(OLD);
      }
      boolean table = t.accept(TABLE);
      if (!table) {
        t.expect(ROW);
      }
      t.accept(AS);
      transitions.add(new Transition(newRows, table, t.columnIdentifier()));
    } while (t.is(NEW) || t.is(OLD));
    return List.copyOf(transitions);
  }

  /// `EXECUTE FUNCTION|PROCEDURE name`.
  private static QualifiedName parseExecuted(Tokens t) {
    t.expect(EXECUTE);
    if (!t.accept(FUNCTION)) {
      t.expect(PROCEDURE);
    }
    return NameParser.parseFunctionName(t);
  }

  private static List<String> parseArguments(Tokens t) {
    List<String> arguments = new ArrayList<>();
    if (t.is(')')) {
      return List.of();
    }
    do {
      switch (t.kind) {
        case ICONST -> arguments.add(Integer.toString(NameParser.parseInteger(t)));
        case FCONST -> arguments.add(NameParser.parseNumber(t));
        case SCONST -> arguments.add(t.stringConstant());
        default -> arguments.add(t.label());
      }
    } while (t.accept(','));
    return List.copyOf(arguments);
  }

  // ------------------------------------------------------------------------------------------ event triggers

  /// `EVENT TRIGGER name ON event [WHEN …] EXECUTE …`, after CREATE.
  static CreateEventTrigger parseCreateEvent(Tokens t) {
    t.expect(EVENT);
    t.expect(TRIGGER);
    String name = t.columnIdentifier();
    t.expect(ON);
    String event = t.label();
    List<Option> filters = new ArrayList<>();
    if (t.accept(WHEN)) {
      do {
        int position = t.position();
        String variable = t.columnIdentifier();
        t.expect(IN);
        t.expect('(');
        List<Option.Value> values = new ArrayList<>();
        do {
          values.add(new Option.StringValue(t.stringConstant()));
        } while (t.accept(','));
        t.expect(')');
        filters.add(Option.of(variable, new Option.ListValue(List.copyOf(values)), position));
      } while (t.accept(AND));
    }
    QualifiedName function = parseExecuted(t);
    t.expect('(');
    t.expect(')');
    return new CreateEventTrigger(name, event, List.copyOf(filters), function);
  }

  /// enable_trigger of ALTER EVENT TRIGGER.
  static FiringState parseEnable(Tokens t) {
    if (t.accept(DISABLE)) {
      return FiringState.DISABLE;
    }
    t.expect(ENABLE);
    if (t.accept(REPLICA)) {
      return FiringState.ENABLE_REPLICA;
    }
    return t.accept(ALWAYS) ? FiringState.ENABLE_ALWAYS : FiringState.ENABLE;
  }

  // ------------------------------------------------------------------------------------------ rules

  static CreateRule parseCreateRule(Tokens t, boolean orReplace, int start) {
    t.expect(RULE);
    String name = t.columnIdentifier();
    t.expect(AS);
    t.expect(ON);
    RuleEvent event =
        switch (t.kind) {
          case SELECT -> RuleEvent.SELECT;
          case INSERT -> RuleEvent.INSERT;
          case UPDATE -> RuleEvent.UPDATE;
          case DELETE -> RuleEvent.DELETE;
          default -> throw t.syntaxError();
        };
    t.advance();
    t.expect(TO);
    QualifiedName table = NameParser.parseQualifiedName(t);
    SourceExpression where = t.accept(WHERE) ? ExpressionParser.parseSource(t) : null;
    t.expect(DO);
    boolean instead = t.accept(INSTEAD);
    if (!instead) {
      t.accept(ALSO);
    }
    List<String> texts = new ArrayList<>();
    List<Statement> actions = parseActions(t, texts);
    return new CreateRule(
        name, orReplace, table, event, where, instead, actions, List.copyOf(texts), t.text.substring(start, t.previousEnd()));
  }

  private static List<Statement> parseActions(Tokens t, List<String> texts) {
    if (t.accept(NOTHING)) {
      return List.of();
    }
    if (!t.is('(') || SelectParser.isParenthesisedQuery(t, t.index) && singleQuery(t)) {
      return List.of(parseAction(t, texts));
    }
    t.expect('(');
    List<Statement> actions = new ArrayList<>();
    while (!t.is(')')) {
      if (!t.accept(';')) {
        actions.add(parseAction(t, texts));
        if (!t.is(')')) {
          t.expect(';');
        }
      }
    }
    t.expect(')');
    return List.copyOf(actions);
  }

  /// Whether the parenthesis encloses one query and not a list of actions.
  private static boolean singleQuery(Tokens t) {
    int close = t.partner(t.index);
    for (int i = t.index; i < close; i++) {
      if (t.kinds[i] == ';') {
        return false;
      }
    }
    return close >= 0;
  }

  private static Statement parseAction(Tokens t, List<String> texts) {
    int start = t.start();
    Statement action =
        switch (t.kind) {
          case SELECT, VALUES, TABLE, WITH, '(', INSERT, UPDATE, DELETE -> StatementParser.parsePreparable(t);
          case NOTIFY -> UtilityParser.parse(t);
          default -> throw t.syntaxError();
        };
    texts.add(t.text.substring(start, t.previousEnd()));
    return action;
  }
}
