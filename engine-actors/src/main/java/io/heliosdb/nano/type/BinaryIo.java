package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.Geometry.Box;
import io.heliosdb.nano.type.Geometry.Circle;
import io.heliosdb.nano.type.Geometry.Line;
import io.heliosdb.nano.type.Geometry.Lseg;
import io.heliosdb.nano.type.Geometry.Path;
import io.heliosdb.nano.type.Geometry.Point;
import io.heliosdb.nano.type.Geometry.Polygon;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The receive and send functions: PostgreSQL's binary formats. Entry: [TypeIo#receive], [TypeIo#send].
/// Nothing read here decides an allocation larger than the message itself.
final class BinaryIo {
  private static final int RANGE_EMPTY = 1;
  private static final int RANGE_LOWER_INCLUSIVE = 2;
  private static final int RANGE_UPPER_INCLUSIVE = 4;
  private static final int RANGE_LOWER_INFINITE = 8;
  private static final int RANGE_UPPER_INFINITE = 16;
  private static final int INET_V4 = 2;
  private static final int INET_V6 = 3;

  private BinaryIo() {}

  static Object receive(PgType type, int typmod, byte[] bytes, int offset, int length, IoContext context, String place) {
    if (type.isDomain()) {
      Object value = receive(type.base(), type.baseTypmod(), bytes, offset, length, context, place);
      context.types().checkDomain(type, value);
      return value;
    }
    ByteSource in = new ByteSource(bytes, offset, length);
    Object value = read(type, typmod, in, context);
    if (in.remaining() > 0) {
      throw TypeErrors.invalidBinary("incorrect binary data format" + place);
    }
    return typmod == -1 ? value : Typmods.apply(type, value, typmod, false);
  }

  private static Object read(PgType type, int typmod, ByteSource in, IoContext context) {
    return switch (type.family()) {
      case BOOL -> in.getByte() != 0;
      case INT2 -> in.getShort();
      case INT4 -> in.getInt();
      case DATE -> date(in.getInt());
      case INT8, MONEY, XID8, PG_LSN -> in.getLong();
      case OID, REG -> in.getInt() & 0xffff_ffffL;
      case TID -> (in.getInt() & 0xffff_ffffL) << 16 | in.getUnsignedShort();
      case TIME -> time(in.getLong());
      case TIMETZ -> new TimeTz(time(in.getLong()), in.getInt());
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(in.getLong());
      case INTERVAL -> {
        long micros = in.getLong();
        int days = in.getInt();
        yield Interval.of(in.getInt(), days, micros);
      }
      case FLOAT4 -> in.getFloat();
      case FLOAT8 -> in.getDouble();
      case NUMERIC -> NumericBinary.read(in);
      case TEXT, BPCHAR -> isSnapshot(type) ? snapshot(in) : in.getRest();
      case NAME, JSON, XML, ENUM -> TextInput.parse(type, -1, in.getRest(), context);
      case CHAR -> String.valueOf((char) in.getByte());
      case VOID -> "";
      case JSONB -> {
        checkVersion(in.getByte(), "jsonb");
        yield Jsonb.parse(in.getRest());
      }
      case JSONPATH -> {
        checkVersion(in.getByte(), "jsonpath");
        yield TextInput.parse(type, -1, in.getRest(), context);
      }
      case BYTEA -> Bytes.wrap(in.getBytes(in.remaining()));
      case UUID -> new UUID(in.getLong(), in.getLong());
      case BIT, VARBIT -> {
        int bits = in.getInt();
        if (bits < 0 || in.remaining() != (bits + 7L) / 8) {
          throw TypeErrors.invalidBinary("invalid length in external bit string");
        }
        yield BitString.of(in.getBytes(in.remaining()), bits);
      }
      case INET, CIDR -> inet(in, type.family() == TypeFamily.CIDR);
      case MACADDR -> new MacAddress((in.getInt() & 0xffff_ffffL) << 16 | in.getUnsignedShort(), 6);
      case MACADDR8 -> macaddr8(in);
      case POINT -> point(in);
      case LSEG -> new Lseg(point(in), point(in));
      case BOX -> Box.of(point(in), point(in));
      case PATH -> {
        boolean closed = in.getByte() != 0;
        yield new Path(points(in, "path"), closed);
      }
      case POLYGON -> new Polygon(points(in, "polygon"));
      case LINE -> new Line(in.getDouble(), in.getDouble(), in.getDouble());
      case CIRCLE -> {
        Circle circle = new Circle(point(in), in.getDouble());
        if (circle.radius() < 0) {
          throw TypeErrors.invalidBinary("invalid radius in external \"circle\" value");
        }
        yield circle;
      }
      case VECTOR -> vector(in);
      case TSVECTOR -> tsVector(in);
      case TSQUERY -> tsQuery(in);
      case ARRAY, OLD_VECTOR -> array(type, typmod, in, context);
      case RECORD -> record(type, in, context);
      case RANGE -> range(context.types().range(type), in, context);
      case MULTIRANGE -> multirange(type, in, context);
      case PSEUDO -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + type.name());
    };
  }

  static boolean isSnapshot(PgType type) {
    return type.oid() == PgTypes.PG_SNAPSHOT.oid() || type.oid() == PgTypes.TXID_SNAPSHOT.oid();
  }

  /// Snapshots are kept as text, `xmin:xmax:xip,…`; the binary form is the count, the two bounds and the list.
  private static String snapshot(ByteSource in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / 8) {
      throw TypeErrors.invalidBinary("invalid external pg_snapshot data");
    }
    StringBuilder text = new StringBuilder().append(in.getLong()).append(':').append(in.getLong()).append(':');
    for (int i = 0; i < count; i++) {
      text.append(i > 0 ? "," : "").append(in.getLong());
    }
    return text.toString();
  }

  private static void snapshot(String text, ByteSink out) {
    String[] parts = text.split(":", -1);
    String[] running = parts[2].isEmpty() ? new String[0] : parts[2].split(",");
    out.putInt(running.length).putLong(Long.parseLong(parts[0])).putLong(Long.parseLong(parts[1]));
    for (String id : running) {
      out.putLong(Long.parseLong(id));
    }
  }

  private static void checkVersion(int version, String typeName) {
    if (version != 1) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "unsupported " + typeName + " version number " + version);
    }
  }

  private static int date(int value) {
    if (DateTimes.isFiniteDate(value) && (value < DateTimes.DATE_MIN || value >= DateTimes.DATE_END)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range");
    }
    return value;
  }

  private static long time(long value) {
    if (value < 0 || value > DateTimes.MICROS_PER_DAY) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "time out of range");
    }
    return value;
  }

  private static long timestamp(long value) {
    if (DateTimes.isFinite(value) && !DateTimes.isValidTimestamp(value)) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
    }
    return value;
  }

  private static Inet inet(ByteSource in, boolean cidr) {
    int family = in.getByte();
    int bits = in.getByte();
    in.getByte();
    int bytes = in.getByte();
    int expected = family == INET_V4 ? 4 : family == INET_V6 ? 16 : 0;
    if (expected == 0) {
      throw TypeErrors.invalidBinary("invalid address family in external \"" + (cidr ? "cidr" : "inet") + "\" value");
    }
    if (bits > expected * 8) {
      throw TypeErrors.invalidBinary("invalid bits in external \"" + (cidr ? "cidr" : "inet") + "\" value");
    }
    if (bytes != expected) {
      throw TypeErrors.invalidBinary("invalid length in external \"" + (cidr ? "cidr" : "inet") + "\" value");
    }
    Inet value = Inet.of(in.getBytes(bytes), bits, cidr);
    if (cidr && !NetworkText.hostBitsZero(value)) {
      throw TypeErrors.invalidBinary("invalid external \"cidr\" value").withDetail("Value has bits set to right of mask.");
    }
    return value;
  }

  private static MacAddress macaddr8(ByteSource in) {
    if (in.remaining() == 6) {
      long bits = (in.getInt() & 0xffff_ffffL) << 16 | in.getUnsignedShort();
      return new MacAddress(bits >>> 24 << 40 | 0xfffeL << 24 | bits & 0xffffff, 8);
    }
    return new MacAddress(in.getLong(), 8);
  }

  private static Point point(ByteSource in) {
    return new Point(in.getDouble(), in.getDouble());
  }

  private static List<Point> points(ByteSource in, String typeName) {
    int count = in.getInt();
    if (count <= 0 || count > in.remaining() / 16) {
      throw TypeErrors.invalidBinary("invalid number of points in external \"" + typeName + "\" value");
    }
    List<Point> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      points.add(point(in));
    }
    return points;
  }

  private static Vector vector(ByteSource in) {
    int dimensions = in.getShort();
    if (in.getShort() != 0 || dimensions < 0 || dimensions > in.remaining() / 4) {
      throw TypeErrors.invalidBinary("invalid external \"vector\" value");
    }
    float[] elements = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      elements[i] = in.getFloat();
    }
    return Vector.of(elements);
  }

  private static TsVector tsVector(ByteSource in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining()) {
      throw TypeErrors.invalidBinary("invalid size of tsvector");
    }
    List<TsVector.Lexeme> lexemes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String text = in.getCString();
      int[] positions = new int[Math.min(in.getUnsignedShort(), in.remaining() / 2 + 1)];
      for (int p = 0; p < positions.length; p++) {
        positions[p] = in.getUnsignedShort();
      }
      lexemes.add(new TsVector.Lexeme(text, positions));
    }
    lexemes.sort((a, b) -> Collations.compareUtf8(a.text(), b.text()));
    return new TsVector(lexemes);
  }

  private static TsQuery tsQuery(ByteSource in) {
    int count = in.getInt();
    if (count < 0 || count > in.remaining()) {
      throw TypeErrors.invalidBinary("invalid size of tsquery");
    }
    return count == 0 ? TsQuery.EMPTY : new TsQuery(tsNode(in, 0));
  }

  private static TsQuery.Node tsNode(ByteSource in, int depth) {
    if (depth > JsonParser.DEPTH_MAX) {
      throw new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    if (in.getByte() == 1) {
      int weights = in.getByte();
      boolean prefix = in.getByte() != 0;
      return new TsQuery.Operand(in.getCString(), weights, prefix);
    }
    int operator = in.getByte();
    if (operator == 1) {
      return new TsQuery.Not(tsNode(in, depth + 1));
    }
    int distance = operator == 4 ? in.getShort() : 0;
    TsQuery.Node right = tsNode(in, depth + 1);
    TsQuery.Node left = tsNode(in, depth + 1);
    return switch (operator) {
      case 2 -> new TsQuery.And(left, right);
      case 3 -> new TsQuery.Or(left, right);
      case 4 -> new TsQuery.Phrase(left, right, distance);
      default -> throw TypeErrors.invalidBinary("invalid operator in tsquery");
    };
  }

  private static PgArray array(PgType type, int typmod, ByteSource in, IoContext context) {
    int dimensions = in.getInt();
    if (dimensions < 0) {
      throw TypeErrors.invalidBinary("invalid number of dimensions: " + dimensions);
    }
    PgArray.checkDimensions(dimensions);
    int flags = in.getInt();
    if (flags != 0 && flags != 1) {
      throw TypeErrors.invalidBinary("invalid array flags");
    }
    int elementOid = in.getInt();
    PgType element = context.types().byOid(type.elementOid() == 0 ? elementOid : type.elementOid());
    if (elementOid != element.oid()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "binary data has array element type " + Integer.toUnsignedString(elementOid)
          + " (" + Typmods.formatType(elementOid, -1, context.types()) + ") instead of expected " + element.oid() + " ("
          + Typmods.formatType(element, -1, context.types()) + ")");
    }
    int[] lengths = new int[dimensions];
    int[] bounds = new int[dimensions];
    for (int d = 0; d < dimensions; d++) {
      lengths[d] = in.getInt();
      bounds[d] = in.getInt();
      if (lengths[d] < 0) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (134217727)");
      }
      if (bounds[d] > 0 && (long) bounds[d] + lengths[d] > Integer.MAX_VALUE) {
        throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "array lower bound is too large: " + bounds[d]);
      }
    }
    int count = PgArray.elementCount(lengths);
    if (count == 0) {
      return PgArray.empty(element);
    }
    if (count > in.remaining() / 4) {
      throw TypeErrors.insufficientData();
    }
    @Nullable Object[] elements = new Object[count];
    for (int i = 0; i < count; i++) {
      elements[i] = item(element, typmod, in, context);
    }
    return PgArray.of(element, lengths, bounds, elements);
  }

  /// A value with its length in front, -1 for NULL.
  private static @Nullable Object item(PgType type, int typmod, ByteSource in, IoContext context) {
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw TypeErrors.insufficientData();
    }
    Object value = receive(type, typmod, in.bytes, in.at, length, context, "");
    in.at += length;
    return value;
  }

  private static PgRecord record(PgType type, ByteSource in, IoContext context) {
    if (!type.isComposite()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "input of anonymous composite types is not implemented");
    }
    List<PgType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    List<TypeCatalog.CompositeField> fields = context.types().compositeFields(type);
    int given = in.getInt();
    long expected = fields.stream().filter(f -> !f.dropped()).count();
    if (given != expected) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "wrong number of columns: " + given + ", expected " + expected);
    }
    for (TypeCatalog.CompositeField field : fields) {
      if (field.dropped()) {
        continue;
      }
      int oid = in.getInt();
      if (oid != field.type().oid()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "binary data has type " + Integer.toUnsignedString(oid) + " ("
            + Typmods.formatType(oid, -1, context.types()) + ") instead of expected " + field.type().oid() + " ("
            + Typmods.formatType(field.type(), -1, context.types()) + ") in record column " + (values.size() + 1));
      }
      types.add(field.type());
      names.add(field.name());
      values.add(item(field.type(), field.typmod(), in, context));
    }
    return PgRecord.named(type, List.copyOf(types), List.copyOf(names), values.toArray());
  }

  private static PgRange range(TypeCatalog.RangeInfo info, ByteSource in, IoContext context) {
    int flags = in.getByte();
    if ((flags & RANGE_EMPTY) != 0) {
      return PgRange.empty(info);
    }
    Object lower = (flags & RANGE_LOWER_INFINITE) != 0 ? null : item(info.subtype(), -1, in, context);
    Object upper = (flags & RANGE_UPPER_INFINITE) != 0 ? null : item(info.subtype(), -1, in, context);
    return Ranges.make(info, lower, (flags & RANGE_LOWER_INCLUSIVE) != 0, upper, (flags & RANGE_UPPER_INCLUSIVE) != 0);
  }

  private static PgMultirange multirange(PgType type, ByteSource in, IoContext context) {
    TypeCatalog.RangeInfo info = context.types().rangeOfMultirange(type);
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / 4) {
      throw TypeErrors.insufficientData();
    }
    List<PgRange> ranges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = in.getInt();
      ByteSource part = new ByteSource(in.bytes, in.at, Math.clamp(length, 0, in.remaining()));
      ranges.add(range(info, part, context));
      in.at += Math.clamp(length, 0, in.remaining());
    }
    return Ranges.makeMultirange(info, ranges);
  }

  // ---------------------------------------------------------------- send

  static void send(PgType type, Object value, IoContext context, ByteSink out) {
    switch (type.family()) {
      case BOOL -> out.put((Boolean) value ? 1 : 0);
      case INT2 -> out.putShort((Integer) value);
      case INT4, DATE -> out.putInt((Integer) value);
      case INT8, MONEY, XID8, PG_LSN, TIME, TIMESTAMP, TIMESTAMPTZ -> out.putLong((Long) value);
      case OID, REG -> out.putInt((int) (long) (Long) value);
      case TID -> out.putInt((int) ((Long) value >>> 16)).putShort((int) (long) (Long) value);
      case TIMETZ -> out.putLong(((TimeTz) value).micros()).putInt(((TimeTz) value).zoneSecondsWest());
      case INTERVAL -> {
        Interval interval = (Interval) value;
        out.putLong(interval.micros()).putInt(interval.days()).putInt(interval.months());
      }
      case FLOAT4 -> out.putFloat((Float) value);
      case FLOAT8 -> out.putDouble((Double) value);
      case NUMERIC -> NumericBinary.write((Numeric) value, out);
      case TEXT, BPCHAR, NAME, JSON, XML -> {
        if (isSnapshot(type)) {
          snapshot((String) value, out);
        } else {
          out.putUtf8((String) value);
        }
      }
      case CHAR -> out.put(Values.charCode((String) value));
      case VOID -> { }
      case JSONB -> ((Jsonb) value).format(out.put(1));
      case JSONPATH -> out.put(1).putUtf8((String) value);
      case ENUM -> out.putUtf8(((EnumValue) value).label());
      case BYTEA -> out.put(((Bytes) value).unsafeArray());
      case UUID -> out.putLong(((UUID) value).getMostSignificantBits()).putLong(((UUID) value).getLeastSignificantBits());
      case BIT, VARBIT -> out.putInt(((BitString) value).length()).put(((BitString) value).unsafeArray());
      case INET, CIDR -> {
        Inet inet = (Inet) value;
        byte[] address = inet.unsafeAddress();
        out.put(inet.isV6() ? INET_V6 : INET_V4).put(inet.bits()).put(type.family() == TypeFamily.CIDR ? 1 : 0)
            .put(address.length).put(address);
      }
      case MACADDR, MACADDR8 -> {
        MacAddress mac = (MacAddress) value;
        for (int i = 0; i < mac.bytes(); i++) {
          out.put(mac.byteAt(i));
        }
      }
      case POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE -> geometry((Geometry) value, out);
      case VECTOR -> {
        Vector vector = (Vector) value;
        out.putShort(vector.dimensions()).putShort(0);
        for (float element : vector.unsafeArray()) {
          out.putFloat(element);
        }
      }
      case TSVECTOR -> {
        TsVector vector = (TsVector) value;
        out.putInt(vector.lexemes().size());
        for (TsVector.Lexeme lexeme : vector.lexemes()) {
          out.putUtf8(lexeme.text()).put(0).putShort(lexeme.positions().length);
          for (int position : lexeme.positions()) {
            out.putShort(position);
          }
        }
      }
      case TSQUERY -> {
        TsQuery.Node root = ((TsQuery) value).root();
        out.putInt(root == null ? 0 : nodeCount(root));
        if (root != null) {
          tsNode(root, out);
        }
      }
      case ARRAY, OLD_VECTOR -> array((PgArray) value, context, out);
      case RECORD -> {
        PgRecord row = (PgRecord) value;
        out.putInt(row.size());
        for (int i = 0; i < row.size(); i++) {
          out.putInt(row.fieldType(i).oid());
          item(row.fieldType(i), row.field(i), context, out);
        }
      }
      case RANGE -> range((PgRange) value, context, out);
      case MULTIRANGE -> {
        PgMultirange multirange = (PgMultirange) value;
        out.putInt(multirange.ranges().size());
        for (PgRange part : multirange.ranges()) {
          int start = out.size();
          out.putInt(0);
          range(part, context, out);
          out.setInt(start, out.size() - start - 4);
        }
      }
      case PSEUDO -> throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot display a value of type " + type.name());
    }
  }

  private static void item(PgType type, @Nullable Object value, IoContext context, ByteSink out) {
    if (value == null) {
      out.putInt(-1);
      return;
    }
    int start = out.size();
    out.putInt(0);
    send(type, value, context, out);
    out.setInt(start, out.size() - start - 4);
  }

  private static void array(PgArray array, IoContext context, ByteSink out) {
    out.putInt(array.dimensions()).putInt(array.containsNull() ? 1 : 0).putInt(array.elementType().oid());
    for (int d = 0; d < array.dimensions(); d++) {
      out.putInt(array.length(d)).putInt(array.lowerBound(d));
    }
    for (Object element : array.elements()) {
      item(array.elementType(), element, context, out);
    }
  }

  private static void range(PgRange range, IoContext context, ByteSink out) {
    if (range.isEmpty()) {
      out.put(RANGE_EMPTY);
      return;
    }
    out.put((range.lowerInclusive() ? RANGE_LOWER_INCLUSIVE : 0) | (range.upperInclusive() ? RANGE_UPPER_INCLUSIVE : 0)
        | (range.lower() == null ? RANGE_LOWER_INFINITE : 0) | (range.upper() == null ? RANGE_UPPER_INFINITE : 0));
    if (range.lower() != null) {
      item(range.info().subtype(), range.lower(), context, out);
    }
    if (range.upper() != null) {
      item(range.info().subtype(), range.upper(), context, out);
    }
  }

  private static void geometry(Geometry value, ByteSink out) {
    switch (value) {
      case Point p -> point(p, out);
      case Lseg s -> {
        point(s.start(), out);
        point(s.end(), out);
      }
      case Box b -> {
        point(b.high(), out);
        point(b.low(), out);
      }
      case Path p -> points(p.points(), out.put(p.closed() ? 1 : 0));
      case Polygon p -> points(p.points(), out);
      case Line l -> out.putDouble(l.a()).putDouble(l.b()).putDouble(l.c());
      case Circle c -> {
        point(c.center(), out);
        out.putDouble(c.radius());
      }
    }
  }

  private static void points(List<Point> points, ByteSink out) {
    out.putInt(points.size());
    for (Point p : points) {
      point(p, out);
    }
  }

  private static void point(Point p, ByteSink out) {
    out.putDouble(p.x()).putDouble(p.y());
  }

  private static int nodeCount(TsQuery.Node node) {
    return switch (node) {
      case TsQuery.Operand operand -> 1;
      case TsQuery.Not not -> 1 + nodeCount(not.argument());
      case TsQuery.And and -> 1 + nodeCount(and.left()) + nodeCount(and.right());
      case TsQuery.Or or -> 1 + nodeCount(or.left()) + nodeCount(or.right());
      case TsQuery.Phrase phrase -> 1 + nodeCount(phrase.left()) + nodeCount(phrase.right());
    };
  }

  private static void tsNode(TsQuery.Node node, ByteSink out) {
    switch (node) {
      case TsQuery.Operand operand -> out.put(1).put(operand.weights()).put(operand.prefix() ? 1 : 0).putUtf8(operand.text()).put(0);
      case TsQuery.Not not -> tsNode(not.argument(), out.put(2).put(1));
      case TsQuery.And and -> pair(and.left(), and.right(), out.put(2).put(2));
      case TsQuery.Or or -> pair(or.left(), or.right(), out.put(2).put(3));
      case TsQuery.Phrase phrase -> pair(phrase.left(), phrase.right(), out.put(2).put(4).putShort(phrase.distance()));
    }
  }

  private static void pair(TsQuery.Node left, TsQuery.Node right, ByteSink out) {
    tsNode(right, out);
    tsNode(left, out);
  }
}
