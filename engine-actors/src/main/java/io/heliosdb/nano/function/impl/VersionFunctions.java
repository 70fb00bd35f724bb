package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.contextual;
import static io.heliosdb.nano.function.impl.Forms.nullary;
import static io.heliosdb.nano.function.impl.Forms.setReturning;

import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.RowSource;
import io.heliosdb.nano.function.VersionServices;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions on the version axis: SCNs, branches, differences between states. PostgreSQL has none of them.
public final class VersionFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "pg_current_scn" -> nullary(context -> context.session().currentScn());
      case "pg_current_branch" -> nullary(context -> context.session().branchName());
      case "heliosdb_scn_at" -> contextual((context, site, args) -> versions(context).scnAt((Long) args[0]));
      case "pg_database_branches" -> setReturning((context, site, args) ->
          records(function, versions(context).systemRows(symbol)));
      case "heliosdb_diff" -> setReturning((context, site, args) ->
          differences(context, versions(context).difference((int) (long) (Long) args[0], (String) args[1], (String) args[2])));
      case "heliosdb_history_bytes" -> contextual((context, site, args) -> versions(context).historyBytes((int) (long) (Long) args[0]));
      default -> null;
    };
  }

  private static RowSource differences(CallContext context, Iterator<VersionServices.Difference> differences) {
    PgType record = PgTypes.BUILTIN.byOid(2249);
    List<PgType> types = List.of(PgTypes.TEXT, PgTypes.TEXT, PgTypes.JSONB, PgTypes.JSONB);
    return () -> {
      if (!differences.hasNext()) {
        return RowSource.END;
      }
      VersionServices.Difference d = differences.next();
      return PgRecord.of(record, types, d.key(), d.operation(), json(context, d.before()), json(context, d.after()));
    };
  }

  private static @Nullable Object json(CallContext context, @Nullable PgRecord row) {
    return row == null ? null : JsonConversion.toJsonb(row.type(), row, context.io());
  }

  private static VersionServices versions(CallContext context) {
    return context.session().versions();
  }

  private static List<PgType> outputTypes(FunctionDef function) {
    List<PgType> types = new ArrayList<>();
    for (int i = 0; i < function.allArgumentTypes().size(); i++) {
      if (function.argumentModes().charAt(i) == 'o') {
        types.add(PgTypes.BUILTIN.byOid(function.allArgumentTypes().get(i)));
      }
    }
    return types;
  }

  /// Rows as records of the function's OUT parameters.
  static RowSource records(FunctionDef function, Iterator<@Nullable Object[]> rows) {
    PgType record = PgTypes.BUILTIN.byOid(2249);
    List<PgType> types = outputTypes(function);
    return () -> rows.hasNext() ? PgRecord.of(record, types, rows.next()) : RowSource.END;
  }
}
