package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.ServerFiles;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.Utf8;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `pg_read_file`, `pg_ls_dir`, `pg_stat_file`. Source: PostgreSQL 15 manual, "Generic File Access Functions".
public final class ServerFileFunctions implements Builtins.Family {
  private static final List<PgType> FACTS =
      List.of(PgTypes.INT8, PgTypes.TIMESTAMPTZ, PgTypes.TIMESTAMPTZ, PgTypes.TIMESTAMPTZ, PgTypes.TIMESTAMPTZ, PgTypes.BOOL);

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "pg_read_file", "pg_read_file_v2", "pg_read_file_all", "pg_read_file_off_len" -> contextual((context, site, args) -> {
        byte[] bytes = read(context, function, args);
        return bytes == null ? null : Utf8.decode(bytes, 0, bytes.length);
      });
      case "pg_read_binary_file", "pg_read_binary_file_all", "pg_read_binary_file_off_len" -> contextual((context, site, args) -> {
        byte[] bytes = read(context, function, args);
        return bytes == null ? null : Bytes.wrap(bytes);
      });
      case "pg_ls_dir", "pg_ls_dir_1arg" -> setReturning((context, site, args) -> {
        List<String> names = context.session().files().list(function.name(), (String) args[0], args.length > 1 && (Boolean) args[1]);
        List<Object> rows = new ArrayList<>(names == null ? List.of() : names);
        if (names != null && args.length > 2 && (Boolean) args[2]) {
          rows.add(".");
          rows.add("..");
        }
        return SeriesFunctions.elements(rows.toArray());
      });
      case "pg_stat_file", "pg_stat_file_1arg" -> contextual((context, site, args) -> {
        ServerFiles.Facts facts = context.session().files().facts(function.name(), (String) args[0], args.length > 1 && (Boolean) args[1]);
        // There is one time of change; when a file was created no Unix tells.
        return facts == null ? null : PgRecord.of(
            PgTypes.RECORD, FACTS, facts.size(), facts.accessed(), facts.modified(), facts.modified(), null, facts.isDirectory());
      });
      case "pg_current_logfile" -> contextual((context, site, args) -> null);
      case "pg_current_logfile_1arg" -> contextual((context, site, args) -> {
        if (args[0] != null && !args[0].equals("stderr") && !args[0].equals("csvlog") && !args[0].equals("jsonlog")) {
          throw TypeErrors.invalidParameter("log format \"" + args[0] + "\" is not supported")
              .withHint("The supported log formats are \"stderr\", \"csvlog\", and \"jsonlog\".");
        }
        return null;
      });
      default -> null;
    };
  }

  /// (name), (name, offset, length), (name, offset, length, missing_ok).
  private static byte @Nullable [] read(CallContext context, FunctionDef function, @Nullable Object[] args) {
    long offset = args.length > 1 ? (Long) args[1] : 0;
    long length = args.length > 2 ? (Long) args[2] : -1;
    if (args.length > 2 && length < 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "requested length cannot be negative");
    }
    return context.session().files().read(function.name(), (String) args[0], offset, length, args.length > 3 && (Boolean) args[3]);
  }
}
