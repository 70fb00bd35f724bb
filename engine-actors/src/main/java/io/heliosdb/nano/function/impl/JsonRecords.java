package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.JsonParser;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From JSON objects to rows: json_populate_record(set), json_to_record(set) and their jsonb twins.
/// Members are matched to columns by name; what is not an array or object is read as the column type reads text.
/// Source: PostgreSQL 15 manual, section 9.16.
public final class JsonRecords implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "json_populate_record" -> contextual((c, s, a) -> populate(c, s, a[0], json(a[1]), "json_populate_record"));
      case "jsonb_populate_record" -> contextual((c, s, a) -> populate(c, s, a[0], jsonb(a[1]), "jsonb_populate_record"));
      case "json_populate_recordset" ->
          setReturning((c, s, a) -> rows(c, columns(c, s, a[0]), s, a[0], json(a[1]), "json_populate_recordset"));
      case "jsonb_populate_recordset" ->
          setReturning((c, s, a) -> rows(c, columns(c, s, a[0]), s, a[0], jsonb(a[1]), "jsonb_populate_recordset"));
      case "json_to_record" -> contextual((c, s, a) -> toRecord(c, s, json(a[0]), "json_to_record"));
      case "jsonb_to_record" -> contextual((c, s, a) -> toRecord(c, s, jsonb(a[0]), "jsonb_to_record"));
      case "json_to_recordset" -> setReturning((c, s, a) -> rows(c, defined(s), s, null, json(a[0]), "json_to_recordset"));
      case "jsonb_to_recordset" -> setReturning((c, s, a) -> rows(c, defined(s), s, null, jsonb(a[0]), "jsonb_to_recordset"));
      default -> null;
    };
  }

  /// A JSON value of either type.
  private sealed interface Source {
    boolean isNull();

    boolean isString();

    boolean isArray();

    boolean isObject();

    @Nullable Source member(String key);

    List<Source> elements();

    /// A string's content, else the JSON text.
    String text();

    String json();

    Jsonb jsonb();
  }

  private record TextSource(JsonNode node) implements Source {
    @Override
    public boolean isNull() {
      return node.kind == JsonNode.Kind.NULL;
    }

    @Override
    public boolean isString() {
      return node.kind == JsonNode.Kind.STRING;
    }

    @Override
    public boolean isArray() {
      return node.kind == JsonNode.Kind.ARRAY;
    }

    @Override
    public boolean isObject() {
      return node.kind == JsonNode.Kind.OBJECT;
    }

    @Override
    public @Nullable Source member(String key) {
      JsonNode member = node.member(key);
      return member == null ? null : new TextSource(member);
    }

    @Override
    public List<Source> elements() {
      return node.children.stream().<Source>map(TextSource::new).toList();
    }

    @Override
    public String text() {
      return String.valueOf(node.asText());
    }

    @Override
    public String json() {
      return node.source();
    }

    @Override
    public Jsonb jsonb() {
      return Jsonb.parse(node.source());
    }
  }

  private record BinarySource(Jsonb value) implements Source {
    @Override
    public boolean isNull() {
      return value.isNull();
    }

    @Override
    public boolean isString() {
      return value.kind() == Jsonb.Kind.STRING;
    }

    @Override
    public boolean isArray() {
      return value.isArray();
    }

    @Override
    public boolean isObject() {
      return value.isObject();
    }

    @Override
    public @Nullable Source member(String key) {
      Jsonb member = value.get(key);
      return member == null ? null : new BinarySource(member);
    }

    @Override
    public List<Source> elements() {
      return value.values().stream().<Source>map(BinarySource::new).toList();
    }

    @Override
    public String text() {
      return isString() ? value.stringValue() : value.toString();
    }

    @Override
    public String json() {
      return value.toString();
    }

    @Override
    public Jsonb jsonb() {
      return value;
    }
  }

  private static @Nullable Source json(@Nullable Object value) {
    return value == null ? null : new TextSource(JsonNode.parse((String) value));
  }

  private static @Nullable Source jsonb(@Nullable Object value) {
    return value == null ? null : new BinarySource((Jsonb) value);
  }

  /// The columns of the row argument's type: of a composite type, or of the record value or column definition list.
  private static List<CompositeField> columns(CallContext context, CallSite site, @Nullable Object base) {
    PgType type = site.argumentTypes().getFirst().ultimateBase();
    if (type.isComposite()) {
      return context.io().types().compositeFields(type).stream().filter(field -> !field.dropped()).toList();
    }
    if (type.oid() != PgTypes.RECORD.oid()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "first argument of " + site.function().name() + " must be a row type");
    }
    if (base == null && !site.columns().isEmpty()) {
      return site.columns();
    }
    if (base instanceof PgRecord row) {
      checkColumns(row, site.columns());
      List<CompositeField> fields = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        fields.add(new CompositeField(row.fieldName(i), row.fieldType(i), -1, 0, false));
      }
      return fields;
    }
    throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "could not determine row type for result of " + site.function().name())
        .withHint("Provide a non-null record argument, or call the function in the FROM clause using a column definition list.");
  }

  /// The row that is given decides about the result; a column definition list must agree with it.
  private static void checkColumns(PgRecord row, List<CompositeField> columns) {
    if (columns.isEmpty()) {
      return;
    }
    String message = "function return row and query-specified return row do not match";
    if (columns.size() != row.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, message).withDetail(
          "Returned row contains " + row.size() + " attribute" + (row.size() == 1 ? "" : "s") + ", but query expects " + columns.size() + ".");
    }
    for (int i = 0; i < row.size(); i++) {
      if (row.fieldType(i).oid() != columns.get(i).type().oid()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, message).withDetail(
            "Returned type " + io.heliosdb.nano.type.TypeIo.typeName(row.fieldType(i), -1, PgTypes.BUILTIN) + " at ordinal position " + (i + 1)
                + ", but query expects " + io.heliosdb.nano.type.TypeIo.typeName(columns.get(i).type(), -1, PgTypes.BUILTIN) + ".");
      }
    }
  }

  private static List<CompositeField> defined(CallSite site) {
    if (site.columns().isEmpty()) {
      throw TypeErrors.invalidParameter("could not determine row type for result of " + site.function().name())
          .withHint("Call the function in the FROM clause using a column definition list.");
    }
    return site.columns();
  }

  private static @Nullable Object populate(
      CallContext context, CallSite site, @Nullable Object base, @Nullable Source source, String function) {
    if (source == null) {
      return base;
    }
    PgType type = site.argumentTypes().getFirst();
    PgRecord row = record(type, columns(context, site, base), (PgRecord) base, object(source), context.io());
    if (type.isDomain()) {
      context.io().types().checkDomain(type, row);
    }
    return row;
  }

  private static Object toRecord(CallContext context, CallSite site, @Nullable Source source, String function) {
    return record(PgTypes.RECORD, defined(site), null, object(source), context.io());
  }

  private static Source object(Source source) {
    if (!source.isObject()) {
      throw TypeErrors.invalidParameter("cannot call populate_composite" + (source.isArray() ? " on an array" : " on a scalar"));
    }
    return source;
  }

  private static Implementation.RowSource rows(
      CallContext context, List<CompositeField> columns, CallSite site, @Nullable Object base, @Nullable Source source, String function) {
    if (source == null) {
      return () -> Implementation.RowSource.END;
    }
    if (!source.isArray()) {
      throw TypeErrors.invalidParameter(source instanceof BinarySource ? "cannot call " + function + " on a non-array"
          : "cannot call " + function + (source.isObject() ? " on an object" : " on a scalar"));
    }
    PgType type = site.columns().isEmpty() && !site.argumentTypes().isEmpty() ? site.argumentTypes().getFirst() : PgTypes.RECORD;
    return SeriesFunctions.rows(source.elements().stream().map(element -> {
      if (!element.isObject()) {
        throw TypeErrors.invalidParameter("argument of " + function + " must be an array of objects");
      }
      PgRecord row = record(type, columns, (PgRecord) base, element, context.io());
      if (type.isDomain()) {
        context.io().types().checkDomain(type, row);
      }
      return row;
    }).iterator());
  }

  private static PgRecord record(PgType type, List<CompositeField> columns, @Nullable PgRecord base, Source object, IoContext io) {
    List<PgType> types = new ArrayList<>(columns.size());
    List<String> names = new ArrayList<>(columns.size());
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      CompositeField column = columns.get(i);
      types.add(column.type());
      names.add(column.name());
      Source member = object.member(column.name());
      Object present = base == null ? null : base.field(i);
      values[i] = member == null && base != null ? present : value(column.type(), column.typmod(), member, present, column.name(), io, 0);
    }
    return PgRecord.named(type.ultimateBase(), List.copyOf(types), List.copyOf(names), values);
  }

  /// The value of a type that JSON text denotes, as json_populate_record reads the member `key` of an object.
  public static @Nullable Object fromJson(PgType type, int typmod, String json, String key, IoContext io) {
    return value(type, typmod, json(json), null, key, io, 0);
  }

  /// @param present a row that gives the fields that the source does not have
  private static @Nullable Object value(
      PgType type, int typmod, @Nullable Source source, @Nullable Object present, String key, IoContext io, int depth) {
    if (depth > JsonParser.DEPTH_MAX) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    if (type.isDomain()) {
      Object value = value(type.base(), type.baseTypmod(), source, present, key, io, depth + 1);
      io.types().checkDomain(type, value);
      return value;
    }
    if (source == null || source.isNull()) {
      return null;
    }
    switch (type.family()) {
      case JSON -> {
        return source.json();
      }
      case JSONB -> {
        return source.jsonb();
      }
      case ARRAY -> {
        if (!source.isString()) {
          return array(type, typmod, source, key, io, depth);
        }
      }
      case RECORD -> {
        if (!source.isString() && type.isComposite()) {
          List<CompositeField> fields = io.types().compositeFields(type).stream().filter(field -> !field.dropped()).toList();
          return record(type, fields, present instanceof PgRecord row ? row : null, object(source), io);
        }
      }
      default -> { }
    }
    return TypeIo.parse(type, typmod, source.text(), io);
  }

  private static PgArray array(PgType type, int typmod, Source source, String key, IoContext io, int depth) {
    PgType element = io.types().byOid(type.elementOid());
    if (!source.isArray()) {
      throw expectedArray(key, "");
    }
    List<Integer> lengths = new ArrayList<>();
    boolean nested = !isJson(element);
    for (Source level = source; level.isArray() && (lengths.isEmpty() || nested); ) {
      lengths.add(level.elements().size());
      if (level.elements().isEmpty()) {
        return PgArray.empty(element);
      }
      level = level.elements().getFirst();
      PgArray.checkDimensions(lengths.size());
    }
    List<@Nullable Object> values = new ArrayList<>();
    collect(element, typmod, source, 0, lengths, key, io, values, depth);
    int[] dimensions = lengths.stream().mapToInt(Integer::intValue).toArray();
    int[] bounds = new int[dimensions.length];
    java.util.Arrays.fill(bounds, 1);
    return PgArray.of(element, dimensions, bounds, values.toArray());
  }

  private static boolean isJson(PgType type) {
    return type.family() == TypeFamily.JSON || type.family() == TypeFamily.JSONB;
  }

  private static void collect(PgType element, int typmod, Source level, int dimension, List<Integer> lengths, String key, IoContext io,
      List<@Nullable Object> values, int depth) {
    List<Source> parts = level.elements();
    if (parts.size() != lengths.get(dimension)) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "malformed JSON array")
          .withDetail("Multidimensional arrays must have sub-arrays with matching dimensions.");
    }
    for (int i = 0; i < parts.size(); i++) {
      Source part = parts.get(i);
      if (dimension + 1 < lengths.size()) {
        if (!part.isArray()) {
          throw expectedArray(key, "[" + i + "]");
        }
        collect(element, typmod, part, dimension + 1, lengths, key, io, values, depth + 1);
      } else {
        values.add(value(element, typmod, part, null, key, io, depth + 1));
      }
    }
  }

  private static SqlException expectedArray(String key, String subscripts) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "expected JSON array").withHint(subscripts.isEmpty()
        ? "See the value of key \"" + key + "\"." : "See the array element " + subscripts + " of key \"" + key + "\".");
  }
}
