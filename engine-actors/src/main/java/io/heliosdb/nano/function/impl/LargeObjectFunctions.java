package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.LargeObjects;
import io.heliosdb.nano.type.Bytes;
import org.jspecify.annotations.Nullable;

/// The functions of large objects, for SQL and for the function calls of the protocol. Source: PostgreSQL 15 manual, "Large Objects".
public final class LargeObjectFunctions implements Builtins.Family {
  private interface Body {
    @Nullable Object of(LargeObjects objects, @Nullable Object[] args);
  }

  private static Implementation on(Body body) {
    return contextual((context, site, args) -> body.of(context.session().largeObjects(), args));
  }

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "be_lo_open" -> on((o, args) -> o.open(oid(args[0]), (Integer) args[1]));
      case "be_lo_close" -> on((o, args) -> {
        o.close((Integer) args[0]);
        return 0;
      });
      case "be_loread" -> on((o, args) -> Bytes.wrap(o.read((Integer) args[0], Math.max(0, (Integer) args[1]))));
      case "be_lowrite" -> on((o, args) -> o.write((Integer) args[0], bytes(args[1])));
      case "be_lo_lseek" -> on((o, args) -> small(o.seek((Integer) args[0], (Integer) args[1], (Integer) args[2]), "lo_lseek", args[0]));
      case "be_lo_lseek64" -> on((o, args) -> o.seek((Integer) args[0], (Long) args[1], (Integer) args[2]));
      case "be_lo_tell" -> on((o, args) -> small(o.tell((Integer) args[0]), "lo_tell", args[0]));
      case "be_lo_tell64" -> on((o, args) -> o.tell((Integer) args[0]));
      case "be_lo_truncate", "be_lo_truncate64" -> on((o, args) -> {
        o.truncate((Integer) args[0], ((Number) args[1]).longValue());
        return 0;
      });
      case "be_lo_creat" -> on((o, args) -> unsigned(o.create(0)));
      case "be_lo_create" -> on((o, args) -> unsigned(o.create(oid(args[0]))));
      case "be_lo_unlink" -> on((o, args) -> {
        o.unlink(oid(args[0]));
        return 1;
      });
      case "be_lo_from_bytea" -> on((o, args) -> {
        int oid = o.create(oid(args[0]));
        o.put(oid, 0, bytes(args[1]));
        return unsigned(oid);
      });
      case "be_lo_get" -> on((o, args) -> Bytes.wrap(o.get(oid(args[0]), 0, -1)));
      case "be_lo_get_fragment" -> on((o, args) -> {
        if ((Integer) args[2] < 0) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "requested length cannot be negative");
        }
        return Bytes.wrap(o.get(oid(args[0]), (Long) args[1], (Integer) args[2]));
      });
      case "be_lo_put" -> on((o, args) -> {
        o.put(oid(args[0]), (Long) args[1], bytes(args[2]));
        return "";
      });
      case "be_lo_import" -> on((o, args) -> unsigned(o.importFile((String) args[0], 0)));
      case "be_lo_import_with_oid" -> on((o, args) -> unsigned(o.importFile((String) args[0], oid(args[1]))));
      case "be_lo_export" -> on((o, args) -> {
        o.exportFile(oid(args[0]), (String) args[1]);
        return 1;
      });
      default -> null;
    };
  }

  private static int oid(Object value) {
    return (int) (long) (Long) value;
  }

  private static Long unsigned(int oid) {
    return Integer.toUnsignedLong(oid);
  }

  private static byte[] bytes(Object value) {
    return ((Bytes) value).unsafeArray();
  }

  private static Integer small(long value, String function, Object descriptor) {
    if (value != (int) value) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, function + " result out of range for large-object descriptor " + descriptor);
    }
    return (int) value;
  }
}
