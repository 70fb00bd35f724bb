package io.heliosdb.nano.type;

import io.heliosdb.nano.storage.row.ColumnKind;
import io.heliosdb.nano.type.Geometry.Box;
import io.heliosdb.nano.type.Geometry.Circle;
import io.heliosdb.nano.type.Geometry.Line;
import io.heliosdb.nano.type.Geometry.Lseg;
import io.heliosdb.nano.type.Geometry.Path;
import io.heliosdb.nano.type.Geometry.Point;
import io.heliosdb.nano.type.Geometry.Polygon;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The storage form of values: which kind of column a type needs and the bytes of a value. Everything round-trips exactly, a
/// numeric with its display scale included. Memcomparable keys are [KeyCodec]'s.
///
/// An enum is stored as its label's oid in an INT32 column ([#enumToInt], [#enumFromInt]), so that renaming a label rewrites
/// nothing. A composite value stores each field under its attribute number, so that attributes may be added and dropped.
public final class ValueCodec {
  private static final int ARRAY_HAS_NULLS = 1;
  private static final int RANGE_EMPTY = 1;
  private static final int RANGE_LOWER_INCLUSIVE = 2;
  private static final int RANGE_UPPER_INCLUSIVE = 4;
  private static final int RANGE_LOWER = 8;
  private static final int RANGE_UPPER = 16;
  private static final int INET_CIDR = 1;

  private ValueCodec() {}

  /// How a column of that type is stored.
  public static ColumnKind columnKind(PgType type) {
    return switch (type.family()) {
      case BOOL -> ColumnKind.BOOL;
      case INT2 -> ColumnKind.INT16;
      case INT4, DATE, ENUM -> ColumnKind.INT32;
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, XID8, TID, PG_LSN -> ColumnKind.INT64;
      case FLOAT4 -> ColumnKind.FLOAT32;
      case FLOAT8 -> ColumnKind.FLOAT64;
      case UUID -> ColumnKind.UUID;
      default -> ColumnKind.VARLEN;
    };
  }

  /// What stands in the INT32 column of an enum.
  public static int enumToInt(EnumValue value) {
    return value.labelOid();
  }

  public static EnumValue enumFromInt(PgType type, int labelOid, TypeCatalog catalog) {
    EnumValue value = catalog.enumValueByOid(type.ultimateBase(), labelOid);
    if (value == null) {
      throw new IllegalStateException("no label " + labelOid + " of enum " + type);
    }
    return value;
  }

  /// Appends the bytes of a value whose type has no composite type with dropped attributes inside.
  public static void encode(PgType type, Object value, ByteSink out) {
    encode(type, value, null, out);
  }

  /// Appends the bytes of a value; of a fixed-width type too, big-endian. `catalog` tells the attribute numbers of composites.
  public static void encode(PgType type, Object value, @Nullable TypeCatalog catalog, ByteSink out) {
    switch (type.family()) {
      case BOOL -> out.put((Boolean) value ? 1 : 0);
      case INT2 -> out.putShort((Integer) value);
      case INT4, DATE -> out.putInt((Integer) value);
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, XID8, TID, PG_LSN -> out.putLong((Long) value);
      case FLOAT4 -> out.putFloat((Float) value);
      case FLOAT8 -> out.putDouble((Double) value);
      case UUID -> out.putLong(((UUID) value).getMostSignificantBits()).putLong(((UUID) value).getLeastSignificantBits());
      case ENUM -> out.putInt(((EnumValue) value).labelOid());
      case NUMERIC -> NumericStorage.encode((Numeric) value, out);
      case TEXT, BPCHAR, NAME, CHAR, JSON, XML, JSONPATH, VOID -> out.putUtf8((String) value);
      case JSONB -> ((Jsonb) value).writeTo(out);
      case BYTEA -> out.put(((Bytes) value).unsafeArray());
      case TIMETZ -> out.putLong(((TimeTz) value).micros()).putInt(((TimeTz) value).zoneSecondsWest());
      case INTERVAL -> {
        Interval interval = (Interval) value;
        out.putLong(interval.micros()).putInt(interval.days()).putInt(interval.months());
      }
      case BIT, VARBIT -> {
        BitString bits = (BitString) value;
        out.put(-bits.length() & 7).put(bits.unsafeArray());
      }
      case INET, CIDR -> {
        Inet inet = (Inet) value;
        out.put(inet.isCidr() ? INET_CIDR : 0).put(inet.bits()).put(inet.unsafeAddress());
      }
      case MACADDR, MACADDR8 -> {
        MacAddress mac = (MacAddress) value;
        for (int i = 0; i < mac.bytes(); i++) {
          out.put(mac.byteAt(i));
        }
      }
      case POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE -> geometry((Geometry) value, out);
      case VECTOR -> {
        for (float element : ((Vector) value).unsafeArray()) {
          out.putFloat(element);
        }
      }
      case TSVECTOR, TSQUERY -> BinaryIo.send(type.ultimateBase(), value, IoContext.DEFAULT, out);
      case ARRAY, OLD_VECTOR -> array((PgArray) value, catalog, out);
      case RECORD -> record(type.ultimateBase(), (PgRecord) value, catalog, out);
      case RANGE -> range((PgRange) value, catalog, out);
      case MULTIRANGE -> {
        PgMultirange multirange = (PgMultirange) value;
        ByteSource.putVarint(multirange.ranges().size(), out);
        for (PgRange part : multirange.ranges()) {
          range(part, catalog, out);
        }
      }
      case PSEUDO -> throw new IllegalArgumentException("no values of " + type);
    }
  }

  private static void geometry(Geometry value, ByteSink out) {
    switch (value) {
      case Point p -> out.putDouble(p.x()).putDouble(p.y());
      case Lseg s -> {
        geometry(s.start(), out);
        geometry(s.end(), out);
      }
      case Box b -> {
        geometry(b.high(), out);
        geometry(b.low(), out);
      }
      case Path p -> {
        out.put(p.closed() ? 1 : 0);
        p.points().forEach(point -> geometry(point, out));
      }
      case Polygon p -> p.points().forEach(point -> geometry(point, out));
      case Line l -> out.putDouble(l.a()).putDouble(l.b()).putDouble(l.c());
      case Circle c -> {
        geometry(c.center(), out);
        out.putDouble(c.radius());
      }
    }
  }

  /// A value with its length in front, unless its type has a fixed width.
  private static void item(PgType type, Object value, @Nullable TypeCatalog catalog, ByteSink out) {
    if (columnKind(type).isFixed()) {
      encode(type, value, catalog, out);
      return;
    }
    ByteSink part = new ByteSink();
    encode(type, value, catalog, part);
    ByteSource.putVarint(part.size(), out);
    out.put(part.array(), 0, part.size());
  }

  private static void array(PgArray array, @Nullable TypeCatalog catalog, ByteSink out) {
    boolean nulls = array.containsNull();
    out.putInt(array.elementType().oid()).put(nulls ? ARRAY_HAS_NULLS : 0).put(array.dimensions());
    for (int d = 0; d < array.dimensions(); d++) {
      out.putInt(array.length(d)).putInt(array.lowerBound(d));
    }
    for (Object element : array.elements()) {
      if (nulls) {
        out.put(element == null ? 0 : 1);
      }
      if (element != null) {
        item(array.elementType(), element, catalog, out);
      }
    }
  }

  /// In the form that `type` is read in, whatever type the value itself names.
  private static void record(PgType type, PgRecord row, @Nullable TypeCatalog catalog, ByteSink out) {
    if (!type.isComposite()) {
      ByteSource.putVarint(row.size(), out);
      for (int i = 0; i < row.size(); i++) {
        out.putInt(row.fieldType(i).oid()).put(row.field(i) == null ? 0 : 1);
        if (row.field(i) != null) {
          item(row.fieldType(i), row.field(i), catalog, out);
        }
      }
      return;
    }
    List<TypeCatalog.CompositeField> fields = catalog == null ? null : catalog.compositeFields(type);
    int attribute = 0;
    for (int i = 0; i < row.size(); i++) {
      attribute++;
      while (fields != null && fields.get(attribute - 1).dropped()) {
        attribute++;
      }
      if (row.field(i) != null) {
        ByteSource.putVarint(attribute, out);
        ByteSink part = new ByteSink();
        encode(row.fieldType(i), row.field(i), catalog, part);
        ByteSource.putVarint(part.size(), out);
        out.put(part.array(), 0, part.size());
      }
    }
  }

  private static void range(PgRange range, @Nullable TypeCatalog catalog, ByteSink out) {
    if (range.isEmpty()) {
      out.put(RANGE_EMPTY);
      return;
    }
    out.put((range.lowerInclusive() ? RANGE_LOWER_INCLUSIVE : 0) | (range.upperInclusive() ? RANGE_UPPER_INCLUSIVE : 0)
        | (range.lower() != null ? RANGE_LOWER : 0) | (range.upper() != null ? RANGE_UPPER : 0));
    if (range.lower() != null) {
      item(range.info().subtype(), range.lower(), catalog, out);
    }
    if (range.upper() != null) {
      item(range.info().subtype(), range.upper(), catalog, out);
    }
  }

  // ---------------------------------------------------------------- decode

  /// The value of the bytes at `[offset, offset + length)`, which are copied where they are kept.
  public static Object decode(PgType type, byte[] bytes, int offset, int length, TypeCatalog catalog) {
    return switch (type.family()) {
      case TEXT, BPCHAR, NAME, CHAR, JSON, XML, JSONPATH, VOID -> new String(bytes, offset, length, StandardCharsets.UTF_8);
      case NUMERIC -> NumericStorage.decode(bytes, offset, length);
      case JSONB -> Jsonb.ofBytes(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
      case BYTEA -> Bytes.copyOf(bytes, offset, offset + length);
      default -> read(type, new ByteSource(bytes, offset, length), catalog);
    };
  }

  /// Reads a value that takes all that remains of `in`.
  private static Object read(PgType type, ByteSource in, TypeCatalog catalog) {
    return switch (type.family()) {
      case BOOL -> in.getByte() != 0;
      case INT2 -> in.getShort();
      case INT4, DATE -> in.getInt();
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, XID8, TID, PG_LSN -> in.getLong();
      case FLOAT4 -> in.getFloat();
      case FLOAT8 -> in.getDouble();
      case UUID -> new UUID(in.getLong(), in.getLong());
      case ENUM -> enumFromInt(type, in.getInt(), catalog);
      case TIMETZ -> new TimeTz(in.getLong(), in.getInt());
      case INTERVAL -> {
        long micros = in.getLong();
        int days = in.getInt();
        yield Interval.of(in.getInt(), days, micros);
      }
      case BIT, VARBIT -> {
        int unused = in.getByte();
        int count = in.remaining();
        yield BitString.of(in.getBytes(count), count * 8 - unused);
      }
      case INET, CIDR -> {
        boolean cidr = in.getByte() == INET_CIDR;
        int bits = in.getByte();
        yield Inet.of(in.getBytes(in.remaining()), bits, cidr);
      }
      case MACADDR, MACADDR8 -> {
        int count = in.remaining();
        long bits = 0;
        while (in.remaining() > 0) {
          bits = bits << 8 | in.getByte();
        }
        yield new MacAddress(bits, count);
      }
      case POINT -> point(in);
      case LSEG -> new Lseg(point(in), point(in));
      case BOX -> new Box(point(in), point(in));
      case PATH -> {
        boolean closed = in.getByte() != 0;
        yield new Path(points(in), closed);
      }
      case POLYGON -> new Polygon(points(in));
      case LINE -> new Line(in.getDouble(), in.getDouble(), in.getDouble());
      case CIRCLE -> new Circle(point(in), in.getDouble());
      case VECTOR -> {
        float[] elements = new float[in.remaining() / 4];
        for (int i = 0; i < elements.length; i++) {
          elements[i] = in.getFloat();
        }
        yield Vector.of(elements);
      }
      case TSVECTOR, TSQUERY -> BinaryIo.receive(type.ultimateBase(), -1, in.bytes, in.at, in.remaining(), IoContext.DEFAULT, "");
      case ARRAY, OLD_VECTOR -> readArray(in, catalog);
      case RECORD -> readRecord(type, in, catalog);
      case RANGE -> readRange(catalog.range(type.ultimateBase()), in, catalog);
      case MULTIRANGE -> {
        TypeCatalog.RangeInfo info = catalog.rangeOfMultirange(type.ultimateBase());
        int count = in.getVarint();
        List<PgRange> ranges = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
          ranges.add(readRange(info, in, catalog));
        }
        yield new PgMultirange(info, ranges);
      }
      case TEXT, BPCHAR, NAME, CHAR, JSON, XML, JSONPATH, VOID, NUMERIC, JSONB, BYTEA -> {
        int length = in.remaining();
        in.at = in.end;
        yield decode(type, in.bytes, in.end - length, length, catalog);
      }
      case PSEUDO -> throw new IllegalArgumentException("no values of " + type);
    };
  }

  private static Object readItem(PgType type, ByteSource in, TypeCatalog catalog) {
    int width = columnKind(type).bytes();
    int length = width > 0 ? width : in.getVarint();
    Object value = read(type, new ByteSource(in.bytes, in.at, length), catalog);
    in.at += length;
    return value;
  }

  private static Point point(ByteSource in) {
    return new Point(in.getDouble(), in.getDouble());
  }

  private static List<Point> points(ByteSource in) {
    List<Point> points = new ArrayList<>(in.remaining() / 16);
    while (in.remaining() > 0) {
      points.add(point(in));
    }
    return points;
  }

  private static PgArray readArray(ByteSource in, TypeCatalog catalog) {
    PgType element = catalog.byOid(in.getInt());
    boolean nulls = in.getByte() == ARRAY_HAS_NULLS;
    int[] lengths = new int[in.getByte()];
    int[] bounds = new int[lengths.length];
    for (int d = 0; d < lengths.length; d++) {
      lengths[d] = in.getInt();
      bounds[d] = in.getInt();
    }
    @Nullable Object[] elements = new Object[PgArray.elementCount(lengths)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = nulls && in.getByte() == 0 ? null : readItem(element, in, catalog);
    }
    return PgArray.of(element, lengths, bounds, elements);
  }

  private static PgRecord readRecord(PgType type, ByteSource in, TypeCatalog catalog) {
    PgType base = type.ultimateBase();
    List<PgType> types = new ArrayList<>();
    if (!base.isComposite()) {
      @Nullable Object[] values = new Object[in.getVarint()];
      for (int i = 0; i < values.length; i++) {
        types.add(catalog.byOid(in.getInt()));
        values[i] = in.getByte() == 0 ? null : readItem(types.get(i), in, catalog);
      }
      return PgRecord.of(base, List.copyOf(types), values);
    }
    List<TypeCatalog.CompositeField> fields = catalog.compositeFields(base);
    @Nullable Object[] byAttribute = new Object[fields.size() + 1];
    while (in.remaining() > 0) {
      int attribute = in.getVarint();
      int length = in.getVarint();
      TypeCatalog.CompositeField field = fields.get(attribute - 1);
      if (!field.dropped()) {
        byAttribute[attribute] = read(field.type(), new ByteSource(in.bytes, in.at, length), catalog);
      }
      in.at += length;
    }
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).dropped()) {
        types.add(fields.get(i).type());
        names.add(fields.get(i).name());
        values.add(byAttribute[i + 1]);
      }
    }
    return PgRecord.named(base, List.copyOf(types), List.copyOf(names), values.toArray());
  }

  private static PgRange readRange(TypeCatalog.RangeInfo info, ByteSource in, TypeCatalog catalog) {
    int flags = in.getByte();
    if ((flags & RANGE_EMPTY) != 0) {
      return PgRange.empty(info);
    }
    Object lower = (flags & RANGE_LOWER) == 0 ? null : readItem(info.subtype(), in, catalog);
    Object upper = (flags & RANGE_UPPER) == 0 ? null : readItem(info.subtype(), in, catalog);
    return new PgRange(info, lower, (flags & RANGE_LOWER_INCLUSIVE) != 0, upper, (flags & RANGE_UPPER_INCLUSIVE) != 0);
  }

  /// A numeric from memory outside the heap.
  public static Numeric decodeNumeric(java.lang.foreign.MemorySegment memory, long offset, int length) {
    return NumericStorage.decode(memory, offset, length);
  }
}
