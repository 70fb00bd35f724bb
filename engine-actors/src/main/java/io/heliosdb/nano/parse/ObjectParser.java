package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.ObjectDdl.Comment;
import io.heliosdb.nano.parse.ast.ObjectDdl.SecurityLabel;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;
import org.jspecify.annotations.Nullable;

/// The words for kinds of objects and the ways objects of each kind are named; COMMENT and SECURITY LABEL.
final class ObjectParser {
  private ObjectParser() {}

  static Statement parse(Tokens t) {
    return t.is(COMMENT) ? parseComment(t) : parseSecurityLabel(t);
  }

  private static Comment parseComment(Tokens t) {
    t.expect(COMMENT);
    t.expect(ON);
    int position = t.position();
    ObjectKind kind = parseKind(t);
    if (kind == ObjectKind.USER_MAPPING) {
      throw t.syntaxError();
    }
    if (kind == ObjectKind.TABLE_CONSTRAINT) {
      String name = t.columnIdentifier();
      t.expect(ON);
      if (t.is(DOMAIN) && isColumnIdentifier(t.peek(1))) {
        t.advance();
        QualifiedName domain = NameParser.parseAnyName(t);
        ObjectReference reference = new ObjectReference.OnDomain(name, TypeName.of(domain, domain.position()));
        t.expect(IS);
        return new Comment(ObjectKind.DOMAIN_CONSTRAINT, reference, NameParser.parseStringOrNull(t), position);
      }
      ObjectReference reference = new ObjectReference.OnRelation(name, NameParser.parseAnyName(t));
      t.expect(IS);
      return new Comment(kind, reference, NameParser.parseStringOrNull(t), position);
    }
    ObjectReference reference = parseReference(t, kind);
    t.expect(IS);
    return new Comment(kind, reference, NameParser.parseStringOrNull(t), position);
  }

  private static SecurityLabel parseSecurityLabel(Tokens t) {
    t.expect(SECURITY);
    t.expect(LABEL);
    String provider = t.accept(FOR) ? NameParser.parseWordOrString(t) : null;
    t.expect(ON);
    ObjectKind kind = parseKind(t);
    ObjectReference reference = parseReference(t, kind);
    t.expect(IS);
    return new SecurityLabel(provider, kind, reference, NameParser.parseStringOrNull(t));
  }

  // ------------------------------------------------------------------------------------------ kinds

  /// The kind of object named by the words at the current token, which are read.
  static ObjectKind parseKind(Tokens t) {
    ObjectKind kind = tryKind(t);
    if (kind == null) {
      throw t.syntaxError();
    }
    return kind;
  }

  private static @Nullable ObjectKind tryKind(Tokens t) {
    int kind = t.kind;
    if (kind < Keywords.BASE) {
      return null;
    }
    ObjectKind simple = simpleKind(kind);
    if (simple != null) {
      t.advance();
      return simple;
    }
    return switch (kind) {
      case ACCESS -> two(t, METHOD, ObjectKind.ACCESS_METHOD);
      case EVENT -> two(t, TRIGGER, ObjectKind.EVENT_TRIGGER);
      case MATERIALIZED -> two(t, VIEW, ObjectKind.MATERIALIZED_VIEW);
      case LARGE -> two(t, OBJECT, ObjectKind.LARGE_OBJECT);
      case PROCEDURAL -> two(t, LANGUAGE, ObjectKind.LANGUAGE);
      case FOREIGN -> {
        t.advance();
        if (t.accept(TABLE)) {
          yield ObjectKind.FOREIGN_TABLE;
        }
        t.expect(DATA);
        t.expect(WRAPPER);
        yield ObjectKind.FOREIGN_DATA_WRAPPER;
      }
      case OPERATOR -> {
        t.advance();
        if (t.is(CLASS) && t.peek(1) != '.') {
          t.advance();
          yield ObjectKind.OPERATOR_CLASS;
        }
        if (t.is(FAMILY) && t.peek(1) != '.') {
          t.advance();
          yield ObjectKind.OPERATOR_FAMILY;
        }
        yield ObjectKind.OPERATOR;
      }
      case TEXT -> {
        t.advance();
        t.expect(SEARCH);
        yield parseTextSearchKind(t);
      }
      default -> null;
    };
  }

  static ObjectKind parseTextSearchKind(Tokens t) {
    ObjectKind kind =
        switch (t.kind) {
          case CONFIGURATION -> ObjectKind.TEXT_SEARCH_CONFIGURATION;
          case DICTIONARY -> ObjectKind.TEXT_SEARCH_DICTIONARY;
          case PARSER -> ObjectKind.TEXT_SEARCH_PARSER;
          case TEMPLATE -> ObjectKind.TEXT_SEARCH_TEMPLATE;
          default -> throw t.syntaxError();
        };
    t.advance();
    return kind;
  }

  private static ObjectKind two(Tokens t, int second, ObjectKind kind) {
    t.advance();
    t.expect(second);
    return kind;
  }

  private static @Nullable ObjectKind simpleKind(int kind) {
    return switch (kind) {
      case AGGREGATE -> ObjectKind.AGGREGATE;
      case CAST -> ObjectKind.CAST;
      case COLLATION -> ObjectKind.COLLATION;
      case COLUMN -> ObjectKind.COLUMN;
      case CONSTRAINT -> ObjectKind.TABLE_CONSTRAINT;
      case CONVERSION -> ObjectKind.CONVERSION;
      case DATABASE -> ObjectKind.DATABASE;
      case DOMAIN -> ObjectKind.DOMAIN;
      case EXTENSION -> ObjectKind.EXTENSION;
      case FUNCTION -> ObjectKind.FUNCTION;
      case INDEX -> ObjectKind.INDEX;
      case LANGUAGE -> ObjectKind.LANGUAGE;
      case POLICY -> ObjectKind.POLICY;
      case PROCEDURE -> ObjectKind.PROCEDURE;
      case PUBLICATION -> ObjectKind.PUBLICATION;
      case ROLE -> ObjectKind.ROLE;
      case ROUTINE -> ObjectKind.ROUTINE;
      case RULE -> ObjectKind.RULE;
      case SCHEMA -> ObjectKind.SCHEMA;
      case SEQUENCE -> ObjectKind.SEQUENCE;
      case SERVER -> ObjectKind.SERVER;
      case STATISTICS -> ObjectKind.STATISTICS;
      case SUBSCRIPTION -> ObjectKind.SUBSCRIPTION;
      case TABLE -> ObjectKind.TABLE;
      case TABLESPACE -> ObjectKind.TABLESPACE;
      case TRANSFORM -> ObjectKind.TRANSFORM;
      case TRIGGER -> ObjectKind.TRIGGER;
      case TYPE -> ObjectKind.TYPE;
      case VIEW -> ObjectKind.VIEW;
      default -> null;
    };
  }

  // ------------------------------------------------------------------------------------------ references

  /// An object of a kind, named the way its kind asks for.
  static ObjectReference parseReference(Tokens t, ObjectKind kind) {
    return switch (kind) {
      case FUNCTION, PROCEDURE, ROUTINE -> RoutineParser.parseRoutine(t);
      case AGGREGATE -> RoutineParser.parseAggregate(t);
      case OPERATOR -> parseOperator(t);
      case OPERATOR_CLASS, OPERATOR_FAMILY -> {
        QualifiedName name = NameParser.parseAnyName(t);
        t.expect(USING);
        yield new ObjectReference.OfMethod(name, t.columnIdentifier());
      }
      case TYPE, DOMAIN -> new ObjectReference.Type(TypeParser.parse(t));
      case POLICY, RULE, TRIGGER, TABLE_CONSTRAINT -> {
        String name = t.columnIdentifier();
        t.expect(ON);
        yield new ObjectReference.OnRelation(name, NameParser.parseAnyName(t));
      }
      case CAST -> parseCast(t);
      case TRANSFORM -> {
        t.expect(FOR);
        TypeName type = TypeParser.parse(t);
        t.expect(LANGUAGE);
        yield new ObjectReference.Transform(type, t.columnIdentifier());
      }
      case LARGE_OBJECT -> parseLargeObject(t);
      case ACCESS_METHOD, DATABASE, EVENT_TRIGGER, EXTENSION, FOREIGN_DATA_WRAPPER, LANGUAGE, PUBLICATION, ROLE, SCHEMA, SERVER,
          SUBSCRIPTION, TABLESPACE -> new ObjectReference.Named(parseSimpleName(t));
      case ATTRIBUTE, DOMAIN_CONSTRAINT, USER_MAPPING -> throw t.syntaxError();
      case COLLATION, COLUMN, CONVERSION, FOREIGN_TABLE, INDEX, MATERIALIZED_VIEW, SEQUENCE, STATISTICS, TABLE, TEXT_SEARCH_CONFIGURATION,
          TEXT_SEARCH_DICTIONARY, TEXT_SEARCH_PARSER, TEXT_SEARCH_TEMPLATE, VIEW -> new ObjectReference.Named(NameParser.parseAnyName(t));
    };
  }

  /// Whether objects of the kind have one unqualified name.
  static boolean hasSimpleName(ObjectKind kind) {
    return switch (kind) {
      case ACCESS_METHOD, DATABASE, EVENT_TRIGGER, EXTENSION, FOREIGN_DATA_WRAPPER, LANGUAGE, PUBLICATION, ROLE, SCHEMA, SERVER,
          SUBSCRIPTION, TABLESPACE -> true;
      default -> false;
    };
  }

  static QualifiedName parseSimpleName(Tokens t) {
    int position = t.position();
    return QualifiedName.of(t.columnIdentifier(), position);
  }

  static ObjectReference.LargeObject parseLargeObject(Tokens t) {
    int at = t.index;
    String number = NameParser.parseNumber(t);
    try {
      return new ObjectReference.LargeObject(Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw t.syntaxErrorAt(at);
    }
  }

  static ObjectReference.Cast parseCast(Tokens t) {
    t.expect('(');
    TypeName source = TypeParser.parse(t);
    t.expect(AS);
    TypeName target = TypeParser.parse(t);
    t.expect(')');
    return new ObjectReference.Cast(source, target);
  }

  /// operator_with_argtypes.
  static ObjectReference.Operator parseOperator(Tokens t) {
    QualifiedName name = ExpressionParser.parseAnyOperator(t, t.position());
    @Nullable TypeName[] types = parseOperandTypes(t);
    return new ObjectReference.Operator(name, types[0], types[1]);
  }

  /// oper_argtypes: two types, either of which may be NONE.
  static @Nullable TypeName[] parseOperandTypes(Tokens t) {
    t.expect('(');
    if (t.accept(NONE)) {
      t.expect(',');
      TypeName right = TypeParser.parse(t);
      t.expect(')');
      return new @Nullable TypeName[] {null, right};
    }
    TypeName left = TypeParser.parse(t);
    if (t.is(')')) {
      throw t.grammarError("missing argument", t.position()).withHint("Use NONE to denote the missing argument of a unary operator.");
    }
    t.expect(',');
    TypeName right = t.accept(NONE) ? null : TypeParser.parse(t);
    t.expect(')');
    return new @Nullable TypeName[] {left, right};
  }
}
