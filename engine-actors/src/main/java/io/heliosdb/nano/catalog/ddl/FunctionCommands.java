package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.FunctionDetails;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.RoutineDdl.AlterFunction;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateFunction;
import io.heliosdb.nano.parse.ast.SettingStatement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// CREATE [OR REPLACE] FUNCTION and PROCEDURE, ALTER FUNCTION.
final class FunctionCommands {
  static final int INTERNAL = 12;
  static final int C_LANGUAGE = 13;
  static final int SQL_LANGUAGE = 14;
  static final int PLPGSQL = 13563;

  private final Ddl ddl;

  FunctionCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  static int languageOid(String name) {
    return switch (name) {
      case "internal" -> INTERNAL;
      case "c" -> C_LANGUAGE;
      case "sql" -> SQL_LANGUAGE;
      case "plpgsql" -> PLPGSQL;
      default -> 0;
    };
  }

  static String kindWord(FunctionDef function) {
    return switch (function.kind()) {
      case 'p' -> "procedure";
      case 'a' -> "aggregate";
      default -> "function";
    };
  }

  String create(CreateFunction statement) {
    int namespaceOid = ddl.creationNamespace(statement.name());
    ddl.context.lockName(ClassOids.PROC, namespaceOid, statement.name().name());
    FunctionSignature signature = FunctionSignature.of(ddl, statement);
    FunctionOptions options = FunctionOptions.forCreate(ddl, statement);
    int oid = 0;
    FunctionDef existing = null;
    for (FunctionDef candidate : ddl.catalog().functions(namespaceOid, statement.name().name())) {
      if (candidate.argumentTypes().equals(signature.inputs())) {
        existing = candidate;
        oid = candidate.oid();
      }
    }
    if (existing != null) {
      checkReplace(existing, statement, signature);
    } else {
      oid = ddl.nextOid();
    }
    boolean hasSets = signature.returnsSet();
    if (options.languageOid() == SQL_LANGUAGE && (signature.returnType() == io.heliosdb.nano.type.PgTypes.TRIGGER.oid()
        || signature.returnType() == io.heliosdb.nano.type.PgTypes.EVENT_TRIGGER.oid())) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "SQL functions cannot return type "
          + ddl.format(ddl.catalog().byOid(signature.returnType())));
    }
    FunctionDef.Body body = switch (options.languageOid()) {
      case SQL_LANGUAGE -> new FunctionDef.SqlBody(options.source());
      case PLPGSQL -> new FunctionDef.PlPgSqlBody(options.source());
      case INTERNAL -> builtin(options.source());
      default -> throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
          "there is no built-in function named \"" + options.source() + "\"");
    };
    FunctionDef function = new FunctionDef(oid, namespaceOid, statement.name().name(), statement.procedure() ? 'p' : 'f',
        signature.inputs(), signature.allTypes(), signature.modes(), signature.names(), signature.variadicType(), signature.defaults(),
        signature.returnType(), hasSets, options.strict(), options.volatility(), options.parallel(), options.leakproof(),
        options.securityDefiner(), options.languageOid(), existing == null ? ddl.user() : existing.ownerOid(), options.cost(),
        options.rows(hasSets), body);
    FunctionDetails old = existing == null ? null : ddl.catalog().functionDetails(oid);
    var acl = existing == null ? DefaultPrivileges.of(ddl, 'f', ddl.user(), namespaceOid) : old == null ? null : old.acl();
    ddl.put(new FunctionObject(function, new FunctionDetails(oid, acl, options.settings(), options.sqlBody()), 0));
    ddl.putDependencies(ObjectAddress.of(ClassOids.PROC, oid), List.of());
    boolean check = !"off".equals(ddl.context.setting("check_function_bodies"));
    if (check && options.languageOid() == SQL_LANGUAGE) {
      ddl.expressions().checkSqlFunction(function);
    } else if (check && options.languageOid() == PLPGSQL) {
      ddl.expressions().checkPlPgSqlFunction(function);
    }
    return statement.procedure() ? "CREATE PROCEDURE" : "CREATE FUNCTION";
  }

  /// The built-in function of that symbol, which LANGUAGE internal gives another name.
  private static FunctionDef.Body builtin(String symbol) {
    for (FunctionDef function : io.heliosdb.nano.function.BuiltinCatalog.functions()) {
      if (function.body() instanceof FunctionDef.BuiltinBody body && body.symbol().equals(symbol)) {
        return body;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "there is no built-in function named \"" + symbol + "\"");
  }

  private void checkReplace(FunctionDef existing, CreateFunction statement, FunctionSignature signature) {
    if (!statement.orReplace()) {
      throw new SqlException(SqlState.DUPLICATE_FUNCTION,
          "function \"" + existing.name() + "\" already exists with same argument types");
    }
    if (ddl.catalog().object(ObjectClass.FUNCTION, ObjectAddress.of(ClassOids.PROC, existing.oid())) == null) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of function " + existing.name());
    }
    ddl.checkOwner(existing.ownerOid(), kindWord(existing), existing.name());
    char kind = statement.procedure() ? 'p' : 'f';
    String dropCommand = "DROP " + (existing.kind() == 'p' ? "PROCEDURE" : existing.kind() == 'a' ? "AGGREGATE" : "FUNCTION");
    String shown = new ObjectDescriptions(ddl.catalog(), ddl.path()).signature(existing);
    if (existing.kind() != kind) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change routine kind")
          .withDetail("\"" + existing.name() + "\" is " + (existing.kind() == 'a' ? "an aggregate function." : "a " + kindWord(existing) + "."));
    }
    String hint = "Use " + dropCommand + " " + shown + " first.";
    if (existing.returnType() != signature.returnType() || existing.returnsSet() != signature.returnsSet()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, existing.kind() == 'p'
          ? "cannot change whether a procedure has output parameters" : "cannot change return type of existing function").withHint(hint);
    }
    boolean sameOut = Objects.equals(existing.argumentModes(), signature.modes())
        && Objects.equals(existing.allArgumentTypes(), signature.allTypes());
    if (!sameOut && (existing.allArgumentTypes() != null || signature.allTypes() != null)) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "cannot change return type of existing function")
          .withDetail("Row type defined by OUT parameters is different.").withHint(hint);
    }
    checkNames(existing, signature, hint);
    if (existing.defaults().size() > signature.defaults().size()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "cannot remove parameter defaults from existing function").withHint(hint);
    }
  }

  private static void checkNames(FunctionDef existing, FunctionSignature signature, String hint) {
    if (existing.argumentNames() == null) {
      return;
    }
    for (int i = 0; i < existing.argumentNames().size(); i++) {
      String before = existing.argumentNames().get(i);
      String after = signature.names() == null ? "" : signature.names().get(i);
      if (!before.isEmpty() && !before.equals(after)) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "cannot change name of input parameter \"" + before + "\"")
            .withHint(hint);
      }
    }
  }

  String alter(AlterFunction statement) {
    ObjectLookup.Found found = new ObjectLookup(ddl).find(statement.kind(), statement.routine(), false);
    ddl.checkOwner(found.ownerOid(), found.kind(), found.name());
    Object stored = ddl.catalog().object(ObjectClass.FUNCTION, found.address());
    if (!(stored instanceof FunctionObject object)) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: built-in functions cannot be changed");
    }
    FunctionDef f = object.function();
    if (f.kind() == 'a') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + f.name() + "\" is an aggregate function");
    }
    FunctionOptions o = FunctionOptions.forAlter(ddl, f, object.details().settings(), statement);
    FunctionDef changed = new FunctionDef(f.oid(), f.namespaceOid(), f.name(), f.kind(), f.argumentTypes(), f.allArgumentTypes(),
        f.argumentModes(), f.argumentNames(), f.variadicType(), f.defaults(), f.returnType(), f.returnsSet(), o.strict(), o.volatility(),
        o.parallel(), o.leakproof(), o.securityDefiner(), f.languageOid(), f.ownerOid(), o.cost(), o.rows(f.returnsSet()), f.body());
    ddl.put(new FunctionObject(changed, new FunctionDetails(f.oid(), object.details().acl(), o.settings(), object.details().sqlBody()), 0));
    return "ALTER " + statement.kind().words();
  }

  static FunctionDef withName(FunctionDef f, String name, int namespaceOid) {
    return new FunctionDef(f.oid(), namespaceOid, name, f.kind(), f.argumentTypes(), f.allArgumentTypes(), f.argumentModes(),
        f.argumentNames(), f.variadicType(), f.defaults(), f.returnType(), f.returnsSet(), f.strict(), f.volatility(), f.parallel(),
        f.leakproof(), f.securityDefiner(), f.languageOid(), f.ownerOid(), f.cost(), f.rows(), f.body());
  }

  static FunctionDef withOwner(FunctionDef f, int ownerOid) {
    return new FunctionDef(f.oid(), f.namespaceOid(), f.name(), f.kind(), f.argumentTypes(), f.allArgumentTypes(), f.argumentModes(),
        f.argumentNames(), f.variadicType(), f.defaults(), f.returnType(), f.returnsSet(), f.strict(), f.volatility(), f.parallel(),
        f.leakproof(), f.securityDefiner(), f.languageOid(), ownerOid, f.cost(), f.rows(), f.body());
  }

  /// Settings after SET and RESET clauses.
  static Map<String, String> settings(Map<String, String> old, List<SettingStatement.SettingChange> changes, DdlContext context) {
    Map<String, String> result = new HashMap<>(old);
    for (SettingStatement.SettingChange change : changes) {
      switch (change) {
        case SettingStatement.SetValues set ->
            result.put(set.name(), context.checkedSetting(set));
        case SettingStatement.SetFromCurrent current -> {
          String value = context.setting(current.name());
          if (value == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + current.name() + "\"");
          }
          result.put(current.name(), value);
        }
        case SettingStatement.SetDefault reset -> result.remove(reset.name());
        case SettingStatement.ResetValue reset -> result.remove(reset.name());
        case SettingStatement.ResetAllValues all -> result.clear();
        case SettingStatement.SetInterval interval -> result.put(interval.name(), interval.value());
      }
    }
    return Map.copyOf(result);
  }

}
