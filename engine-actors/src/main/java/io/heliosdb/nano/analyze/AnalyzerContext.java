package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the meaning of a statement depends on beside its text. Immutable; one per analysis.
///
/// @param searchPath namespace oids in the order of lookup, the temporary schema and `pg_catalog` already in their places
/// @param temporaryNamespace oid of the session's temporary schema, 0 for none; functions and operators are never looked up there
/// @param currentRole oid of the role whose privileges and row policies apply
/// @param io formats and lookups for literals that are converted during analysis
/// @param settings settings that analysis consults (`transform_null_equals`, `row_security`, …); null for the default
/// @param parameterTypes types of `$1`, `$2`, … given by the client; null entries (and later ones) are inferred
/// @param inferParameters whether `$n` without a given type is allowed (PREPARE, extended protocol); otherwise it is 42P02
/// @param history the past, null where statements cannot read it
/// @param variables names that procedural languages and SQL functions add to the scope of columns
public record AnalyzerContext(
    Catalog catalog,
    List<Integer> searchPath,
    int temporaryNamespace,
    int currentRole,
    IoContext io,
    SettingLookup settings,
    List<@Nullable PgType> parameterTypes,
    boolean inferParameters,
    @Nullable Variables variables,
    @Nullable History history) {

  /// Current value of a setting as text, or null if it is unset or unknown.
  @FunctionalInterface
  public interface SettingLookup {
    @Nullable String get(String name);
  }

  /// Named variables of the surrounding program (PL/pgSQL variables, SQL function arguments).
  public interface Variables {
    /// Who wins when a name is both a variable and a column.
    enum Conflict { ERROR, VARIABLE, COLUMN }

    Conflict conflict();

    /// The variable meant by `parts` (`x`, `block.x`, `record.field`, `block.record.field`), or null.
    @Nullable Variable resolve(List<String> parts);

    /// Called for `$n` that the statement writes itself; null if there is none.
    default @Nullable Variable parameter(int number) {
      return null;
    }

    /// @param number the parameter that will hold the value: it becomes `Expr.Parameter(number, …)`
    /// @param consumed how many of the name parts denote the variable; the rest select fields of it
    /// @param fields the fields of a variable of type `record` as they are now, null for others
    record Variable(int number, PgType type, int typmod, int collation, int consumed, @Nullable List<CompositeField> fields) {
      public Variable(int number, PgType type, int typmod, int collation, int consumed) {
        this(number, type, typmod, collation, consumed, null);
      }
    }
  }

  public AnalyzerContext {
    searchPath = List.copyOf(searchPath);
    parameterTypes = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(parameterTypes));
  }

  /// A context without parameters, variables and settings.
  public static AnalyzerContext of(Catalog catalog, List<Integer> searchPath, int currentRole, IoContext io) {
    return new AnalyzerContext(catalog, searchPath, 0, currentRole, io, name -> null, List.of(), true, null, null);
  }

  public AnalyzerContext withParameterTypes(List<@Nullable PgType> types) {
    return new AnalyzerContext(catalog, searchPath, temporaryNamespace, currentRole, io, settings, types, inferParameters, variables, history);
  }

  /// The same with or without permission to use untyped `$n`.
  public AnalyzerContext withInferParameters(boolean infer) {
    return new AnalyzerContext(catalog, searchPath, temporaryNamespace, currentRole, io, settings, parameterTypes, infer, variables, history);
  }

  public AnalyzerContext withVariables(@Nullable Variables newVariables) {
    return new AnalyzerContext(catalog, searchPath, temporaryNamespace, currentRole, io, settings, parameterTypes, inferParameters, newVariables, history);
  }

  public AnalyzerContext withHistory(@Nullable History newHistory) {
    return new AnalyzerContext(catalog, searchPath, temporaryNamespace, currentRole, io, settings, parameterTypes, inferParameters, variables, newHistory);
  }

  public AnalyzerContext withSearchPath(List<Integer> newPath) {
    return new AnalyzerContext(catalog, newPath, temporaryNamespace, currentRole, io, settings, parameterTypes, inferParameters, variables, history);
  }

  public AnalyzerContext withCatalog(Catalog newCatalog) {
    return new AnalyzerContext(newCatalog, searchPath, temporaryNamespace, currentRole, io, settings, parameterTypes, inferParameters, variables, history);
  }
}
