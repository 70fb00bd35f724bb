package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterSequence;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateSequence;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CREATE and ALTER SEQUENCE, and the sequences that come with SERIAL and IDENTITY columns.
final class SequenceCommands {
  private final Ddl ddl;

  SequenceCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateSequence statement) {
    int namespaceOid = ddl.creationNamespace(statement.name(), statement.persistence());
    String name = statement.name().name();
    ddl.context.lockName(io.heliosdb.nano.catalog.ClassOids.CLASS, namespaceOid, name);
    if (statement.ifNotExists() && ddl.catalog().relation(namespaceOid, name) != null) {
      ddl.skipping(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists");
      return "CREATE SEQUENCE";
    }
    ddl.checkNameFree(namespaceOid, name);
    SequenceOptions options = SequenceOptions.forNew(ddl, null, statement.options());
    Persistence persistence = Persistence.values()[statement.persistence().ordinal()];
    if (namespaceOid == ddl.path().temporaryNamespace() && namespaceOid != 0) {
      persistence = Persistence.TEMPORARY;
    }
    Sequence sequence = options.build(ddl.nextOid(), name, namespaceOid, ddl.user(), persistence, 0, 0, false, DefaultPrivileges.of(ddl, 'S', ddl.user(), namespaceOid));
    ddl.put(owned(sequence, options));
    ddl.data().startSequence(sequence, options.start(), false);
    return "CREATE SEQUENCE";
  }

  String alter(AlterSequence statement) {
    Relation relation = ddl.findRelation(statement.name());
    if (relation == null && statement.ifExists()) {
      ddl.skipping("relation \"" + statement.name() + "\" does not exist");
      return "ALTER SEQUENCE";
    }
    if (!(ddl.relation(statement.name()) instanceof Sequence sequence)) {
      throw Ddl.wrongKind(relation, "a sequence");
    }
    ddl.checkOwner(sequence);
    change(sequence, statement.options());
    return "ALTER SEQUENCE";
  }

  /// Changes a sequence's definition and, with RESTART, its state.
  void change(Sequence old, List<Option> optionList) {
    ddl.lock(old, TableLock.SHARE_ROW_EXCLUSIVE);
    SequenceOptions options = SequenceOptions.forChange(ddl, old, optionList);
    Sequence changed = options.build(old.oid(), old.name(), old.namespaceOid(), old.ownerOid(), old.persistence(), old.ownerTable(),
        old.ownerColumn(), old.identity(), old.acl());
    boolean ownership = options.ownedBy() != null || options.isOwnedByNone();
    if (ownership && old.identity()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot change ownership of identity sequence")
          .withDetail("Sequence \"" + old.name() + "\" is linked to table \"" + ddl.catalog().relation(old.ownerTable()).name() + "\".");
    }
    if (!options.isRestart()) {
      long last = ddl.data().sequenceState(old)[0];
      if (last < changed.minimum()) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
            "RESTART value (" + last + ") cannot be less than MINVALUE (" + changed.minimum() + ")");
      }
      if (last > changed.maximum()) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
            "RESTART value (" + last + ") cannot be greater than MAXVALUE (" + changed.maximum() + ")");
      }
    }
    ddl.put(ownership ? owned(changed, options) : changed);
    if (options.isRestart()) {
      ddl.data().startSequence(changed, options.restartValue(), false);
    }
  }

  private Sequence owned(Sequence sequence, SequenceOptions options) {
    if (options.isOwnedByNone()) {
      return Relations.withOwningColumn(sequence, 0, 0, false);
    }
    QualifiedName name = options.ownedBy();
    if (name == null) {
      return sequence;
    }
    QualifiedName tableName = new QualifiedName(name.parts().subList(0, name.parts().size() - 1), name.position());
    Relation relation = ddl.relation(tableName);
    if (!(relation instanceof Table) && !(relation instanceof Relation.View)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "sequence cannot be owned by relation \"" + relation.name() + "\"");
    }
    if (relation.ownerOid() != sequence.ownerOid()) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "sequence must have same owner as table it is linked to");
    }
    if (relation.namespaceOid() != sequence.namespaceOid()) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "sequence must be in same schema as table it is linked to");
    }
    return Relations.withOwningColumn(sequence, relation.oid(), Ddl.column(relation, name.name()).attnum(), false);
  }

  /// Makes the sequence behind a SERIAL or IDENTITY column, owned by it.
  Sequence createOwned(Table table, String column, int attnum, PgType type, List<Option> optionList, boolean identity) {
    QualifiedName given = givenName(optionList);
    int namespaceOid = table.namespaceOid();
    String name = given != null ? given.name()
        : ObjectNames.relation(ddl.catalog(), table.name(), column, "seq", namespaceOid, false);
    ddl.checkNameFree(namespaceOid, name);
    SequenceOptions options = SequenceOptions.forNew(ddl, type, optionList);
    Sequence sequence = options.build(ddl.nextOid(), name, namespaceOid, table.ownerOid(), table.persistence(), table.oid(), attnum,
        identity, DefaultPrivileges.of(ddl, 'S', table.ownerOid(), namespaceOid));
    ddl.put(sequence);
    ddl.data().startSequence(sequence, options.start(), false);
    return sequence;
  }

  private static @Nullable QualifiedName givenName(List<Option> options) {
    for (Option option : options) {
      if (option.name().equals("sequence_name")) {
        return switch (option.value()) {
          case Option.NameValue value -> value.name();
          case Option.TypeValue value -> value.type().name();
          case null -> null;
          default -> QualifiedName.of(option.text(), option.position());
        };
      }
    }
    return null;
  }

  /// The sequence behind an identity column, or null.
  static @Nullable Sequence identitySequence(Ddl ddl, int tableOid, int attnum) {
    for (var dependent : ddl.catalog().dependents(new io.heliosdb.nano.catalog.Catalog.ObjectAddress(
        io.heliosdb.nano.catalog.ClassOids.CLASS, tableOid, attnum))) {
      if (dependent.target().classOid() == io.heliosdb.nano.catalog.ClassOids.CLASS
          && ddl.catalog().relation(dependent.target().objectOid()) instanceof Sequence sequence && sequence.identity()) {
        return sequence;
      }
    }
    return null;
  }
}
