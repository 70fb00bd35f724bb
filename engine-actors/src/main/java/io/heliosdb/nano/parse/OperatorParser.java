package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoutineDdl.*;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operators, operator classes and families, aggregates, casts, transforms.
final class OperatorParser {
  private OperatorParser() {}

  // ------------------------------------------------------------------------------------------ aggregates

  static CreateAggregate parseCreateAggregate(Tokens t, boolean orReplace) {
    t.expect(AGGREGATE);
    QualifiedName name = NameParser.parseFunctionName(t);
    if (t.is('(') && t.peek(1) == IDENT && t.peek(2) == '=') {
      return new CreateAggregate(name, orReplace, true, false, List.of(), null, parseOldDefinition(t));
    }
    ObjectReference.Aggregate signature = RoutineParser.parseAggregateArguments(t, name);
    List<Option> options = OptionParser.parseDefinition(t);
    return new CreateAggregate(name, orReplace, false, signature.star(), signature.parameters(), signature.orderBy(), options);
  }

  /// The old style names plain identifiers only.
  private static List<Option> parseOldDefinition(Tokens t) {
    t.expect('(');
    List<Option> options = new ArrayList<>();
    do {
      int position = t.position();
      if (!t.is(IDENT)) {
        throw t.syntaxError();
      }
      String name = t.label();
      t.expect('=');
      options.add(Option.of(name, OptionParser.parseDefinitionValue(t), position));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(options);
  }

  // ------------------------------------------------------------------------------------------ operators

  static Statement parseCreate(Tokens t) {
    t.expect(OPERATOR);
    if (t.is(CLASS) && t.peek(1) != '.') {
      t.advance();
      return parseCreateClass(t);
    }
    if (t.is(FAMILY) && t.peek(1) != '.') {
      t.advance();
      QualifiedName name = NameParser.parseAnyName(t);
      t.expect(USING);
      return new CreateOperatorFamily(name, t.columnIdentifier());
    }
    QualifiedName name = ExpressionParser.parseAnyOperator(t, t.position());
    return new CreateOperator(name, OptionParser.parseDefinition(t));
  }

  private static CreateOperatorClass parseCreateClass(Tokens t) {
    QualifiedName name = NameParser.parseAnyName(t);
    boolean isDefault = t.accept(DEFAULT);
    t.expect(FOR);
    t.expect(TYPE);
    TypeName type = TypeParser.parse(t);
    t.expect(USING);
    String method = t.columnIdentifier();
    QualifiedName family = t.accept(FAMILY) ? NameParser.parseAnyName(t) : null;
    t.expect(AS);
    return new CreateOperatorClass(name, isDefault, type, method, family, parseItems(t));
  }

  static List<OperatorClassItem> parseItems(Tokens t) {
    List<OperatorClassItem> items = new ArrayList<>();
    do {
      items.add(parseItem(t));
    } while (t.accept(','));
    return List.copyOf(items);
  }

  private static OperatorClassItem parseItem(Tokens t) {
    if (t.accept(STORAGE)) {
      return new StorageItem(TypeParser.parse(t));
    }
    if (t.accept(FUNCTION)) {
      int number = NameParser.parseInteger(t);
      List<TypeName> types = t.is('(') ? parseTypes(t) : List.of();
      return new FunctionItem(number, types, RoutineParser.parseRoutine(t));
    }
    t.expect(OPERATOR);
    int number = NameParser.parseInteger(t);
    QualifiedName operator = ExpressionParser.parseAnyOperator(t, t.position());
    List<@Nullable TypeName> types = new ArrayList<>();
    if (t.is('(')) {
      for (TypeName type : ObjectParser.parseOperandTypes(t)) {
        types.add(type);
      }
    }
    QualifiedName family = null;
    if (t.accept(FOR)) {
      if (t.accept(ORDER)) {
        t.expect(BY);
        family = NameParser.parseAnyName(t);
      } else {
        t.expect(SEARCH);
      }
    }
    return new OperatorItem(number, operator, java.util.Collections.unmodifiableList(types), family, t.accept(RECHECK));
  }

  private static List<TypeName> parseTypes(Tokens t) {
    t.expect('(');
    List<TypeName> types = new ArrayList<>();
    do {
      types.add(TypeParser.parse(t));
    } while (t.accept(','));
    t.expect(')');
    return List.copyOf(types);
  }

  /// `ADD|DROP items` of ALTER OPERATOR FAMILY.
  static AlterOperatorFamily parseAlterFamily(Tokens t, QualifiedName name, String method) {
    if (t.accept(ADD)) {
      return new AlterOperatorFamily(name, method, false, parseItems(t));
    }
    t.expect(DROP);
    List<OperatorClassItem> items = new ArrayList<>();
    do {
      boolean operator = t.accept(OPERATOR);
      if (!operator) {
        t.expect(FUNCTION);
      }
      int number = NameParser.parseInteger(t);
      List<TypeName> types = parseTypes(t);
      items.add(
          operator
              ? new OperatorItem(number, null, List.copyOf(types), null, false)
              : new FunctionItem(number, types, null));
    } while (t.accept(','));
    return new AlterOperatorFamily(name, method, true, List.copyOf(items));
  }

  // ------------------------------------------------------------------------------------------ casts and transforms

  static CreateCast parseCreateCast(Tokens t) {
    t.expect(CAST);
    ObjectReference.Cast cast = ObjectParser.parseCast(t);
    ObjectReference.Routine function = null;
    boolean inout = false;
    if (t.accept(WITHOUT)) {
      t.expect(FUNCTION);
    } else {
      t.expect(WITH);
      if (t.accept(INOUT)) {
        inout = true;
      } else {
        t.expect(FUNCTION);
        function = RoutineParser.parseRoutine(t);
      }
    }
    CastContext context = CastContext.EXPLICIT;
    if (t.accept(AS)) {
      context = t.accept(IMPLICIT) ? CastContext.IMPLICIT : CastContext.ASSIGNMENT;
      if (context == CastContext.ASSIGNMENT) {
        t.expect(ASSIGNMENT);
      }
    }
    return new CreateCast(cast.source(), cast.target(), function, inout, context);
  }

  static CreateTransform parseCreateTransform(Tokens t, boolean orReplace) {
    t.expect(TRANSFORM);
    t.expect(FOR);
    TypeName type = TypeParser.parse(t);
    t.expect(LANGUAGE);
    String language = t.columnIdentifier();
    t.expect('(');
    ObjectReference.Routine from = null;
    ObjectReference.Routine to = null;
    do {
      boolean isFrom = t.accept(FROM);
      if (!isFrom) {
        t.expect(TO);
      }
      if (isFrom ? from != null : to != null) {
        throw t.syntaxErrorAt(t.index - 1);
      }
      t.expect(SQL);
      t.expect(WITH);
      t.expect(FUNCTION);
      ObjectReference.Routine routine = RoutineParser.parseRoutine(t);
      if (isFrom) {
        from = routine;
      } else {
        to = routine;
      }
    } while (t.accept(','));
    t.expect(')');
    return new CreateTransform(orReplace, type, language, from, to);
  }
}
