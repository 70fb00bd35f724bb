package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.RoutineDdl.AlterFunction;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateFunction;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The clauses of CREATE and ALTER FUNCTION: language, body, volatility, strictness, cost and so on.
final class FunctionOptions {
  private int languageOid;
  private @Nullable String source;
  private @Nullable String sqlBody;
  private char volatility = 'v';
  private char parallel = 'u';
  private boolean strict;
  private boolean leakproof;
  private boolean securityDefiner;
  private float cost = -1;
  private float rows = -1;
  private Map<String, String> settings = Map.of();

  private FunctionOptions() {}

  static FunctionOptions forCreate(Ddl ddl, CreateFunction statement) {
    FunctionOptions result = new FunctionOptions();
    result.read(ddl, statement.options(), statement.procedure());
    result.settings = FunctionCommands.settings(Map.of(), statement.settings(), ddl.context);
    if (statement.body() != null) {
      if (result.languageOid == 0) {
        result.languageOid = FunctionCommands.SQL_LANGUAGE;
      }
      if (result.languageOid != FunctionCommands.SQL_LANGUAGE) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "inline SQL function body only valid for language SQL");
      }
      if (result.source != null) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "duplicate function body specified");
      }
      result.sqlBody = statement.body().text();
      result.source = statement.body().text();
    }
    if (result.languageOid == 0) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "no language specified");
    }
    if (result.source == null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "no function body specified");
    }
    return result;
  }

  static FunctionOptions forAlter(Ddl ddl, FunctionDef old, Map<String, String> settings, AlterFunction statement) {
    FunctionOptions result = new FunctionOptions();
    result.languageOid = old.languageOid();
    result.volatility = old.volatility();
    result.parallel = old.parallel();
    result.strict = old.strict();
    result.leakproof = old.leakproof();
    result.securityDefiner = old.securityDefiner();
    result.cost = old.cost();
    result.rows = old.rows();
    result.read(ddl, statement.options(), old.kind() == 'p');
    if (statement.options().stream().anyMatch(o -> o.name().equals("rows")) && !old.returnsSet()) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "ROWS is not applicable when function does not return a set");
    }
    result.settings = FunctionCommands.settings(settings, statement.settings(), ddl.context);
    return result;
  }

  private void read(Ddl ddl, List<Option> options, boolean procedure) {
    Set<String> seen = new HashSet<>();
    for (Option option : options) {
      if (!seen.add(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options").at(option.position());
      }
      boolean notForProcedures = switch (option.name()) {
        case "window", "volatility", "strict", "leakproof", "cost", "rows", "support", "parallel" -> true;
        default -> false;
      };
      if (procedure && notForProcedures) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "invalid attribute in procedure definition").at(option.position());
      }
      take(ddl, option);
    }
  }

  private void take(Ddl ddl, Option option) {
    switch (option.name()) {
      case "as" -> {
        if (option.value() instanceof Option.ListValue list && list.values().size() > 1) {
          throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "only one AS item needed for language \"" + languageName() + "\"");
        }
        source = option.text();
      }
      case "language" -> {
        String name = option.text().toLowerCase(Locale.ROOT);
        languageOid = FunctionCommands.languageOid(name);
        if (languageOid == 0) {
          throw new SqlException(SqlState.UNDEFINED_OBJECT, "language \"" + option.text() + "\" does not exist");
        }
        if (languageOid == FunctionCommands.INTERNAL && !ddl.isSuperuser()) {
          throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for language " + name);
        }
        if (languageOid == FunctionCommands.C_LANGUAGE) {
          throw SqlException.notSupported("a function in language " + name);
        }
      }
      case "volatility" -> volatility = option.text().charAt(0);
      case "strict" -> strict = flag(option);
      case "security" -> securityDefiner = flag(option);
      case "leakproof" -> {
        leakproof = flag(option);
        if (leakproof && !ddl.isSuperuser()) {
          throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "only superuser can define a leakproof function");
        }
      }
      case "cost" -> {
        cost = Float.parseFloat(option.text());
        if (cost <= 0) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COST must be positive");
        }
      }
      case "rows" -> {
        rows = Float.parseFloat(option.text());
        if (rows <= 0) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "ROWS must be positive");
        }
      }
      case "parallel" -> parallel = switch (option.text().toLowerCase(Locale.ROOT)) {
        case "safe" -> 's';
        case "unsafe" -> 'u';
        case "restricted" -> 'r';
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
      };
      case "window" -> throw SqlException.notSupported("WINDOW in CREATE FUNCTION");
      case "transform" -> throw SqlException.notSupported("TRANSFORM in CREATE FUNCTION");
      case "support" -> throw SqlException.notSupported("SUPPORT in CREATE FUNCTION");
      default -> throw SqlException.notSupported("function option \"" + option.name() + "\"");
    }
  }

  private static boolean flag(Option option) {
    return !(option.value() instanceof Option.BooleanValue value) ? !"false".equals(String.valueOf(option.text())) : value.value();
  }

  private String languageName() {
    return languageOid == FunctionCommands.PLPGSQL ? "plpgsql" : "sql";
  }

  int languageOid() {
    return languageOid;
  }

  String source() {
    return source;
  }

  @Nullable String sqlBody() {
    return sqlBody;
  }

  char volatility() {
    return volatility;
  }

  char parallel() {
    return parallel;
  }

  boolean strict() {
    return strict;
  }

  boolean leakproof() {
    return leakproof;
  }

  boolean securityDefiner() {
    return securityDefiner;
  }

  float cost() {
    return cost < 0 ? 100 : cost;
  }

  float rows(boolean returnsSet) {
    if (rows >= 0 && !returnsSet && rows != 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "ROWS is not applicable when function does not return a set");
    }
    return rows < 0 ? returnsSet ? 1000 : 0 : rows;
  }

  Map<String, String> settings() {
    return settings;
  }
}
