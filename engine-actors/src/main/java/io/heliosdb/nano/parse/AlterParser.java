package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.AlterTableAction.FiringState;
import io.heliosdb.nano.parse.ast.DatabaseDdl.AlterTablespace;
import io.heliosdb.nano.parse.ast.DatabaseDdl.ChangeExtensionContents;
import io.heliosdb.nano.parse.ast.ObjectDdl.ChangeOwner;
import io.heliosdb.nano.parse.ast.ObjectDdl.DependsOnExtension;
import io.heliosdb.nano.parse.ast.ObjectDdl.Rename;
import io.heliosdb.nano.parse.ast.ObjectDdl.SetSchema;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.RoutineDdl.AlterEventTrigger;
import io.heliosdb.nano.parse.ast.RoutineDdl.AlterOperator;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.*;
import io.heliosdb.nano.parse.ast.SettingStatement.AlterSystem;
import io.heliosdb.nano.parse.ast.SettingStatement.ResetAllValues;
import io.heliosdb.nano.parse.ast.SettingStatement.SettingChange;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TypeName;

/// ALTER: chooses by kind; what is common to many kinds (RENAME, OWNER, SET SCHEMA, DEPENDS) and the smaller kinds are read here.
final class AlterParser {
  private AlterParser() {}

  static Statement parse(Tokens t) {
    t.expect(ALTER);
    switch (t.kind) {
      case DEFAULT -> {
        return GrantParser.parseDefaults(t);
      }
      case SYSTEM -> {
        t.advance();
        return parseSystem(t);
      }
      case GROUP, ROLE -> {
        return RoleParser.parseAlter(t);
      }
      case USER -> {
        return t.peek(1) == MAPPING ? ForeignParser.parseAlterMapping(t) : RoleParser.parseAlter(t);
      }
      case POLICY -> {
        return RoleParser.parseAlterPolicy(t);
      }
      case DATABASE -> {
        if (VersionParser.startsBranch(t)) {
          return VersionParser.parseAlter(t);
        }
      }
      case CAST, TRANSFORM, COLUMN, CONSTRAINT, ACCESS -> throw t.syntaxError();
      default -> {}
    }
    ObjectKind kind = ObjectParser.parseKind(t);
    return switch (kind) {
      case TABLE, INDEX, VIEW, MATERIALIZED_VIEW, SEQUENCE, FOREIGN_TABLE -> AlterTableParser.parse(t, kind);
      case TYPE -> parseType(t);
      case DOMAIN -> parseDomain(t);
      case TRIGGER, RULE -> parseOnTable(t, kind);
      case EXTENSION -> parseExtension(t);
      case STATISTICS -> parseStatistics(t);
      default -> parseObject(t, kind);
    };
  }

  private static AlterSystem parseSystem(Tokens t) {
    if (!t.is(SET) && !t.is(RESET)) {
      throw t.syntaxError();
    }
    SettingChange change = SettingParser.parseSetOrReset(t);
    return new AlterSystem(change instanceof ResetAllValues ? null : change);
  }

  static ObjectReference.Named named(QualifiedName name) {
    return new ObjectReference.Named(name);
  }

  // ------------------------------------------------------------------------------------------ common clauses

  /// RENAME of a relation, one of its columns or constraints.
  static Rename parseRelationRename(Tokens t, ObjectKind owner, RelationTarget target, boolean ifExists) {
    t.expect(RENAME);
    ObjectReference object = named(target.name());
    if (t.accept(TO)) {
      return new Rename(owner, owner, object, target.only(), ifExists, null, t.columnIdentifier(), false, target.position());
    }
    if (owner == ObjectKind.INDEX || owner == ObjectKind.SEQUENCE) {
      throw t.syntaxError();
    }
    ObjectKind kind = ObjectKind.COLUMN;
    if (owner == ObjectKind.TABLE && t.accept(CONSTRAINT)) {
      kind = ObjectKind.TABLE_CONSTRAINT;
    } else {
      t.accept(COLUMN);
    }
    String part = t.columnIdentifier();
    t.expect(TO);
    return new Rename(kind, owner, object, target.only(), ifExists, part, t.columnIdentifier(), false, target.position());
  }

  private static Rename rename(ObjectKind kind, ObjectReference object, String newName) {
    return new Rename(kind, kind, object, false, false, null, newName, false, 0);
  }

  static Rename renameRole(Tokens t, RoleSpecification role) {
    return rename(ObjectKind.ROLE, named(QualifiedName.of(role.name(), role.position())), NameParser.parseRoleId(t));
  }

  /// `RENAME TO name` of something on a table.
  static Rename parseRenameOn(Tokens t, ObjectKind kind, String name, QualifiedName table, boolean ifExists) {
    t.expect(RENAME);
    t.expect(TO);
    ObjectReference object = new ObjectReference.OnRelation(name, table);
    return new Rename(kind, kind, object, false, ifExists, null, t.columnIdentifier(), false, 0);
  }

  static SetSchema parseSetSchema(Tokens t, ObjectKind kind, RelationTarget target, boolean ifExists) {
    t.expect(SET);
    t.expect(SCHEMA);
    return new SetSchema(kind, named(target.name()), target.only(), ifExists, t.columnIdentifier());
  }

  static DependsOnExtension parseDepends(Tokens t, ObjectKind kind, ObjectReference object) {
    boolean remove = t.accept(NO);
    t.expect(DEPENDS);
    t.expect(ON);
    t.expect(EXTENSION);
    return new DependsOnExtension(kind, object, t.columnIdentifier(), remove);
  }

  /// RENAME TO, OWNER TO or SET SCHEMA of an object of its own; null if none of them stands here.
  private static @org.jspecify.annotations.Nullable Statement parseCommon(Tokens t, ObjectKind kind, ObjectReference object) {
    if (t.is(RENAME) && !renamesPart(t, kind)) {
      t.advance();
      t.expect(TO);
      String newName = kind == ObjectKind.ROLE ? NameParser.parseRoleId(t) : t.columnIdentifier();
      return rename(kind, object, newName);
    }
    if (t.is(OWNER) && kind != ObjectKind.DATABASE || t.is(OWNER, TO)) {
      t.advance();
      t.expect(TO);
      return new ChangeOwner(kind, object, NameParser.parseRole(t));
    }
    if (t.is(SET) && t.peek(1) == SCHEMA && t.peek(2) != SCONST && !ObjectParser.hasSimpleName(kind)) {
      t.advance();
      t.advance();
      return new SetSchema(kind, object, false, false, t.columnIdentifier());
    }
    return null;
  }

  /// Whether RENAME is of a part of a type or domain.
  private static boolean renamesPart(Tokens t, ObjectKind kind) {
    int next = t.peek(1);
    return kind == ObjectKind.TYPE && (next == VALUE || next == ATTRIBUTE) || kind == ObjectKind.DOMAIN && next == CONSTRAINT;
  }

  // ------------------------------------------------------------------------------------------ kinds

  private static Statement parseObject(Tokens t, ObjectKind kind) {
    ObjectReference object = ObjectParser.parseReference(t, kind);
    Statement common = parseCommon(t, kind, object);
    if (common != null) {
      return common;
    }
    String name = object instanceof ObjectReference.Named named ? named.name().name() : "";
    return switch (kind) {
      case FUNCTION, PROCEDURE, ROUTINE -> parseRoutine(t, kind, (ObjectReference.Routine) object);
      case OPERATOR -> {
        t.expect(SET);
        yield new AlterOperator((ObjectReference.Operator) object, OptionParser.parseDefinition(t));
      }
      case OPERATOR_FAMILY -> {
        ObjectReference.OfMethod family = (ObjectReference.OfMethod) object;
        yield OperatorParser.parseAlterFamily(t, family.name(), family.method());
      }
      case COLLATION -> {
        t.expect(REFRESH);
        t.expect(VERSION);
        yield new RefreshCollation(((ObjectReference.Named) object).name());
      }
      case TEXT_SEARCH_DICTIONARY ->
          new AlterTextSearchDictionary(((ObjectReference.Named) object).name(), OptionParser.parseDefinition(t));
      case TEXT_SEARCH_CONFIGURATION -> {
        if (!t.is(ADD) && !t.is(ALTER) && !t.is(DROP)) {
          throw t.syntaxError();
        }
        yield TextSearchParser.parseMapping(t, ((ObjectReference.Named) object).name());
      }
      case DATABASE -> DatabaseParser.parseAlter(t, name);
      case EVENT_TRIGGER -> {
        FiringState state = TriggerParser.parseEnable(t);
        yield new AlterEventTrigger(name, state);
      }
      case FOREIGN_DATA_WRAPPER -> ForeignParser.parseWrapperRest(t, name, false);
      case SERVER -> ForeignParser.parseAlterServer(t, name);
      case PUBLICATION -> ReplicationParser.parseAlterPublication(t, name);
      case SUBSCRIPTION -> ReplicationParser.parseAlterSubscription(t, name);
      case TABLESPACE -> {
        boolean reset = t.accept(RESET);
        if (!reset) {
          t.expect(SET);
        }
        yield new AlterTablespace(name, reset, OptionParser.parseStorageOptions(t));
      }
      default -> throw t.syntaxErrorAt(t.is(SET) ? t.index + 1 : t.index);
    };
  }

  private static Statement parseRoutine(Tokens t, ObjectKind kind, ObjectReference.Routine routine) {
    if (t.is(DEPENDS) || t.is(NO, DEPENDS)) {
      return parseDepends(t, kind, routine);
    }
    return RoutineParser.parseAlterOptions(t, kind, routine);
  }

  private static Statement parseOnTable(Tokens t, ObjectKind kind) {
    String name = t.columnIdentifier();
    t.expect(ON);
    QualifiedName table = NameParser.parseQualifiedName(t);
    if (kind == ObjectKind.TRIGGER && (t.is(DEPENDS) || t.is(NO, DEPENDS))) {
      return parseDepends(t, kind, new ObjectReference.OnRelation(name, table));
    }
    return parseRenameOn(t, kind, name, table, false);
  }

  private static Statement parseExtension(Tokens t) {
    String name = t.columnIdentifier();
    switch (t.kind) {
      case UPDATE -> {
        return DatabaseParser.parseUpdateExtension(t, name);
      }
      case SET -> {
        t.advance();
        t.expect(SCHEMA);
        ObjectReference object = named(QualifiedName.of(name, 0));
        return new SetSchema(ObjectKind.EXTENSION, object, false, false, t.columnIdentifier());
      }
      case ADD, DROP -> {
        boolean add = t.is(ADD);
        t.advance();
        ObjectKind kind = ObjectParser.parseKind(t);
        return new ChangeExtensionContents(name, add, kind, ObjectParser.parseReference(t, kind));
      }
      default -> throw t.syntaxError();
    }
  }

  private static Statement parseStatistics(Tokens t) {
    boolean ifExists = NameParser.parseIfExists(t);
    QualifiedName name = NameParser.parseAnyName(t);
    if (!ifExists) {
      Statement common = parseCommon(t, ObjectKind.STATISTICS, named(name));
      if (common != null) {
        return common;
      }
    }
    t.expect(SET);
    t.expect(STATISTICS);
    return new AlterStatistics(name, ifExists, NameParser.parseSignedInteger(t));
  }

  // ------------------------------------------------------------------------------------------ types and domains

  private static Statement parseType(Tokens t) {
    int position = t.position();
    QualifiedName name = NameParser.parseAnyName(t);
    Statement common = parseCommon(t, ObjectKind.TYPE, new ObjectReference.Type(TypeName.of(name, position)));
    if (common != null) {
      return common;
    }
    if (t.accept(RENAME)) {
      if (t.accept(VALUE)) {
        String label = t.stringConstant();
        t.expect(TO);
        return new RenameEnumValue(name, label, t.stringConstant());
      }
      t.expect(ATTRIBUTE);
      String attribute = t.columnIdentifier();
      t.expect(TO);
      String newName = t.columnIdentifier();
      ObjectReference object = named(name);
      boolean cascade = NameParser.parseCascade(t);
      return new Rename(ObjectKind.ATTRIBUTE, ObjectKind.TYPE, object, false, false, attribute, newName, cascade, position);
    }
    if (t.is(ADD, VALUE)) {
      t.advance();
      t.advance();
      return parseAddValue(t, name);
    }
    if (t.accept(SET)) {
      return new AlterTypeOptions(name, OptionParser.parseDefinition(t));
    }
    return AlterTableParser.parseTypeActions(t, name, position);
  }

  private static AddEnumValue parseAddValue(Tokens t, QualifiedName name) {
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    String label = t.stringConstant();
    boolean after = t.is(AFTER);
    String neighbour = null;
    if (after || t.is(BEFORE)) {
      t.advance();
      neighbour = t.stringConstant();
    }
    return new AddEnumValue(name, ifNotExists, label, neighbour, after);
  }

  private static Statement parseDomain(Tokens t) {
    int position = t.position();
    QualifiedName name = NameParser.parseAnyName(t);
    ObjectReference object = new ObjectReference.Type(TypeName.of(name, position));
    Statement common = parseCommon(t, ObjectKind.DOMAIN, object);
    if (common != null) {
      return common;
    }
    switch (t.kind) {
      case RENAME -> {
        t.advance();
        t.expect(CONSTRAINT);
        String constraint = t.columnIdentifier();
        t.expect(TO);
        String newName = t.columnIdentifier();
        return new Rename(
            ObjectKind.DOMAIN_CONSTRAINT, ObjectKind.DOMAIN, object, false, false, constraint, newName, false, position);
      }
      case SET -> {
        t.advance();
        if (t.accept(DEFAULT)) {
          return new AlterDomain(name, new SetDomainDefault(ExpressionParser.parseSource(t)));
        }
        t.expect(NOT);
        t.expect(NULL);
        return new AlterDomain(name, new SetDomainNotNull(true));
      }
      case DROP -> {
        t.advance();
        return new AlterDomain(name, parseDomainDrop(t));
      }
      case ADD -> {
        t.advance();
        return new AlterDomain(name, new AddDomainConstraint(ConstraintParser.parseTableConstraint(t)));
      }
      case VALIDATE -> {
        t.advance();
        t.expect(CONSTRAINT);
        return new AlterDomain(name, new ValidateDomainConstraint(t.columnIdentifier()));
      }
      default -> throw t.syntaxError();
    }
  }

  private static DomainAction parseDomainDrop(Tokens t) {
    if (t.accept(DEFAULT)) {
      return new DropDomainDefault();
    }
    if (t.accept(NOT)) {
      t.expect(NULL);
      return new SetDomainNotNull(false);
    }
    t.expect(CONSTRAINT);
    boolean ifExists = NameParser.parseIfExists(t);
    String constraint = t.columnIdentifier();
    return new DropDomainConstraint(constraint, ifExists, NameParser.parseCascade(t));
  }
}
