package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Changing and testing jsonb: `|| - #- @> <@ ? ?| ?&`, jsonb_set, jsonb_insert, casts to scalars.
/// Source: PostgreSQL 15 manual, section 9.16.
public final class JsonbEditing implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "jsonb_concat" -> binary((a, b) -> concat((Jsonb) a, (Jsonb) b));
      case "jsonb_delete" -> binary((a, key) -> deleteKeys((Jsonb) a, Set.of((String) key)));
      case "jsonb_delete_array" -> binary((a, keys) -> {
        if (((PgArray) keys).dimensions() > 1) {
          throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
        }
        return deleteKeys((Jsonb) a, texts((PgArray) keys));
      });
      case "jsonb_delete_idx" -> binary((a, index) -> deleteElement((Jsonb) a, (Integer) index));
      case "jsonb_delete_path" -> binary((a, path) -> deletePath((Jsonb) a, (PgArray) path));
      case "jsonb_contains" -> binary((a, b) -> contains((Jsonb) a, (Jsonb) b));
      case "jsonb_contained" -> binary((a, b) -> contains((Jsonb) b, (Jsonb) a));
      case "jsonb_exists" -> binary((a, key) -> exists((Jsonb) a, (String) key));
      case "jsonb_exists_any" -> binary((a, keys) -> texts((PgArray) keys).stream().anyMatch(key -> exists((Jsonb) a, key)));
      case "jsonb_exists_all" -> binary((a, keys) -> texts((PgArray) keys).stream().allMatch(key -> exists((Jsonb) a, key)));
      case "jsonb_set" -> contextual((c, s, a) -> set((Jsonb) a[0], (PgArray) a[1], (Jsonb) a[2], (Boolean) a[3]));
      case "jsonb_set_lax" -> contextual((c, s, a) -> setLax(a));
      case "jsonb_insert" -> contextual((c, s, a) -> insert((Jsonb) a[0], (PgArray) a[1], (Jsonb) a[2], (Boolean) a[3]));
      case "jsonb_bool" -> unary(a -> {
        if (((Jsonb) a).kind() != Jsonb.Kind.BOOLEAN) {
          throw cannotCast((Jsonb) a, "boolean");
        }
        return ((Jsonb) a).booleanValue();
      });
      case "jsonb_numeric" -> unary(a -> number((Jsonb) a, "numeric"));
      case "jsonb_int2" -> unary(a ->
          (int) number((Jsonb) a, "smallint").toLongRounded("smallint", Short.MIN_VALUE, Short.MAX_VALUE));
      case "jsonb_int4" -> unary(a ->
          (int) number((Jsonb) a, "integer").toLongRounded("integer", Integer.MIN_VALUE, Integer.MAX_VALUE));
      case "jsonb_int8" -> unary(a -> number((Jsonb) a, "bigint").toLongRounded("bigint", Long.MIN_VALUE, Long.MAX_VALUE));
      case "jsonb_float4" -> unary(a -> number((Jsonb) a, "real").floatValue());
      case "jsonb_float8" -> unary(a -> NumberConversions.toDouble(number((Jsonb) a, "double precision")));
      default -> null;
    };
  }

  private static SqlException cannotCast(Jsonb value, String typeName) {
    String what = switch (value.kind()) {
      case NULL -> "null";
      case STRING -> "string";
      case NUMBER -> "numeric";
      case BOOLEAN -> "boolean";
      case ARRAY -> "array";
      case OBJECT -> "object";
    };
    return TypeErrors.invalidParameter("cannot cast jsonb " + what + " to type " + typeName);
  }

  private static Numeric number(Jsonb value, String typeName) {
    if (value.kind() != Jsonb.Kind.NUMBER) {
      throw cannotCast(value, typeName);
    }
    return value.numberValue();
  }

  private static Set<String> texts(PgArray array) {
    Set<String> set = new HashSet<>();
    for (Object element : array.elements()) {
      if (element != null) {
        set.add((String) element);
      }
    }
    return set;
  }

  private static List<Jsonb> asElements(Jsonb value) {
    return value.isArray() ? value.values() : List.of(value);
  }

  private static Jsonb concat(Jsonb a, Jsonb b) {
    if (a.isObject() && b.isObject()) {
      List<String> keys = a.keys();
      List<Jsonb> values = a.values();
      keys.addAll(b.keys());
      values.addAll(b.values());
      return Jsonb.object(keys, values);
    }
    List<Jsonb> values = new ArrayList<>(asElements(a));
    values.addAll(asElements(b));
    return Jsonb.array(values);
  }

  private static Jsonb deleteKeys(Jsonb value, Set<String> doomed) {
    if (value.isScalar()) {
      throw TypeErrors.invalidParameter("cannot delete from scalar");
    }
    List<String> keys = new ArrayList<>();
    List<Jsonb> values = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      Jsonb part = value.valueAt(i);
      boolean keep = value.isObject() ? !doomed.contains(value.keyAt(i))
          : part.kind() != Jsonb.Kind.STRING || !doomed.contains(part.stringValue());
      if (keep) {
        if (value.isObject()) {
          keys.add(value.keyAt(i));
        }
        values.add(part);
      }
    }
    return value.isObject() ? Jsonb.object(keys, values) : Jsonb.array(values);
  }

  private static Jsonb deleteElement(Jsonb value, int index) {
    if (value.isScalar()) {
      throw TypeErrors.invalidParameter("cannot delete from scalar");
    }
    if (value.isObject()) {
      throw TypeErrors.invalidParameter("cannot delete from object using integer index");
    }
    int at = index < 0 ? index + value.size() : index;
    if (at < 0 || at >= value.size()) {
      return value;
    }
    List<Jsonb> values = value.values();
    values.remove(at);
    return Jsonb.array(values);
  }

  /// Whether every key, element and value of `b` is found in `a`, at the same depth.
  private static boolean contains(Jsonb a, Jsonb b) {
    if (a.isArray() && b.isScalar()) {
      // By special dispensation an array contains a scalar.
      return a.values().stream().anyMatch(element -> element.isScalar() && element.equals(b));
    }
    return containsNested(a, b);
  }

  private static boolean containsNested(Jsonb a, Jsonb b) {
    if (a.isObject() && b.isObject()) {
      for (int i = 0; i < b.size(); i++) {
        Jsonb member = a.get(b.keyAt(i));
        if (member == null || !containsNested(member, b.valueAt(i))) {
          return false;
        }
      }
      return true;
    }
    if (a.isArray() && b.isArray()) {
      List<Jsonb> elements = a.values();
      for (Jsonb wanted : b.values()) {
        if (elements.stream().noneMatch(element -> containsNested(element, wanted))) {
          return false;
        }
      }
      return true;
    }
    return a.isScalar() && b.isScalar() && a.equals(b);
  }

  private static boolean exists(Jsonb value, String key) {
    if (value.isObject()) {
      return value.containsKey(key);
    }
    if (value.isArray()) {
      return value.values().stream().anyMatch(e -> e.kind() == Jsonb.Kind.STRING && e.stringValue().equals(key));
    }
    return value.kind() == Jsonb.Kind.STRING && value.stringValue().equals(key);
  }

  // ---------------------------------------------------------------- paths

  private enum Edit {
    DELETE, REPLACE, CREATE, INSERT_BEFORE, INSERT_AFTER
  }

  private static void checkPath(PgArray path) {
    if (path.dimensions() > 1) {
      throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    }
  }

  private static Jsonb deletePath(Jsonb value, PgArray path) {
    checkPath(path);
    if (value.isScalar()) {
      throw TypeErrors.invalidParameter("cannot delete path in scalar");
    }
    return path.isEmpty() || value.size() == 0 ? value : edit(value, path, 0, null, Edit.DELETE);
  }

  private static Jsonb set(Jsonb value, PgArray path, Jsonb replacement, boolean create) {
    checkPath(path);
    if (value.isScalar()) {
      throw TypeErrors.invalidParameter("cannot set path in scalar");
    }
    return path.isEmpty() || value.size() == 0 && !create ? value
        : edit(value, path, 0, replacement, create ? Edit.CREATE : Edit.REPLACE);
  }

  private static Jsonb insert(Jsonb value, PgArray path, Jsonb addition, boolean after) {
    checkPath(path);
    if (value.isScalar()) {
      throw TypeErrors.invalidParameter("cannot set path in scalar");
    }
    return path.isEmpty() ? value : edit(value, path, 0, addition, after ? Edit.INSERT_AFTER : Edit.INSERT_BEFORE);
  }

  private static @Nullable Object setLax(@Nullable Object[] a) {
    if (a[0] == null || a[1] == null || a[3] == null) {
      return null;
    }
    if (a[4] == null) {
      throw TypeErrors.invalidParameter(
          "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
    }
    Jsonb value = (Jsonb) a[0];
    PgArray path = (PgArray) a[1];
    if (a[2] != null) {
      return set(value, path, (Jsonb) a[2], (Boolean) a[3]);
    }
    return switch ((String) a[4]) {
      case "raise_exception" -> throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "JSON value must not be null")
          .withDetail("Exception was raised because null_value_treatment is \"raise_exception\".")
          .withHint("To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.");
      case "use_json_null" -> set(value, path, Jsonb.NULL, (Boolean) a[3]);
      case "delete_key" -> deletePath(value, path);
      case "return_target" -> value;
      default -> throw TypeErrors.invalidParameter(
          "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
    };
  }

  private static Jsonb edit(Jsonb value, PgArray path, int depth, @Nullable Jsonb change, Edit edit) {
    if (value.isScalar()) {
      return value;
    }
    Object step = path.element(depth);
    if (step == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "path element at position " + (depth + 1) + " is null");
    }
    return value.isObject() ? editObject(value, (String) step, path, depth, change, edit)
        : editArray(value, (String) step, path, depth, change, edit);
  }

  private static Jsonb editObject(Jsonb value, String key, PgArray path, int depth, @Nullable Jsonb change, Edit edit) {
    boolean last = depth == path.size() - 1;
    List<String> keys = value.keys();
    List<Jsonb> values = value.values();
    int at = keys.indexOf(key);
    if (at < 0) {
      if (!last || edit == Edit.DELETE || edit == Edit.REPLACE) {
        return value;
      }
      keys.add(key);
      values.add(change);
    } else if (!last) {
      values.set(at, edit(values.get(at), path, depth + 1, change, edit));
    } else if (edit == Edit.INSERT_BEFORE || edit == Edit.INSERT_AFTER) {
      throw TypeErrors.invalidParameter("cannot replace existing key")
          .withHint("Try using the function jsonb_set to replace key value.");
    } else if (edit == Edit.DELETE) {
      keys.remove(at);
      values.remove(at);
    } else {
      values.set(at, change);
    }
    return Jsonb.object(keys, values);
  }

  private static Jsonb editArray(Jsonb value, String step, PgArray path, int depth, @Nullable Jsonb change, Edit edit) {
    Integer index = JsonAccess.index(step);
    if (index == null) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
          "path element at position " + (depth + 1) + " is not an integer: \"" + step + "\"");
    }
    boolean last = depth == path.size() - 1;
    List<Jsonb> values = value.values();
    int size = values.size();
    int at = index < 0 ? index + size : index;
    boolean inside = at >= 0 && at < size;
    if (!last) {
      if (!inside) {
        return value;
      }
      values.set(at, edit(values.get(at), path, depth + 1, change, edit));
      return Jsonb.array(values);
    }
    switch (edit) {
      case DELETE -> {
        if (inside) {
          values.remove(at);
        }
      }
      case REPLACE -> {
        if (inside) {
          values.set(at, change);
        }
      }
      case CREATE -> {
        if (inside) {
          values.set(at, change);
        } else {
          values.add(at < 0 ? 0 : size, change);
        }
      }
      case INSERT_BEFORE -> values.add(Math.clamp(at, 0, size), change);
      case INSERT_AFTER -> values.add(inside ? at + 1 : at < 0 ? 0 : size, change);
    }
    return Jsonb.array(values);
  }
}
