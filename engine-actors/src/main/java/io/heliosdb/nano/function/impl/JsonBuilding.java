package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.aggregate;
import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Making json and jsonb: to_json, row_to_json, array_to_json, json_build_*, json_object and the aggregates.
/// Source: PostgreSQL 15 manual, sections 9.16 and 9.21.
public final class JsonBuilding implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "to_json", "row_to_json", "array_to_json" ->
          contextual((c, s, a) -> JsonConversion.toJson(s.argumentTypes().getFirst(), a[0], c.io(), false));
      case "row_to_json_pretty", "array_to_json_pretty" ->
          contextual((c, s, a) -> JsonConversion.toJson(s.argumentTypes().getFirst(), a[0], c.io(), (Boolean) a[1]));
      case "to_jsonb" -> contextual((c, s, a) -> JsonConversion.toJsonb(s.argumentTypes().getFirst(), a[0], c.io()));
      case "json_build_array" -> contextual(JsonBuilding::jsonArray);
      case "json_build_array_noargs" -> contextual((c, s, a) -> "[]");
      case "json_build_object" -> contextual(JsonBuilding::jsonObject);
      case "json_build_object_noargs" -> contextual((c, s, a) -> "{}");
      case "jsonb_build_array" -> contextual(JsonBuilding::jsonbArray);
      case "jsonb_build_array_noargs" -> contextual((c, s, a) -> Jsonb.EMPTY_ARRAY);
      case "jsonb_build_object" -> contextual(JsonBuilding::jsonbObject);
      case "jsonb_build_object_noargs" -> contextual((c, s, a) -> Jsonb.EMPTY_OBJECT);
      case "json_object", "json_object_two_arg" -> contextual((c, s, a) -> jsonOfTexts(pairs(a)));
      case "jsonb_object", "jsonb_object_two_arg" -> contextual((c, s, a) -> jsonbOfTexts(pairs(a)));
      case "agg:json_agg" -> aggregate((c, s) -> new JsonArrayAggregate(s.argumentTypes().getFirst(), c.io()));
      case "agg:jsonb_agg" -> aggregate((c, s) -> new JsonbAggregate(s.argumentTypes(), c.io(), false));
      case "agg:json_object_agg" -> aggregate((c, s) -> new JsonObjectAggregate(s.argumentTypes(), c.io()));
      case "agg:jsonb_object_agg" -> aggregate((c, s) -> new JsonbAggregate(s.argumentTypes(), c.io(), true));
      default -> null;
    };
  }

  /// Arguments of a VARIADIC "any" call: as they stand, or the elements of the one array after the word VARIADIC.
  private record Arguments(List<PgType> types, @Nullable Object[] values) {
    static @Nullable Arguments of(CallSite site, @Nullable Object[] a) {
      if (!site.variadicCall()) {
        return new Arguments(site.argumentTypes(), a);
      }
      PgArray array = (PgArray) a[a.length - 1];
      if (array == null) {
        return null;
      }
      return new Arguments(java.util.Collections.nCopies(array.size(), array.elementType()), array.elements());
    }
  }

  private static @Nullable String jsonArray(CallContext context, CallSite site, @Nullable Object[] a) {
    Arguments arguments = Arguments.of(site, a);
    if (arguments == null) {
      return null;
    }
    ByteSink out = new ByteSink();
    out.put('[');
    for (int i = 0; i < arguments.values.length; i++) {
      out.putAscii(i > 0 ? ", " : "");
      JsonConversion.write(arguments.types.get(i), arguments.values[i], context.io(), false, out);
    }
    return out.put(']').toString();
  }

  private static void checkPairs(int count, String function) {
    if ((count & 1) != 0) {
      throw TypeErrors.invalidParameter("argument list must have even number of elements")
          .withHint("The arguments of " + function + "() must consist of alternating keys and values.");
    }
  }

  private static @Nullable String jsonObject(CallContext context, CallSite site, @Nullable Object[] a) {
    Arguments arguments = Arguments.of(site, a);
    if (arguments == null) {
      return null;
    }
    checkPairs(arguments.values.length, "json_build_object");
    ByteSink out = new ByteSink();
    out.put('{');
    for (int i = 0; i < arguments.values.length; i += 2) {
      Object key = arguments.values[i];
      if (key == null) {
        throw TypeErrors.invalidParameter("argument " + (i + 1) + " cannot be null").withHint("Object keys should be text.");
      }
      out.putAscii(i > 0 ? ", " : "");
      Jsonb.quote(JsonConversion.key(arguments.types.get(i), key, context.io()), out);
      out.putAscii(" : ");
      JsonConversion.write(arguments.types.get(i + 1), arguments.values[i + 1], context.io(), false, out);
    }
    return out.put('}').toString();
  }

  private static @Nullable Jsonb jsonbArray(CallContext context, CallSite site, @Nullable Object[] a) {
    Arguments arguments = Arguments.of(site, a);
    if (arguments == null) {
      return null;
    }
    List<Jsonb> values = new ArrayList<>();
    for (int i = 0; i < arguments.values.length; i++) {
      values.add(JsonConversion.toJsonb(arguments.types.get(i), arguments.values[i], context.io()));
    }
    return Jsonb.array(values);
  }

  private static @Nullable Jsonb jsonbObject(CallContext context, CallSite site, @Nullable Object[] a) {
    Arguments arguments = Arguments.of(site, a);
    if (arguments == null) {
      return null;
    }
    checkPairs(arguments.values.length, "jsonb_build_object");
    List<String> keys = new ArrayList<>();
    List<Jsonb> values = new ArrayList<>();
    for (int i = 0; i < arguments.values.length; i += 2) {
      Object key = arguments.values[i];
      if (key == null) {
        throw TypeErrors.invalidParameter("argument " + (i + 1) + ": key must not be null");
      }
      keys.add(JsonConversion.key(arguments.types.get(i), key, context.io()));
      values.add(JsonConversion.toJsonb(arguments.types.get(i + 1), arguments.values[i + 1], context.io()));
    }
    return Jsonb.object(keys, values);
  }

  // ---------------------------------------------------------------- json_object

  private record Pairs(List<String> keys, List<@Nullable String> values) {}

  private static SqlException subscript(String message) {
    return new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, message);
  }

  private static Pairs pairs(@Nullable Object[] a) {
    PgArray first = (PgArray) a[0];
    Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
    if (a.length == 2) {
      PgArray second = (PgArray) a[1];
      if (first.dimensions() > 1 || first.dimensions() != second.dimensions()) {
        throw subscript("wrong number of array subscripts");
      }
      if (first.size() != second.size()) {
        throw subscript("mismatched array dimensions");
      }
      for (int i = 0; i < first.size(); i++) {
        add(pairs, first.element(i), second.element(i));
      }
      return pairs;
    }
    switch (first.dimensions()) {
      case 0 -> { }
      case 1 -> {
        if (first.size() % 2 != 0) {
          throw subscript("array must have even number of elements");
        }
      }
      case 2 -> {
        if (first.length(1) != 2) {
          throw subscript("array must have two columns");
        }
      }
      default -> throw subscript("wrong number of array subscripts");
    }
    for (int i = 0; i < first.size(); i += 2) {
      add(pairs, first.element(i), first.element(i + 1));
    }
    return pairs;
  }

  private static void add(Pairs pairs, @Nullable Object key, @Nullable Object value) {
    if (key == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "null value not allowed for object key");
    }
    pairs.keys.add((String) key);
    pairs.values.add((String) value);
  }

  private static String jsonOfTexts(Pairs pairs) {
    ByteSink out = new ByteSink();
    out.put('{');
    for (int i = 0; i < pairs.keys.size(); i++) {
      out.putAscii(i > 0 ? ", " : "");
      Jsonb.quote(pairs.keys.get(i), out);
      out.putAscii(" : ");
      String value = pairs.values.get(i);
      if (value == null) {
        out.putAscii("null");
      } else {
        Jsonb.quote(value, out);
      }
    }
    return out.put('}').toString();
  }

  private static Jsonb jsonbOfTexts(Pairs pairs) {
    List<Jsonb> values = new ArrayList<>();
    for (String value : pairs.values) {
      values.add(value == null ? Jsonb.NULL : Jsonb.of(value));
    }
    return Jsonb.object(pairs.keys, values);
  }

  // ---------------------------------------------------------------- aggregates

  private static final class JsonArrayAggregate implements Implementation.Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private final PgType type;
    private final IoContext io;
    private final ByteSink out = new ByteSink();

    /// With its text, which may take two bytes a character and is copied once.
    @Override
    public long heldBytes() {
      return 4L * out.array().length;
    }

    JsonArrayAggregate(PgType type, IoContext io) {
      this.type = type;
      this.io = io;
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Object value = arguments[0];
      out.putAscii(out.size() == 0 ? "[" : value != null && JsonConversion.isContainer(type) ? ", \n " : ", ");
      JsonConversion.write(type, value, io, false, out);
    }

    @Override
    public @Nullable Object result() {
      return out.size() == 0 ? null : out + "]";
    }
  }

  private static final class JsonObjectAggregate implements Implementation.Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private final List<PgType> types;
    private final IoContext io;
    private final ByteSink out = new ByteSink();

    @Override
    public long heldBytes() {
      return 4L * out.array().length;
    }

    JsonObjectAggregate(List<PgType> types, IoContext io) {
      this.types = types;
      this.io = io;
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (arguments[0] == null) {
        throw TypeErrors.invalidParameter("field name must not be null");
      }
      out.putAscii(out.size() == 0 ? "{ " : ", ");
      Jsonb.quote(JsonConversion.key(types.get(0), arguments[0], io), out);
      out.putAscii(" : ");
      JsonConversion.write(types.get(1), arguments[1], io, false, out);
    }

    @Override
    public @Nullable Object result() {
      return out.size() == 0 ? null : out + " }";
    }
  }

  private static final class JsonbAggregate implements Implementation.Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private final List<PgType> types;
    private final IoContext io;
    private final boolean object;
    private final List<String> keys = new ArrayList<>();
    private final List<Jsonb> values = new ArrayList<>();
    private long bytes;

    /// With the value that the parts are copied into.
    @Override
    public long heldBytes() {
      return 2 * bytes;
    }

    JsonbAggregate(List<PgType> types, IoContext io, boolean object) {
      this.types = types;
      this.io = io;
      this.object = object;
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (object) {
        if (arguments[0] == null) {
          throw TypeErrors.invalidParameter("field name must not be null");
        }
        keys.add(JsonConversion.key(types.get(0), arguments[0], io));
        bytes += keys.getLast().length() + 48L;
      }
      Jsonb value = JsonConversion.toJsonb(types.get(object ? 1 : 0), arguments[object ? 1 : 0], io);
      values.add(value);
      bytes += value.toBytes().length + 48L;
    }

    @Override
    public @Nullable Object result() {
      return values.isEmpty() ? null : object ? Jsonb.object(keys, values) : Jsonb.array(values);
    }
  }
}
