package io.heliosdb.nano.function;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From a built-in function's symbol to the code that runs it.
///
/// Implementations live in families (package `impl`). A family is a class whose [Family#find] is one `switch` over symbols, so
/// that neither the family nor any lambda in it is loaded before one of its functions is first called. Symbols are those of
/// [FunctionDef.BuiltinBody]: `pg_proc.prosrc`, `agg:name` for aggregates, `sql:name` for functions PostgreSQL writes in SQL.
///
/// To add a function: one case in its family. To add a family: one line in [#FAMILIES]. Thread-safe.
public final class Builtins {
  /// A set of implementations that belong together.
  public interface Family {
    /// The implementation of `function`, or null when this family does not have it.
    @Nullable Implementation find(String symbol, FunctionDef function);
  }

  /// Class names, in the order in which they are asked; loaded when first asked.
  private static final String[] FAMILIES = {
    "IntegerArithmetic", "FloatArithmetic", "NumberConversions", "TextConversions", "LikeMatching", "SumAggregates",
    "CollectingAggregates", "StatisticsAggregates", "OrderedSetAggregates", "WindowFunctions", "SeriesFunctions", "VectorFunctions",
    "DateTimeOperators", "DateTimeParts", "DateTimeFunctions", "NumericFunctions", "FloatFunctions", "MoneyFunctions",
    "JsonAccess", "JsonBuilding", "JsonbEditing", "JsonRecords", "JsonPathFunctions",
    "RangeFunctions", "NetworkFunctions", "BitStringFunctions", "EnumFunctions", "GeometryFunctions", "ShapeFunctions",
    "StringFunctions", "FormatFunctions", "ByteFunctions", "RegexFunctions", "ArrayFunctions", "NumberFormatFunctions",
    "DateFormatFunctions", "SessionInformation", "CatalogInformation", "ObjectDefinitions", "SizeFunctions", "HashSupport",
    "TypeIoFunctions", "SubscriptAssignment", "TextSearchFunctions", "VersionFunctions",
    "PrivilegeFunctions", "TransitionFunctions", "ConvenienceFunctions", "XmlFunctions", "LargeObjectFunctions",
    "RangeSupport", "JsonSearchFunctions", "ServerFileFunctions",
    "Comparisons",
  };

  private static final int FIRST_USER_OID = 16_384;
  private static final @Nullable Family[] LOADED = new Family[FAMILIES.length];
  private static final Map<Integer, Implementation> FOUND = new ConcurrentHashMap<>();

  private Builtins() {}

  /// What runs when `function` is called.
  ///
  /// @throws SqlException 0A000 when the function is known but has no implementation
  public static Implementation implementation(FunctionDef function) {
    Implementation found = find(function);
    if (found == null) {
      throw SqlException.notSupported("function " + signature(function));
    }
    return found;
  }

  /// What runs when `function` is called, or null when nothing does.
  public static @Nullable Implementation find(FunctionDef function) {
    Implementation known = function.oid() < FIRST_USER_OID ? FOUND.get(function.oid()) : null;
    if (known != null || !(function.body() instanceof FunctionDef.BuiltinBody body)) {
      return known;
    }
    for (int i = 0; i < FAMILIES.length; i++) {
      Implementation found = family(i).find(body.symbol(), function);
      if (found != null) {
        // Oids of users' functions (LANGUAGE internal) mean something else in another database.
        if (function.oid() > 0 && function.oid() < FIRST_USER_OID) {
          FOUND.put(function.oid(), found);
        }
        return found;
      }
    }
    return null;
  }

  /// `name(type, type)` as error messages show it.
  public static String signature(FunctionDef function) {
    List<Integer> types = function.argumentTypes();
    return function.name() + types.stream().map(oid -> Typmods.formatType(oid, -1, PgTypes.BUILTIN)).collect(Collectors.joining(", ", "(", ")"));
  }

  private static Family family(int index) {
    Family family = LOADED[index];
    if (family == null) {
      try {
        Class<?> type = Class.forName("io.heliosdb.nano.function.impl." + FAMILIES[index]);
        family = (Family) type.getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("function family " + FAMILIES[index], e);
      }
      LOADED[index] = family;
    }
    return family;
  }
}
