package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.impl.JsonPathExecutor.PathError;
import io.heliosdb.nano.type.JsonPath;
import io.heliosdb.nano.type.Jsonb;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// jsonb_path_* and the operators `@?` and `@@`. Parsed paths are kept, up to [#CACHED_PATHS_MAX] of them.
/// Source: PostgreSQL 15 manual, section 9.16.
public final class JsonPathFunctions implements Builtins.Family {
  /// When full, the cache is emptied.
  private static final int CACHED_PATHS_MAX = 1000;

  private static final ConcurrentHashMap<String, JsonPath> PATHS = new ConcurrentHashMap<>();

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    boolean zone = symbol.endsWith("_tz");
    return switch (symbol) {
      case "jsonb_path_exists", "jsonb_path_exists_tz", "jsonb_path_exists_opr" -> contextual((c, s, a) -> exists(c, a, zone));
      case "jsonb_path_match", "jsonb_path_match_tz", "jsonb_path_match_opr" -> contextual((c, s, a) -> match(c, a, zone));
      case "jsonb_path_query", "jsonb_path_query_tz" ->
          setReturning((c, s, a) -> SeriesFunctions.rows(query(c, a, zone).iterator()));
      case "jsonb_path_query_array", "jsonb_path_query_array_tz" -> contextual((c, s, a) -> Jsonb.array(query(c, a, zone)));
      case "jsonb_path_query_first", "jsonb_path_query_first_tz" -> contextual((c, s, a) -> {
        List<Jsonb> found = query(c, a, zone);
        return found.isEmpty() ? null : found.getFirst();
      });
      default -> null;
    };
  }

  private static JsonPath path(String text) {
    JsonPath known = PATHS.get(text);
    if (known == null) {
      if (PATHS.size() >= CACHED_PATHS_MAX) {
        PATHS.clear();
      }
      known = JsonPath.parse(text);
      PATHS.put(text, known);
    }
    return known;
  }

  /// Arguments: value, path, variables, silent. The operators have two and are silent.
  private static JsonPathExecutor executor(CallContext context, @Nullable Object[] a, JsonPath path, boolean zone) {
    Jsonb variables = a.length > 2 ? (Jsonb) a[2] : null;
    if (variables != null && !variables.isObject()) {
      throw JsonPathExecutor.variablesNotObject();
    }
    return new JsonPathExecutor(path, (Jsonb) a[0], variables, new JsonPathDates(context.io(), zone));
  }

  private static boolean isSilent(@Nullable Object[] a) {
    return a.length < 4 || (Boolean) a[3];
  }

  private static @Nullable Boolean exists(CallContext context, @Nullable Object[] a, boolean zone) {
    JsonPath path = path((String) a[1]);
    try {
      return executor(context, a, path, zone).exists(path.root());
    } catch (PathError e) {
      if (isSilent(a)) {
        return null;
      }
      throw e.error;
    }
  }

  private static @Nullable Boolean match(CallContext context, @Nullable Object[] a, boolean zone) {
    JsonPath path = path((String) a[1]);
    try {
      List<Object> found = executor(context, a, path, zone).all(path.root());
      if (found.size() == 1 && found.getFirst() instanceof Jsonb j) {
        if (j.kind() == Jsonb.Kind.BOOLEAN) {
          return j.booleanValue();
        }
        if (j.isNull()) {
          return null;
        }
      }
    } catch (PathError e) {
      if (!isSilent(a)) {
        throw e.error;
      }
      return null;
    }
    if (!isSilent(a)) {
      throw new SqlException(SqlState.SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected");
    }
    return null;
  }

  private static List<Jsonb> query(CallContext context, @Nullable Object[] a, boolean zone) {
    JsonPath path = path((String) a[1]);
    List<Object> found = new ArrayList<>();
    try {
      executor(context, a, path, zone).collect(path.root(), found);
    } catch (PathError e) {
      if (!isSilent(a)) {
        throw e.error;
      }
    }
    List<Jsonb> result = new ArrayList<>(found.size());
    for (Object item : found) {
      result.add(item instanceof JsonPathDates.Item date ? date.toJsonb() : (Jsonb) item);
    }
    return result;
  }
}
