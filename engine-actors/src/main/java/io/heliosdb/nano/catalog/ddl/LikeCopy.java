package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.CommentObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.TableDdl.LikeOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The parts of `LIKE … INCLUDING …` that are not columns: checks, indexes, comments.
final class LikeCopy {
  private final Ddl ddl;
  private final Table source;
  private final Set<LikeOption> including;

  LikeCopy(Ddl ddl, Table source, Set<LikeOption> including) {
    this.ddl = ddl;
    this.source = source;
    this.including = including;
  }

  void copyTo(int tableOid) {
    if (including.contains(LikeOption.CONSTRAINTS)) {
      for (Constraint constraint : source.constraints()) {
        if (constraint.kind() == Constraint.Kind.CHECK) {
          copyCheck(tableOid, constraint);
        }
      }
    }
    if (including.contains(LikeOption.INDEXES)) {
      for (Index index : ddl.catalog().indexesOf(source.oid())) {
        copyIndex(tableOid, index);
      }
    }
  }

  private void copyCheck(int tableOid, Constraint c) {
    Table table = ddl.table(tableOid);
    List<Integer> columns = c.columns().stream().map(attnum -> table.column(source.column(attnum).name()).attnum()).toList();
    Constraint copy = new Constraint(ddl.nextOid(), c.name(), c.kind(), columns, c.expression(), 0, 0, List.of(), (char) 0, (char) 0,
        (char) 0, List.of(), false, false, true, c.noInherit(), true, 0, 0);
    new ConstraintCommands(ddl).checkNameFree(table, c.name(), true);
    TableBuilder builder = new TableBuilder(table);
    builder.constraints.add(copy);
    ddl.put(builder.build());
    List<ObjectAddress> targets = ddl.catalog().dependenciesOf(ObjectAddress.of(ClassOids.CONSTRAINT, c.oid())).stream()
        .map(Dependency::target).filter(target -> target.objectOid() != source.oid()).toList();
    ddl.putDependencies(ObjectAddress.of(ClassOids.CONSTRAINT, copy.oid()), targets);
    copyComment(ClassOids.CONSTRAINT, c.oid(), copy.oid());
  }

  private void copyIndex(int tableOid, Index index) {
    Table table = ddl.table(tableOid);
    if (index.constraintOid() != 0) {
      Constraint constraint = ConstraintCommands.find(source, index.constraintOid());
      List<Name> names = new ArrayList<>();
      List<Name> include = new ArrayList<>();
      for (int i = 0; i < index.keys().size(); i++) {
        (i < index.keyCount() ? names : include).add(new Name(source.column(index.keys().get(i).attnum()).name(), 0));
      }
      new ConstraintCommands(ddl).addUnique(tableOid, new TableDdl.UniqueConstraint(null, index.primary(), index.nullsNotDistinct(), names,
          include, List.of(), null, new TableDdl.ConstraintTiming(constraint.deferrable(), constraint.initiallyDeferred()), 0), true);
      return;
    }
    IndexCommands commands = new IndexCommands(ddl);
    IndexCommands.Definition definition = IndexCommands.translate(source, index, table);
    List<String> names = new ArrayList<>();
    definition.keys().forEach(key -> names.add(key.attnum() == 0 ? "expr" : table.column(key.attnum()).name()));
    Index copy = commands.put(table, commands.chooseName(table, names, "idx", false), definition, 0, false, true, 0);
    commands.build(tableOid, copy);
    copyComment(ClassOids.CLASS, index.oid(), copy.oid());
  }

  private void copyComment(int classOid, int fromOid, int toOid) {
    String comment = including.contains(LikeOption.COMMENTS) ? ddl.catalog().comment(classOid, fromOid, 0) : null;
    if (comment != null) {
      ddl.put(new CommentObject(ObjectAddress.of(classOid, toOid), comment, 0));
    }
  }
}
