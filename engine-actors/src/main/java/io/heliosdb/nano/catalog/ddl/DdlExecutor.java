package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AccessDdl;
import io.heliosdb.nano.parse.ast.DatabaseDdl;
import io.heliosdb.nano.parse.ast.DdlStatement;
import io.heliosdb.nano.parse.ast.ObjectDdl;
import io.heliosdb.nano.parse.ast.RoutineDdl;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.UtilityStatement;

/// Runs one DDL statement. Stateless; what a statement needs is in its [DdlContext].
///
/// When it throws, the overlay may hold half of the statement's changes: the caller rolls it back to a mark set before.
public final class DdlExecutor {
  private DdlExecutor() {}

  /// Runs a DDL statement or TRUNCATE and gives its command tag.
  public static DdlResult execute(Statement statement, DdlContext context) {
    Ddl ddl = new Ddl(context);
    return new DdlResult(switch (statement) {
      case TableDdl table -> table(table, ddl);
      case SchemaObjectDdl object -> schemaObject(object, ddl);
      case ObjectDdl object -> object(object, ddl);
      case RoutineDdl routine -> routine(routine, ddl);
      case AccessDdl access -> access(access, ddl);
      case DatabaseDdl database -> database(database, ddl);
      case UtilityStatement.Truncate truncate -> new TruncateCommand(ddl).execute(truncate);
      default -> throw new IllegalArgumentException("not a DDL statement: " + statement.getClass().getSimpleName());
    });
  }

  /// `SELECT … INTO`: `query` is the statement without its INTO clause.
  public static DdlResult selectInto(io.heliosdb.nano.parse.ast.SelectStatement.IntoClause into, Statement query, String text,
      DdlContext context) {
    return new DdlResult(new TableAsCommands(new Ddl(context)).selectInto(into.table(), into.persistence(), query, text));
  }

  public static boolean isDdl(Statement statement) {
    return statement instanceof DdlStatement || statement instanceof UtilityStatement.Truncate;
  }

  private static String table(TableDdl statement, Ddl ddl) {
    return switch (statement) {
      case TableDdl.CreateTable s -> new CreateTableCommand(ddl, s).execute();
      case TableDdl.CreateTableAs s -> new TableAsCommands(ddl).create(s);
      case TableDdl.RefreshMaterializedView s -> new TableAsCommands(ddl).refresh(s);
      case TableDdl.CreateView s -> new ViewCommands(ddl).create(s);
      case TableDdl.CreateIndex s -> new IndexCommands(ddl).create(s);
      case TableDdl.AlterTable s -> new AlterTableCommand(ddl, s).execute();
      case TableDdl.MoveAll s -> throw SqlException.notSupported("ALTER … ALL IN TABLESPACE");
    };
  }

  private static String schemaObject(SchemaObjectDdl statement, Ddl ddl) {
    return switch (statement) {
      case SchemaObjectDdl.CreateSchema s -> new SchemaCommands(ddl).create(s);
      case SchemaObjectDdl.CreateSequence s -> new SequenceCommands(ddl).create(s);
      case SchemaObjectDdl.AlterSequence s -> new SequenceCommands(ddl).alter(s);
      case SchemaObjectDdl.CreateCompositeType s -> new CompositeCommands(ddl).create(s);
      case SchemaObjectDdl.CreateEnumType s -> new TypeCommands(ddl).createEnum(s);
      case SchemaObjectDdl.CreateRangeType s -> new TypeCommands(ddl).createRange(s);
      case SchemaObjectDdl.CreateBaseType s -> throw SqlException.notSupported("CREATE TYPE of a base type");
      case SchemaObjectDdl.AddEnumValue s -> new TypeCommands(ddl).addValue(s);
      case SchemaObjectDdl.RenameEnumValue s -> new TypeCommands(ddl).renameValue(s);
      case SchemaObjectDdl.AlterTypeOptions s -> throw SqlException.notSupported("ALTER TYPE … SET");
      case SchemaObjectDdl.CreateDomain s -> new DomainCommands(ddl).create(s);
      case SchemaObjectDdl.AlterDomain s -> new DomainCommands(ddl).alter(s);
      case SchemaObjectDdl.CreateStatistics s -> new StatisticsCommands(ddl).create(s);
      case SchemaObjectDdl.AlterStatistics s -> new StatisticsCommands(ddl).alter(s);
      case SchemaObjectDdl.CreateCollation s -> new CollationCommands(ddl).create(s);
      case SchemaObjectDdl.RefreshCollation s -> throw SqlException.notSupported("ALTER COLLATION … REFRESH VERSION");
      case SchemaObjectDdl.CreateConversion s -> throw SqlException.notSupported("CREATE CONVERSION");
      case SchemaObjectDdl.CreateTextSearch s -> new TextSearchCommands(ddl).create(s);
      case SchemaObjectDdl.AlterTextSearchDictionary s -> new TextSearchCommands(ddl).alter(s);
      case SchemaObjectDdl.AlterTextSearchConfiguration s -> new TextSearchCommands(ddl).alter(s);
    };
  }

  private static String object(ObjectDdl statement, Ddl ddl) {
    return switch (statement) {
      case ObjectDdl.Drop s -> new DropCommands(ddl).drop(s);
      case ObjectDdl.Rename s -> new RenameCommands(ddl).rename(s);
      case ObjectDdl.SetSchema s -> new SetSchemaCommand(ddl).run(s);
      case ObjectDdl.ChangeOwner s -> new OwnerCommands(ddl).execute(s);
      case ObjectDdl.Comment s -> new CommentCommand(ddl).execute(s);
      case ObjectDdl.DependsOnExtension s -> throw SqlException.notSupported("DEPENDS ON EXTENSION");
      case ObjectDdl.SecurityLabel s -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, s.provider() == null
          ? "no security label providers have been loaded" : "security label provider \"" + s.provider() + "\" is not loaded");
    };
  }

  private static String routine(RoutineDdl statement, Ddl ddl) {
    return switch (statement) {
      case RoutineDdl.CreateFunction s -> new FunctionCommands(ddl).create(s);
      case RoutineDdl.AlterFunction s -> new FunctionCommands(ddl).alter(s);
      case RoutineDdl.CreateAggregate s -> new AggregateCommands(ddl).create(s);
      case RoutineDdl.CreateOperator s -> new OperatorCommands(ddl).create(s);
      case RoutineDdl.CreateCast s -> new OperatorCommands(ddl).createCast(s);
      case RoutineDdl.CreateTrigger s -> new TriggerCommands(ddl).create(s);
      case RoutineDdl.AlterOperator s -> throw SqlException.notSupported("ALTER OPERATOR … SET");
      case RoutineDdl.CreateOperatorClass s -> throw SqlException.notSupported("CREATE OPERATOR CLASS");
      case RoutineDdl.CreateOperatorFamily s -> throw SqlException.notSupported("CREATE OPERATOR FAMILY");
      case RoutineDdl.AlterOperatorFamily s -> throw SqlException.notSupported("ALTER OPERATOR FAMILY");
      case RoutineDdl.CreateTransform s -> throw SqlException.notSupported("CREATE TRANSFORM");
      case RoutineDdl.CreateLanguage s -> throw SqlException.notSupported("CREATE LANGUAGE");
      case RoutineDdl.CreateEventTrigger s -> new EventTriggerCommands(ddl).create(s);
      case RoutineDdl.AlterEventTrigger s -> new EventTriggerCommands(ddl).alter(s);
      case RoutineDdl.CreateRule s -> new RuleCommands(ddl).create(s);
    };
  }

  private static String access(AccessDdl statement, Ddl ddl) {
    return switch (statement) {
      case AccessDdl.CreateRole s -> new RoleCommands(ddl).create(s);
      case AccessDdl.AlterRole s -> new RoleCommands(ddl).alter(s);
      case AccessDdl.AlterRoleSetting s -> new RoleCommands(ddl).alterSetting(s);
      case AccessDdl.AlterGroup s -> new RoleCommands(ddl).alterGroup(s);
      case AccessDdl.DropRole s -> new RoleCommands(ddl).drop(s);
      case AccessDdl.GrantRole s -> new RoleCommands(ddl).grant(s);
      case AccessDdl.GrantPrivileges s -> new GrantCommands(ddl).execute(s);
      case AccessDdl.AlterDefaultPrivileges s -> new GrantCommands(ddl).alterDefaults(s);
      case AccessDdl.DropOwned s -> OwnedObjects.drop(ddl, s);
      case AccessDdl.ReassignOwned s -> OwnedObjects.reassign(ddl, s);
      case AccessDdl.CreatePolicy s -> new PolicyCommands(ddl).create(s);
      case AccessDdl.AlterPolicy s -> new PolicyCommands(ddl).alter(s);
    };
  }

  private static String database(DatabaseDdl statement, Ddl ddl) {
    return switch (statement) {
      case DatabaseDdl.CreateExtension s -> new ExtensionCommands(ddl).create(s);
      case DatabaseDdl.CreateDatabase s -> throw new DatabaseCommands(ddl).cannotCreate(s);
      case DatabaseDdl.AlterDatabase s -> new DatabaseCommands(ddl).alter(s);
      case DatabaseDdl.AlterDatabaseSetting s -> new DatabaseCommands(ddl).alterSetting(s);
      case DatabaseDdl.RefreshDatabaseCollation s -> new DatabaseCommands(ddl).refreshCollation(s);
      case DatabaseDdl.DropDatabase s -> new DatabaseCommands(ddl).drop(s);
      case DatabaseDdl.CreateTablespace s -> throw SqlException.notSupported("CREATE TABLESPACE");
      case DatabaseDdl.AlterTablespace s -> throw SqlException.notSupported("ALTER TABLESPACE");
      case DatabaseDdl.DropTablespace s -> new DatabaseCommands(ddl).dropTablespace(s);
      case DatabaseDdl.UpdateExtension s -> new ExtensionCommands(ddl).update(s);
      case DatabaseDdl.ChangeExtensionContents s -> throw SqlException.notSupported("ALTER EXTENSION … ADD or DROP");
      case DatabaseDdl.CreateAccessMethod s -> throw SqlException.notSupported("CREATE ACCESS METHOD");
      case DatabaseDdl.CreatePublication s -> new PublicationCommands(ddl).create(s);
      case DatabaseDdl.AlterPublication s -> new PublicationCommands(ddl).alter(s);
      case DatabaseDdl.CreateSubscription s -> new SubscriptionCommands(ddl).create(s);
      case DatabaseDdl.AlterSubscription s -> new SubscriptionCommands(ddl).alter(s);
      case DatabaseDdl.DropSubscription s -> new SubscriptionCommands(ddl).drop(s);
      case DatabaseDdl.ForeignDataWrapper s -> new ForeignCommands(ddl).wrapper(s);
      case DatabaseDdl.ForeignServerDefinition s -> new ForeignCommands(ddl).server(s);
      case DatabaseDdl.UserMapping s -> new ForeignCommands(ddl).mapping(s);
      case DatabaseDdl.ImportForeignSchema s -> new ForeignCommands(ddl).importSchema(s);
    };
  }
}
