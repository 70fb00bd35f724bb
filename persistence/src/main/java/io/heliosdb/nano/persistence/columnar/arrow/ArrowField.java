package io.heliosdb.nano.persistence.columnar.arrow;

import static io.heliosdb.nano.persistence.columnar.arrow.ArrowFormatNumbers.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field of a schema.
///
/// @param bits of an integer, float, decimal, time, or bytes of a fixed-size binary
/// @param unit of a time, or of an interval
/// @param dictionary id of the dictionary that holds its values, -1 for none; then `indexBits` and `indexSigned` describe what the batches hold
record ArrowField(
    String name, byte kind, int bits, boolean signed, int scale, short unit, boolean zoned, String extension, long dictionary, int indexBits, boolean indexSigned,
    List<ArrowField> children) {
  private static final int DEPTH_MAX = 32;
  private static final int CHILDREN_MAX = 10_000;

  static List<ArrowField> ofSchema(FlatTable schema) {
    if (schema.shortAt(0, (short) 0) != 0) {
      throw SqlException.notSupported("an Arrow file in big-endian order");
    }
    return fields(schema, 1, 0);
  }

  private static List<ArrowField> fields(FlatTable parent, int slot, int depth) {
    int count = parent.vectorLength(slot);
    if (count < 0 || count > CHILDREN_MAX || depth > DEPTH_MAX) {
      throw malformed("the schema has too many fields");
    }
    List<ArrowField> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(of(parent.tableIn(slot, i), depth));
    }
    return fields;
  }

  private static ArrowField of(FlatTable field, int depth) {
    byte kind = field.byteAt(2, (byte) 0);
    FlatTable type = field.table(3);
    int bits = 0;
    boolean signed = true;
    int scale = 0;
    short unit = 0;
    boolean zoned = false;
    if (type != null) {
      switch (kind) {
        case INT -> {
          bits = type.intAt(0, 0);
          signed = type.byteAt(1, (byte) 0) != 0;
        }
        case FLOATING_POINT -> bits = 16 << type.shortAt(0, (short) 0);
        case DECIMAL -> {
          scale = type.intAt(1, 0);
          bits = type.intAt(2, 128);
        }
        case DATE -> {
          unit = type.shortAt(0, (short) 1);
          bits = unit == 0 ? 32 : 64;
        }
        case TIME -> {
          unit = type.shortAt(0, UNIT_MILLI);
          bits = type.intAt(1, 32);
        }
        case TIMESTAMP -> {
          unit = type.shortAt(0, UNIT_SECOND);
          zoned = type.text(1) != null;
          bits = 64;
        }
        case DURATION -> {
          unit = type.shortAt(0, UNIT_MILLI);
          bits = 64;
        }
        case INTERVAL -> {
          unit = type.shortAt(0, (short) 0);
          bits = unit == 0 ? 32 : unit == 1 ? 64 : 128;
        }
        case FIXED_SIZE_BINARY, FIXED_SIZE_LIST -> bits = type.intAt(0, 0);
        case UNION -> unit = type.shortAt(0, (short) 0);
        default -> { }
      }
    }
    long dictionary = -1;
    int indexBits = 0;
    boolean indexSigned = true;
    FlatTable encoding = field.table(4);
    if (encoding != null) {
      dictionary = encoding.longAt(0, 0);
      FlatTable index = encoding.table(1);
      indexBits = index == null ? 32 : index.intAt(0, 32);
      indexSigned = index == null || index.byteAt(1, (byte) 0) != 0;
      checkBits(indexBits, 8, 16, 32, 64);
    }
    switch (kind) {
      case INT -> checkBits(bits, 8, 16, 32, 64);
      case FLOATING_POINT -> checkBits(bits, 16, 32, 64);
      case DECIMAL -> checkBits(bits, 32, 64, 128, 256);
      case TIME -> checkBits(bits, 32, 64);
      case FIXED_SIZE_BINARY -> {
        if (bits < 0 || bits > 1 << 20) {
          throw malformed("a width of " + bits);
        }
      }
      default -> { }
    }
    if (scale < 0 || scale > 1000) {
      throw SqlException.notSupported("a decimal scale of " + scale + " in Arrow");
    }
    String name = field.text(0);
    return new ArrowField(
        name == null ? "" : name, kind, bits, signed, scale, unit, zoned, extension(field), dictionary, indexBits, indexSigned, fields(field, 5, depth + 1));
  }

  private static void checkBits(int bits, int... allowed) {
    for (int width : allowed) {
      if (bits == width) {
        return;
      }
    }
    throw malformed("a width of " + bits + " bits");
  }

  private static String extension(FlatTable field) {
    for (int i = 0; i < field.vectorLength(6); i++) {
      FlatTable entry = field.tableIn(6, i);
      if ("ARROW:extension:name".equals(entry.text(0))) {
        String value = entry.text(1);
        return value == null ? "" : value;
      }
    }
    return "";
  }

  static SqlException malformed(String reason) {
    return new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "invalid Arrow file")
        .withDetail(reason.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + reason.substring(1) + ".");
  }

  boolean isList() {
    return (kind == LIST || kind == LARGE_LIST) && dictionary < 0;
  }

  /// The SQL type that its values (for a list, those of its elements) are read as; null when it nests deeper.
  @Nullable PgType type() {
    return switch (kind) {
      case NULL, UTF8, LARGE_UTF8, UTF8_VIEW -> extension.equals("arrow.json") ? PgTypes.JSON : PgTypes.TEXT;
      case INT -> bits == 64 ? signed ? PgTypes.INT8 : PgTypes.NUMERIC : bits == 32 ? signed ? PgTypes.INT4 : PgTypes.INT8 : PgTypes.INT4;
      case FLOATING_POINT -> bits == 64 ? PgTypes.FLOAT8 : PgTypes.FLOAT4;
      case BINARY, LARGE_BINARY, BINARY_VIEW -> PgTypes.BYTEA;
      case BOOL -> PgTypes.BOOL;
      case DECIMAL -> PgTypes.NUMERIC;
      case DATE -> PgTypes.DATE;
      case TIME -> PgTypes.TIME;
      case TIMESTAMP -> zoned ? PgTypes.TIMESTAMPTZ : PgTypes.TIMESTAMP;
      case INTERVAL, DURATION -> PgTypes.INTERVAL;
      case FIXED_SIZE_BINARY -> isUuid() ? PgTypes.UUID : PgTypes.BYTEA;
      case LIST, LARGE_LIST -> children.size() == 1 && !children.getFirst().isList() ? children.getFirst().type() : null;
      default -> null;
    };
  }

  boolean isUuid() {
    return bits == 16 && extension.equals("arrow.uuid");
  }
}
