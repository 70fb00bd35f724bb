package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ConstraintParser.Attributes;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.AlterTableAction.*;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.RoleSpecification;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterSequence;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl.AlterTable;
import io.heliosdb.nano.parse.ast.TableDdl.MoveAll;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.List;

/// ALTER of relations: tables, indexes, views, sequences, foreign tables; also the attributes of composite types.
final class AlterTableParser {
  private AlterTableParser() {}

  /// After ALTER and the words of the kind.
  static Statement parse(Tokens t, ObjectKind kind) {
    if (t.is(ALL) && (kind == ObjectKind.TABLE || kind == ObjectKind.INDEX || kind == ObjectKind.MATERIALIZED_VIEW)) {
      return parseMoveAll(t, kind);
    }
    boolean ifExists = NameParser.parseIfExists(t);
    int position = t.position();
    RelationTarget target =
        kind == ObjectKind.TABLE || kind == ObjectKind.FOREIGN_TABLE
            ? NameParser.parseRelation(t)
            : new RelationTarget(NameParser.parseQualifiedName(t), false, position);
    switch (t.kind) {
      case RENAME -> {
        return AlterParser.parseRelationRename(t, kind, target, ifExists);
      }
      case SET -> {
        if (t.peek(1) == SCHEMA) {
          return AlterParser.parseSetSchema(t, kind, target, ifExists);
        }
      }
      case DEPENDS -> {
        return AlterParser.parseDepends(t, kind, AlterParser.named(target.name()));
      }
      case NO -> {
        if (t.peek(1) == DEPENDS) {
          return AlterParser.parseDepends(t, kind, AlterParser.named(target.name()));
        }
      }
      default -> {}
    }
    if (kind == ObjectKind.SEQUENCE) {
      List<Option> options = OptionParser.parseSequenceOptions(t);
      if (!options.isEmpty()) {
        return new AlterSequence(target.name(), ifExists, options);
      }
    }
    List<AlterTableAction> actions = new ArrayList<>(1);
    if (t.is(ATTACH) || t.is(DETACH)) {
      actions.add(parsePartition(t, kind));
    } else {
      do {
        actions.add(parseAction(t));
      } while (t.accept(','));
    }
    return new AlterTable(kind, target.name(), target.only(), ifExists, List.copyOf(actions), position);
  }

  private static MoveAll parseMoveAll(Tokens t, ObjectKind kind) {
    t.expect(ALL);
    t.expect(IN);
    t.expect(TABLESPACE);
    String from = t.columnIdentifier();
    List<RoleSpecification> owners = List.of();
    if (t.accept(OWNED)) {
      t.expect(BY);
      owners = NameParser.parseRoles(t);
    }
    t.expect(SET);
    t.expect(TABLESPACE);
    String to = t.columnIdentifier();
    return new MoveAll(kind, from, owners, to, t.accept(NOWAIT));
  }

  private static AlterTableAction parsePartition(Tokens t, ObjectKind kind) {
    if (t.accept(ATTACH)) {
      t.expect(PARTITION);
      QualifiedName partition = NameParser.parseQualifiedName(t);
      return new AttachPartition(partition, kind == ObjectKind.INDEX ? null : TableParser.parseBound(t));
    }
    t.expect(DETACH);
    t.expect(PARTITION);
    QualifiedName partition = NameParser.parseQualifiedName(t);
    boolean concurrently = t.accept(CONCURRENTLY);
    return new DetachPartition(partition, concurrently, !concurrently && t.accept(FINALIZE));
  }

  // ------------------------------------------------------------------------------------------ actions

  private static AlterTableAction parseAction(Tokens t) {
    int kind = t.kind;
    switch (kind) {
      case ADD -> {
        return parseAdd(t);
      }
      case ALTER -> {
        return parseAlter(t);
      }
      case DROP -> {
        return parseDrop(t);
      }
      case SET -> {
        t.advance();
        return parseSet(t);
      }
      case ENABLE, DISABLE -> {
        t.advance();
        return parseEnable(t, kind == ENABLE);
      }
      case OPTIONS -> {
        return new ForeignOptions(OptionParser.parseAlterForeign(t));
      }
      default -> {
        t.advance();
        return parseOther(t, kind);
      }
    }
  }

  private static AlterTableAction parseOther(Tokens t, int kind) {
    switch (kind) {
      case VALIDATE -> {
        t.expect(CONSTRAINT);
        return new ValidateConstraint(t.columnIdentifier());
      }
      case CLUSTER -> {
        t.expect(ON);
        return new ClusterOn(t.columnIdentifier());
      }
      case RESET -> {
        return new SetOptions(true, OptionParser.parseStorageOptions(t));
      }
      case INHERIT -> {
        return new Inherit(NameParser.parseQualifiedName(t), false);
      }
      case NO -> {
        if (t.accept(INHERIT)) {
          return new Inherit(NameParser.parseQualifiedName(t), true);
        }
        t.expect(FORCE);
        expectRowLevelSecurity(t);
        return new RowSecurity(RowSecurityState.NO_FORCE);
      }
      case FORCE -> {
        expectRowLevelSecurity(t);
        return new RowSecurity(RowSecurityState.FORCE);
      }
      case OF -> {
        QualifiedName type = NameParser.parseAnyName(t);
        return new OfType(TypeName.of(type, type.position()));
      }
      case NOT -> {
        t.expect(OF);
        return new NotOfType();
      }
      case OWNER -> {
        t.expect(TO);
        return new OwnerTo(NameParser.parseRole(t));
      }
      case REPLICA -> {
        t.expect(IDENTITY);
        return parseReplicaIdentity(t);
      }
      default -> throw t.syntaxErrorAt(t.index - (kind == EOF ? 0 : 1));
    }
  }

  private static AlterTableAction parseReplicaIdentity(Tokens t) {
    if (t.accept(NOTHING)) {
      return new ReplicaIdentity(ReplicaIdentityKind.NOTHING, null);
    }
    if (t.accept(FULL)) {
      return new ReplicaIdentity(ReplicaIdentityKind.FULL, null);
    }
    if (t.accept(DEFAULT)) {
      return new ReplicaIdentity(ReplicaIdentityKind.DEFAULT, null);
    }
    t.expect(USING);
    t.expect(INDEX);
    return new ReplicaIdentity(ReplicaIdentityKind.INDEX, t.columnIdentifier());
  }

  private static void expectRowLevelSecurity(Tokens t) {
    t.expect(ROW);
    t.expect(LEVEL);
    t.expect(SECURITY);
  }

  private static AlterTableAction parseAdd(Tokens t) {
    t.expect(ADD);
    if (ConstraintParser.startsTableConstraint(t)) {
      return new AddConstraint(ConstraintParser.parseTableConstraint(t));
    }
    if (t.is(ATTRIBUTE) && isColumnIdentifier(t.peek(1))) {
      throw t.syntaxErrorAt(t.index + 2);
    }
    t.accept(COLUMN);
    boolean ifNotExists = NameParser.parseIfNotExists(t);
    return new AddColumn(TableParser.parseColumn(t), ifNotExists);
  }

  private static AlterTableAction parseDrop(Tokens t) {
    t.expect(DROP);
    if (t.accept(CONSTRAINT)) {
      boolean ifExists = NameParser.parseIfExists(t);
      String name = t.columnIdentifier();
      return new DropConstraint(name, ifExists, NameParser.parseCascade(t));
    }
    t.accept(COLUMN);
    boolean ifExists = NameParser.parseIfExists(t);
    String name = t.columnIdentifier();
    return new DropColumn(name, ifExists, NameParser.parseCascade(t));
  }

  /// After SET.
  private static AlterTableAction parseSet(Tokens t) {
    switch (t.kind) {
      case '(' -> {
        return new SetOptions(false, OptionParser.parseStorageOptions(t));
      }
      case WITHOUT -> {
        t.advance();
        if (t.accept(CLUSTER)) {
          return new ClusterOn(null);
        }
        t.expect(OIDS);
        return new SetWithoutOids();
      }
      case LOGGED, UNLOGGED -> {
        boolean logged = t.is(LOGGED);
        t.advance();
        return new SetLogged(logged);
      }
      case ACCESS -> {
        t.advance();
        t.expect(METHOD);
        return new SetAccessMethod(t.columnIdentifier());
      }
      case TABLESPACE -> {
        t.advance();
        return new SetTablespace(t.columnIdentifier());
      }
      default -> throw t.syntaxError();
    }
  }

  private static AlterTableAction parseEnable(Tokens t, boolean enable) {
    if (t.is(ROW)) {
      expectRowLevelSecurity(t);
      return new RowSecurity(enable ? RowSecurityState.ENABLE : RowSecurityState.DISABLE);
    }
    FiringState state = enable ? FiringState.ENABLE : FiringState.DISABLE;
    if (enable && t.accept(ALWAYS)) {
      state = FiringState.ENABLE_ALWAYS;
    } else if (enable && t.accept(REPLICA)) {
      state = FiringState.ENABLE_REPLICA;
    }
    if (t.accept(RULE)) {
      return new RuleState(state, t.columnIdentifier());
    }
    t.expect(TRIGGER);
    boolean plain = state == FiringState.ENABLE || state == FiringState.DISABLE;
    if (plain && t.accept(ALL)) {
      return new TriggerState(state, null, false);
    }
    if (plain && t.accept(USER)) {
      return new TriggerState(state, null, true);
    }
    return new TriggerState(state, t.columnIdentifier(), false);
  }

  // ------------------------------------------------------------------------------------------ ALTER COLUMN

  private static AlterTableAction parseAlter(Tokens t) {
    t.expect(ALTER);
    if (t.accept(CONSTRAINT)) {
      String name = t.columnIdentifier();
      Attributes attributes = ConstraintParser.parseAttributes(t, "FOREIGN KEY", true, false, false);
      return new AlterConstraint(name, attributes.timing());
    }
    t.accept(COLUMN);
    if (t.is(ICONST)) {
      int number = NameParser.parseInteger(t);
      t.expect(SET);
      t.expect(STATISTICS);
      return new SetStatistics(null, number, NameParser.parseSignedInteger(t));
    }
    int position = t.position();
    String column = t.columnIdentifier();
    switch (t.kind) {
      case SET -> {
        return parseAlterSet(t, column, position);
      }
      case DROP -> {
        t.advance();
        return parseAlterDrop(t, column);
      }
      case RESET -> {
        t.advance();
        return new ColumnOptions(column, true, OptionParser.parseStorageOptions(t));
      }
      case RESTART -> {
        return parseIdentityOptions(t, column);
      }
      case TYPE -> {
        return parseType(t, column, position);
      }
      case ADD -> {
        t.advance();
        t.expect(GENERATED);
        boolean always = ConstraintParser.parseGeneratedWhen(t);
        t.expect(AS);
        t.expect(IDENTITY);
        return new AddIdentity(column, always, OptionParser.parseParenthesisedSequenceOptions(t));
      }
      case OPTIONS -> {
        return new ColumnForeignOptions(column, OptionParser.parseAlterForeign(t));
      }
      default -> throw t.syntaxError();
    }
  }

  private static AlterTableAction parseAlterSet(Tokens t, String column, int position) {
    switch (t.peek(1)) {
      case DEFAULT -> {
        t.advance();
        t.advance();
        return new SetDefault(column, ExpressionParser.parseSource(t));
      }
      case NOT -> {
        t.advance();
        t.advance();
        t.expect(NULL);
        return new SetNotNull(column);
      }
      case STATISTICS -> {
        t.advance();
        t.advance();
        return new SetStatistics(column, 0, NameParser.parseSignedInteger(t));
      }
      case '(' -> {
        t.advance();
        return new ColumnOptions(column, false, OptionParser.parseStorageOptions(t));
      }
      case STORAGE -> {
        t.advance();
        t.advance();
        return new SetStorage(column, t.columnIdentifier());
      }
      case COMPRESSION -> {
        t.advance();
        t.advance();
        return new SetCompression(column, t.is(DEFAULT) ? t.label() : t.columnIdentifier());
      }
      case DATA -> {
        t.advance();
        t.advance();
        return parseType(t, column, position);
      }
      default -> {
        return parseIdentityOptions(t, column);
      }
    }
  }

  private static AlterTableAction parseAlterDrop(Tokens t, String column) {
    switch (t.kind) {
      case DEFAULT -> {
        t.advance();
        return new DropDefault(column);
      }
      case NOT -> {
        t.advance();
        t.expect(NULL);
        return new DropNotNull(column);
      }
      case EXPRESSION -> {
        t.advance();
        return new DropExpression(column, NameParser.parseIfExists(t));
      }
      case IDENTITY -> {
        t.advance();
        return new DropIdentity(column, NameParser.parseIfExists(t));
      }
      default -> throw t.syntaxError();
    }
  }

  /// alter_identity_column_option_list: `RESTART [[WITH] n]`, `SET option`, `SET GENERATED …`.
  private static AlterTableAction parseIdentityOptions(Tokens t, String column) {
    Boolean always = null;
    List<Option> options = new ArrayList<>();
    while (t.is(RESTART) || t.is(SET)) {
      if (t.is(RESTART)) {
        options.add(OptionParser.requireSequenceOption(t));
        continue;
      }
      t.advance();
      if (t.accept(GENERATED)) {
        always = ConstraintParser.parseGeneratedWhen(t);
        continue;
      }
      Option option = OptionParser.requireSequenceOption(t);
      switch (option.name()) {
        case "as", "restart", "owned_by" ->
            throw t.grammarError("sequence option \"" + option.name() + "\" not supported here", option.position());
        default -> options.add(option);
      }
    }
    return new SetIdentity(column, always, List.copyOf(options));
  }

  private static AlterTableAction parseType(Tokens t, String column, int position) {
    t.expect(TYPE);
    TypeName type = TypeParser.parse(t);
    QualifiedName collation = t.accept(COLLATE) ? NameParser.parseAnyName(t) : null;
    SourceExpression using = t.accept(USING) ? ExpressionParser.parseSource(t) : null;
    return new AlterColumnType(column, type, collation, using, position);
  }

  // ------------------------------------------------------------------------------------------ attributes of composite types

  /// alter_type_cmds, after ALTER TYPE and the name.
  static AlterTable parseTypeActions(Tokens t, QualifiedName name, int position) {
    List<AlterTableAction> actions = new ArrayList<>(1);
    do {
      actions.add(parseTypeAction(t));
    } while (t.accept(','));
    return new AlterTable(ObjectKind.TYPE, name, false, false, List.copyOf(actions), position);
  }

  private static AlterTableAction parseTypeAction(Tokens t) {
    if (t.accept(ADD)) {
      t.expect(ATTRIBUTE);
      return new AddAttribute(TypeDdlParser.parseAttribute(t), NameParser.parseCascade(t));
    }
    if (t.accept(DROP)) {
      t.expect(ATTRIBUTE);
      boolean ifExists = NameParser.parseIfExists(t);
      String attribute = t.columnIdentifier();
      return new DropAttribute(attribute, ifExists, NameParser.parseCascade(t));
    }
    t.expect(ALTER);
    t.expect(ATTRIBUTE);
    String attribute = t.columnIdentifier();
    if (t.accept(SET)) {
      t.expect(DATA);
    }
    t.expect(TYPE);
    TypeName type = TypeParser.parse(t);
    QualifiedName collation = t.accept(COLLATE) ? NameParser.parseAnyName(t) : null;
    return new AlterAttributeType(attribute, type, collation, NameParser.parseCascade(t));
  }
}
