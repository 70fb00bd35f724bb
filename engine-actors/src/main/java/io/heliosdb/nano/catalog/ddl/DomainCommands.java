package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.DomainDetails;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AlterDomain;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateDomain;
import io.heliosdb.nano.parse.ast.SourceExpression;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE and ALTER DOMAIN.
final class DomainCommands {
  private final Ddl ddl;

  DomainCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateDomain statement) {
    int namespaceOid = ddl.creationNamespace(statement.name());
    String name = statement.name().name();
    ddl.context.lockName(ClassOids.TYPE, namespaceOid, name);
    PgType known = ddl.catalog().type(namespaceOid, name);
    if (known != null && !RowTypes.moveArrayType(ddl, known)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name + "\" already exists");
    }
    TypeNames.Typed base = ddl.type(statement.type());
    if (base.type().kind() == PgType.PSEUDO) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "\"" + base.type().name() + "\" is not a valid base type for a domain");
    }
    int collation = ddl.collation(statement.collation(), base.type(), statement.position());
    int oid = ddl.nextOid();
    int arrayOid = ddl.nextOid();
    PgType type = PgType.ofDomain(oid, name, namespaceOid, base.type(), base.typmod(), arrayOid, collation);
    boolean notNull = false;
    boolean sawNull = false;
    DdlExpressions.Bound defaultValue = null;
    List<TableDdl.ColumnCheck> checks = new ArrayList<>();
    for (TableDdl.ColumnConstraint constraint : statement.constraints()) {
      switch (constraint) {
        case TableDdl.ColumnNotNull c -> notNull = true;
        case TableDdl.ColumnNull c -> sawNull = true;
        case TableDdl.ColumnDefault c -> {
          if (defaultValue != null) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "multiple default expressions");
          }
          defaultValue = bindDefault(c.value(), base);
        }
        case TableDdl.ColumnCheck c -> {
          if (c.noInherit()) {
            throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "check constraints for domains cannot be marked NO INHERIT");
          }
          checks.add(c);
        }
        case TableDdl.ColumnUnique c -> throw new SqlException(SqlState.SYNTAX_ERROR,
            (c.primary() ? "primary key" : "unique") + " constraints not possible for domains");
        case TableDdl.ColumnReferences c ->
            throw new SqlException(SqlState.SYNTAX_ERROR, "foreign key constraints not possible for domains");
        case TableDdl.ColumnIdentity c ->
            throw new SqlException(SqlState.SYNTAX_ERROR, "specifying GENERATED not supported for domains");
        case TableDdl.ColumnGenerated c ->
            throw new SqlException(SqlState.SYNTAX_ERROR, "specifying GENERATED not supported for domains");
      }
    }
    if (notNull && sawNull) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting NULL/NOT NULL constraints");
    }
    String defaultText = defaultValue != null ? defaultValue.text()
        : ddl.catalog().typeDetails(base.type().oid()) instanceof DomainDetails inherited ? inherited.defaultExpression() : null;
    ddl.put(new TypeObject(new TypeDef(type, ddl.user(), DefaultPrivileges.of(ddl, 'T', ddl.user(), namespaceOid),
        new DomainDetails(notNull, defaultText, List.of())), 0));
    RowTypes.createArray(ddl, type);
    ddl.putDependencies(ObjectAddress.of(ClassOids.TYPE, oid), defaultValue == null ? Set.of() : defaultValue.dependencies());
    for (TableDdl.ColumnCheck check : checks) {
      addCheck(oid, check.name(), check.condition(), true);
    }
    return "CREATE DOMAIN";
  }

  private DdlExpressions.Bound bindDefault(SourceExpression value, TypeNames.Typed base) {
    return ddl.expressions().bind(value.expression(), null, DdlExpressions.Use.DOMAIN_DEFAULT, base.type(), base.typmod());
  }

  private Constraint addCheck(int typeOid, @Nullable String wanted, SourceExpression condition, boolean validated) {
    TypeDef definition = ddl.catalog().typeDef(typeOid);
    DomainDetails details = (DomainDetails) definition.details();
    PgType type = definition.type();
    DdlExpressions.Bound bound =
        ddl.expressions().bindDomainCheck(condition.expression(), ddl.catalog().byOid(type.baseOid()), type.baseTypmod());
    List<String> names = details.checks().stream().map(Constraint::name).toList();
    if (wanted != null && names.contains(wanted)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "constraint \"" + wanted + "\" for domain \"" + type.name() + "\" already exists");
    }
    String name = wanted != null ? wanted
        : ObjectNames.constraint(ddl.catalog(), type.name(), null, "check", type.namespaceOid(), names);
    Constraint check = new Constraint(ddl.nextOid(), name, Constraint.Kind.CHECK, List.of(), bound.text(), 0, 0, List.of(), (char) 0,
        (char) 0, (char) 0, List.of(), false, false, validated, false, true, 0, 0);
    List<Constraint> checks = new ArrayList<>(details.checks());
    checks.add(check);
    put(definition, new DomainDetails(details.notNull(), details.defaultExpression(), checks));
    ddl.putDependencies(ObjectAddress.of(ClassOids.CONSTRAINT, check.oid()), bound.dependencies());
    return check;
  }

  private void put(TypeDef old, DomainDetails details) {
    ddl.put(new TypeObject(new TypeDef(old.type(), old.ownerOid(), old.acl(), details), 0));
  }

  String alter(AlterDomain statement) {
    PgType type = ddl.typeNames().find(statement.name());
    if (type == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + statement.name() + "\" does not exist");
    }
    TypeDef definition = ddl.catalog().typeDef(type.oid());
    if (!type.isDomain() || definition == null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, ddl.format(type) + " is not a domain");
    }
    ddl.checkOwner(definition.ownerOid(), "type", type.name());
    DomainDetails details = (DomainDetails) definition.details();
    switch (statement.action()) {
      case SchemaObjectDdl.SetDomainDefault a -> {
        DdlExpressions.Bound bound = bindDefault(a.value(), new TypeNames.Typed(ddl.catalog().byOid(type.baseOid()), type.baseTypmod()));
        put(definition, new DomainDetails(details.notNull(), bound.text(), details.checks()));
        ddl.putDependencies(ObjectAddress.of(ClassOids.TYPE, type.oid()), bound.dependencies());
      }
      case SchemaObjectDdl.DropDomainDefault a -> {
        put(definition, new DomainDetails(details.notNull(), null, details.checks()));
        ddl.putDependencies(ObjectAddress.of(ClassOids.TYPE, type.oid()), Set.of());
      }
      case SchemaObjectDdl.SetDomainNotNull a -> {
        if (a.notNull() && !details.notNull()) {
          forEachUse(type, (table, attnum) -> ddl.data().checkDomain(type, table, attnum, null, true));
        }
        put(definition, new DomainDetails(a.notNull(), details.defaultExpression(), details.checks()));
      }
      case SchemaObjectDdl.AddDomainConstraint a -> addConstraint(type, a.constraint());
      case SchemaObjectDdl.DropDomainConstraint a -> dropConstraint(type, details, a);
      case SchemaObjectDdl.ValidateDomainConstraint a -> validate(type, definition, details, a.name());
    }
    RowTypes.touchUsers(ddl, type.oid());
    return "ALTER DOMAIN";
  }

  private void addConstraint(PgType type, TableDdl.TableConstraint constraint) {
    if (!(constraint instanceof TableDdl.CheckConstraint check)) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "only CHECK constraints are possible for domains");
    }
    Constraint added = addCheck(type.oid(), check.name(), check.condition(), !check.notValid());
    if (!check.notValid()) {
      forEachUse(type, (table, attnum) -> ddl.data().checkDomain(type, table, attnum, added.expression(), false));
    }
  }

  private void dropConstraint(PgType type, DomainDetails details, SchemaObjectDdl.DropDomainConstraint action) {
    for (Constraint check : details.checks()) {
      if (check.name().equals(action.name())) {
        new Deletion(ddl).drop(List.of(ObjectAddress.of(ClassOids.CONSTRAINT, check.oid())), action.cascade());
        return;
      }
    }
    String message = "constraint \"" + action.name() + "\" of domain \"" + type.name() + "\" does not exist";
    if (!action.ifExists()) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, message);
    }
    ddl.skipping(message);
  }

  private void validate(PgType type, TypeDef definition, DomainDetails details, String name) {
    List<Constraint> checks = new ArrayList<>();
    boolean found = false;
    for (Constraint c : details.checks()) {
      if (c.name().equals(name)) {
        found = true;
        forEachUse(type, (table, attnum) -> ddl.data().checkDomain(type, table, attnum, c.expression(), false));
        checks.add(new Constraint(c.oid(), c.name(), c.kind(), c.columns(), c.expression(), 0, 0, List.of(), (char) 0, (char) 0, (char) 0,
            List.of(), false, false, true, c.noInherit(), c.local(), 0, 0));
      } else {
        checks.add(c);
      }
    }
    if (!found) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "constraint \"" + name + "\" of domain \"" + type.name() + "\" does not exist");
    }
    put(definition, new DomainDetails(details.notNull(), details.defaultExpression(), checks));
  }

  @FunctionalInterface
  private interface UseVisitor {
    void visit(Table table, int attnum);
  }

  private void forEachUse(PgType type, UseVisitor visitor) {
    for (ObjectAddress column : RowTypes.columnsOf(ddl, type.oid(), new LinkedHashSet<>())) {
      if (ddl.catalog().relation(column.objectOid()) instanceof Table table && !table.isPartitioned()) {
        if (table.column(column.subId()).typeOid() != type.oid() && !ddl.catalog().byOid(table.column(column.subId()).typeOid()).isDomain()) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot alter type \"" + type.name() + "\" because column \""
              + table.name() + "." + table.column(column.subId()).name() + "\" uses it");
        }
        ddl.lock(table, TableLock.SHARE);
        visitor.visit(table, column.subId());
      }
    }
  }
}
