package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.Trigger;
import io.heliosdb.nano.catalog.CatalogObject.TriggerObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateTrigger;
import io.heliosdb.nano.parse.ast.RoutineDdl.Transition;
import io.heliosdb.nano.parse.ast.RoutineDdl.TriggerEvent;
import io.heliosdb.nano.parse.ast.RoutineDdl.TriggerTiming;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// CREATE TRIGGER, ALTER TABLE … ENABLE and DISABLE TRIGGER.
final class TriggerCommands {
  private static final Pattern STRINGS = Pattern.compile("'(?:[^']|'')*'");
  private static final Pattern OLD_ROW = Pattern.compile("\\bold\\.");
  private static final Pattern NEW_ROW = Pattern.compile("\\bnew\\.");
  private static final Pattern NEW_SYSTEM_COLUMN = Pattern.compile("\\bnew\\.(?:tableoid|ctid|xmin|xmax|cmin|cmax)\\b");

  private final Ddl ddl;

  TriggerCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateTrigger statement) {
    Relation relation = ddl.relation(statement.table());
    checkTarget(relation, statement);
    boolean allowed = relation instanceof Table || relation instanceof View
        ? Privileges.hasOnRelation(ddl.catalog(), ddl.user(), relation, "t") : false;
    if (!allowed) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for " + Ddl.kindName(relation) + " " + relation.name());
    }
    ddl.lock(relation, TableLock.SHARE_ROW_EXCLUSIVE);
    relation = ddl.catalog().relation(relation.oid());
    FunctionDef function = new RoutineLookup(ddl).require(statement.function(), List.of());
    if (function.returnType() != PgTypes.TRIGGER.oid()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "function " + function.name() + " must return type trigger");
    }
    if (!Privileges.hasOnFunction(ddl.catalog(), ddl.user(), function)) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function.name());
    }
    List<Integer> columns = new ArrayList<>();
    for (var name : statement.updateColumns()) {
      int attnum = Ddl.column(relation, name.text()).attnum();
      if (columns.contains(attnum)) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + name.text() + "\" specified more than once");
      }
      columns.add(attnum);
    }
    String[] transition = transitions(relation, statement);
    Trigger existing = find(relation, statement.name());
    if (existing != null && !statement.orReplace()) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "trigger \"" + statement.name() + "\" for relation \"" + relation.name() + "\" already exists");
    }
    if (existing != null && existing.parentOid() != 0) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "trigger \"" + statement.name() + "\" for relation \"" + relation.name() + "\" is an internal or a child trigger");
    }
    if (existing != null && (existing.constraintTrigger() || statement.constraint())) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "trigger \"" + statement.name() + "\" for relation \"" + relation.name() + "\" is a constraint trigger");
    }
    DdlExpressions.Bound when = statement.when() == null ? null : when(relation, statement);
    int oid = existing == null ? ddl.nextOid() : existing.oid();
    Trigger trigger = new Trigger(oid, statement.name(), relation.oid(), function.oid(), timing(statement.timing()), events(statement),
        statement.forEachRow(), columns, when == null ? null : when.text(), statement.arguments(), transition[0], transition[1],
        statement.deferral().deferrable(), statement.deferral().initiallyDeferred(), 'O', statement.constraint(), 0);
    put(relation, trigger);
    List<ObjectAddress> targets = new ArrayList<>();
    if (when != null) {
      targets.addAll(when.dependencies());
      for (int attnum : when.columns()) {
        int width = relation.columns().size();
        int column = attnum > width ? attnum - width : attnum;
        if (column > 0) {
          targets.add(Ddl.columnAddress(relation, column));
        }
      }
    }
    ddl.putDependencies(ObjectAddress.of(ClassOids.TRIGGER, oid), targets);
    if (relation instanceof Table table && table.isPartitioned() && statement.forEachRow()) {
      for (Table partition : ddl.catalog().childrenOf(table.oid())) {
        cloneTo(trigger, table, partition, statement.orReplace());
      }
    }
    return "CREATE TRIGGER";
  }

  private DdlExpressions.Bound when(Relation relation, CreateTrigger statement) {
    if (statement.timing() == TriggerTiming.INSTEAD_OF) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "INSTEAD OF triggers cannot have WHEN conditions");
    }
    DdlExpressions.Bound bound =
        ddl.expressions().bind(statement.when().expression(), relation, DdlExpressions.Use.TRIGGER_WHEN, PgTypes.BOOL, -1);
    checkCondition(STRINGS.matcher(bound.text()).replaceAll("''"), relation, statement);
    return bound;
  }

  /// @param text the condition without its string constants; rows are called `old` and `new` in it
  private static void checkCondition(String text, Relation relation, CreateTrigger statement) {
    boolean old = OLD_ROW.matcher(text).find();
    boolean fresh = NEW_ROW.matcher(text).find();
    if (!statement.forEachRow() && (old || fresh)) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "statement trigger's WHEN condition cannot reference column values");
    }
    if (old && statement.events().contains(TriggerEvent.INSERT)) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "INSERT trigger's WHEN condition cannot reference OLD values");
    }
    if (fresh && statement.events().contains(TriggerEvent.DELETE)) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "DELETE trigger's WHEN condition cannot reference NEW values");
    }
    if (statement.timing() != TriggerTiming.BEFORE) {
      return;
    }
    if (NEW_SYSTEM_COLUMN.matcher(text).find()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "BEFORE trigger's WHEN condition cannot reference NEW system columns");
    }
    for (Relation.Column column : relation.columns()) {
      if (column.generated() != 0 && !column.dropped()) {
        boolean whole = text.contains("new.*");
        if (whole || text.contains("new." + io.heliosdb.nano.type.Identifiers.quoteIfNeeded(column.name()))) {
          throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "BEFORE trigger's WHEN condition cannot reference NEW generated columns")
              .withDetail(
                  whole ? "A whole-row reference is used and the table contains generated columns."
                      : "Column \"" + column.name() + "\" is a generated column.");
        }
      }
    }
  }

  private void put(Relation relation, Trigger trigger) {
    ddl.put(new TriggerObject(trigger, 0));
    if (Relations.triggerOids(relation).contains(trigger.oid())) {
      ddl.put(ddl.catalog().relation(relation.oid()));
      return;
    }
    if (relation instanceof Table) {
      TableBuilder builder = new TableBuilder(ddl.table(relation.oid()));
      builder.triggerOids.add(trigger.oid());
      ddl.put(builder.build());
    } else if (relation instanceof View view) {
      List<Integer> oids = new ArrayList<>(view.triggerOids());
      oids.add(trigger.oid());
      ddl.put(Relations.withTriggers(view, oids));
    }
  }

  private static char timing(TriggerTiming timing) {
    return switch (timing) {
      case BEFORE -> 'b';
      case AFTER -> 'a';
      case INSTEAD_OF -> 'i';
    };
  }

  private static String events(CreateTrigger statement) {
    StringBuilder events = new StringBuilder();
    for (TriggerEvent event : TriggerEvent.values()) {
      if (statement.events().contains(event)) {
        events.append(Character.toLowerCase(event.name().charAt(0)));
      }
    }
    return events.toString();
  }

  private static void checkTarget(Relation relation, CreateTrigger statement) {
    String name = "\"" + relation.name() + "\" is ";
    boolean instead = statement.timing() == TriggerTiming.INSTEAD_OF;
    switch (relation) {
      case Table table -> {
        if (table.kind() == 'm') {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "relation \"" + relation.name() + "\" cannot have triggers")
              .withDetail("This operation is not supported for materialized views.");
        }
        if (instead) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, name + "a table").withDetail("Tables cannot have INSTEAD OF triggers.");
        }
        if (table.isPartitioned() && statement.forEachRow() && !statement.transitions().isEmpty()) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, name + "a partitioned table")
              .withDetail("ROW triggers with transition tables are not supported on partitioned tables.");
        }
        if (statement.forEachRow() && !statement.transitions().isEmpty() && !table.inherits().isEmpty()) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "ROW triggers with transition tables are not supported on "
              + (table.isPartition() ? "partitions" : "inheritance children"));
        }
      }
      case View view -> {
        if (!instead && statement.forEachRow()) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, name + "a view")
              .withDetail("Views cannot have row-level BEFORE or AFTER triggers.");
        }
        if (statement.events().contains(TriggerEvent.TRUNCATE)) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, name + "a view").withDetail("Views cannot have TRUNCATE triggers.");
        }
        if (!statement.transitions().isEmpty()) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, name + "a view").withDetail("Triggers on views cannot have transition tables.");
        }
      }
      default -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "relation \"" + relation.name() + "\" cannot have triggers")
          .withDetail(IndexCommands.detail(relation));
    }
    if (instead && !statement.forEachRow()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "INSTEAD OF triggers must be FOR EACH ROW");
    }
    if (instead && !statement.updateColumns().isEmpty()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "INSTEAD OF triggers cannot have column lists");
    }
    if (statement.forEachRow() && statement.events().contains(TriggerEvent.TRUNCATE)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "TRUNCATE FOR EACH ROW triggers are not supported");
    }
    if (statement.constraintFrom() != null) {
      throw SqlException.notSupported("CREATE CONSTRAINT TRIGGER … FROM");
    }
  }

  /// Names of the OLD and NEW transition tables.
  private static String[] transitions(Relation relation, CreateTrigger statement) {
    String[] names = new String[2];
    for (Transition transition : statement.transitions()) {
      if (!transition.table()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "ROW variable naming in the REFERENCING clause is not supported")
            .withHint("Use OLD TABLE or NEW TABLE for naming transition tables.");
      }
      if (statement.timing() != TriggerTiming.AFTER) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "transition table name can only be specified for an AFTER trigger");
      }
      if (statement.events().size() > 1) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "transition tables cannot be specified for triggers with more than one event");
      }
      if (!statement.updateColumns().isEmpty()) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "transition tables cannot be specified for triggers with column lists");
      }
      TriggerEvent event = statement.events().get(0);
      if (transition.newRows() && event != TriggerEvent.INSERT && event != TriggerEvent.UPDATE) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "NEW TABLE can only be specified for an INSERT or UPDATE trigger");
      }
      if (!transition.newRows() && event != TriggerEvent.DELETE && event != TriggerEvent.UPDATE) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "OLD TABLE can only be specified for a DELETE or UPDATE trigger");
      }
      int slot = transition.newRows() ? 1 : 0;
      if (names[slot] != null) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
            (slot == 1 ? "NEW" : "OLD") + " TABLE cannot be specified multiple times");
      }
      names[slot] = transition.name();
    }
    if (names[0] != null && names[0].equals(names[1])) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "OLD TABLE name and NEW TABLE name cannot be the same");
    }
    return names;
  }

  private @Nullable Trigger find(Relation relation, String name) {
    for (int oid : Relations.triggerOids(relation)) {
      Trigger trigger = ddl.catalog().trigger(oid);
      if (trigger.name().equals(name)) {
        return trigger;
      }
    }
    return null;
  }

  /// A partition's copy of its parent's row trigger.
  ///
  /// @param replace whether a trigger of that name makes room for it
  void cloneTo(Trigger t, Table parent, Table partition, boolean replace) {
    if (!t.forEachRow()) {
      return;
    }
    Trigger existing = find(partition, t.name());
    if (existing != null && !replace) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "trigger \"" + t.name() + "\" for relation \"" + partition.name() + "\" already exists");
    }
    List<Integer> columns = t.columns().stream().map(attnum -> partition.column(parent.column(attnum).name()).attnum()).toList();
    Trigger copy = new Trigger(existing == null ? ddl.nextOid() : existing.oid(), t.name(), partition.oid(), t.functionOid(), t.timing(), t.events(),
        true, columns, t.when(), t.arguments(), t.oldTable(), t.newTable(), t.deferrable(), t.initiallyDeferred(), t.enabled(),
        t.constraintTrigger(), t.oid());
    put(partition, copy);
    for (Table child : ddl.catalog().childrenOf(partition.oid())) {
      cloneTo(copy, ddl.table(partition.oid()), child, replace);
    }
  }

  /// A partition that becomes a table of its own loses the copies of its parent's triggers.
  void removeClones(Table partition) {
    TableBuilder builder = new TableBuilder(partition);
    for (int oid : partition.triggerOids()) {
      if (ddl.catalog().trigger(oid).parentOid() != 0) {
        ddl.remove(io.heliosdb.nano.catalog.ObjectClass.TRIGGER, ObjectAddress.of(ClassOids.TRIGGER, oid));
        builder.triggerOids.remove((Integer) oid);
      }
    }
    ddl.put(builder.build());
    for (Table child : ddl.catalog().childrenOf(partition.oid())) {
      removeClones(child);
    }
  }

  /// Row triggers with transition tables keep a table from becoming somebody's child.
  void checkNoTransitions(Table table, String what, String children) {
    for (int oid : table.triggerOids()) {
      Trigger t = ddl.catalog().trigger(oid);
      if (t.forEachRow() && (t.oldTable() != null || t.newTable() != null)) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED,
            "trigger \"" + t.name() + "\" prevents table \"" + table.name() + "\" from becoming " + what)
            .withDetail("ROW triggers with transition tables are not supported on " + children + ".");
      }
    }
  }

  /// @param only whether partitions keep the state of their copies
  private boolean hasForeignKeys(Table table) {
    return !ddl.catalog().referencesTo(table.oid()).isEmpty()
        || table.constraints().stream().anyMatch(c -> c.kind() == Relation.Constraint.Kind.FOREIGN_KEY);
  }

  void setState(Relation relation, AlterTableAction.TriggerState action, boolean only) {
    char state = switch (action.state()) {
      case ENABLE -> 'O';
      case ENABLE_ALWAYS -> 'A';
      case ENABLE_REPLICA -> 'R';
      case DISABLE -> 'D';
    };
    if (action.trigger() != null && find(relation, action.trigger()) == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT,
          "trigger \"" + action.trigger() + "\" for table \"" + relation.name() + "\" does not exist");
    }
    for (int oid : Relations.triggerOids(relation)) {
      Trigger t = ddl.catalog().trigger(oid);
      if (action.trigger() == null || action.trigger().equals(t.name())) {
        ddl.put(new TriggerObject(t.withEnabled(state), 0));
      }
    }
    // Plans hold the relation's version; firing states are read from the triggers.
    Relation current = ddl.catalog().relation(relation.oid());
    if (current instanceof Table table && action.trigger() == null && !action.user()) {
      if (!ddl.isSuperuser() && hasForeignKeys(table)) {
        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: the constraint triggers of table \"" + table.name()
            + "\" are system triggers");
      }
      TableBuilder builder = new TableBuilder(table);
      builder.constraintTriggersOff = state == 'D';
      current = builder.build();
    }
    ddl.put(current);
    if (relation instanceof Table table && table.isPartitioned() && !only) {
      for (Table child : ddl.catalog().childrenOf(table.oid())) {
        if (action.trigger() == null || find(child, action.trigger()) != null) {
          setState(child, action, false);
        }
      }
    }
  }
}
