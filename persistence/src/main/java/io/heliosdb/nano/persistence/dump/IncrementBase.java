package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.format.MalformedDumpException;
import io.heliosdb.nano.persistence.dump.format.PayloadWriter;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a client's file has, as text for a statement: identity, last commit, length and tables of its last segment.
final class IncrementBase {
  private IncrementBase() {}

  static String format(Dumper.Base base) {
    PayloadWriter out = new PayloadWriter();
    out.u64(base.databaseId()).text(base.branch()).u64(base.scn()).u32(base.segments()).u64(base.offset()).u32(base.sealed() ? 1 : 0).u32(base.tables().size());
    for (TableEntry table : base.tables().values()) {
      PayloadWriter entry = new PayloadWriter();
      table.write(entry);
      byte[] bytes = entry.toByteArray();
      out.u32(bytes.length).bytes(bytes, 0, bytes.length);
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  /// @throws SqlException 22023
  static Dumper.Base parse(String text) {
    try {
      TableEntry.BaseReader in = new TableEntry.BaseReader(Base64.getDecoder().decode(text));
      long databaseId = in.u64();
      String branch = in.text();
      long scn = in.u64();
      int segments = in.u32();
      long offset = in.u64();
      boolean sealed = in.u32() != 0;
      List<TableEntry> entries = in.tables();
      Map<Integer, TableEntry> tables = new HashMap<>();
      entries.forEach(entry -> tables.put(entry.oid(), entry));
      return new Dumper.Base(databaseId, branch, scn, segments, offset, sealed, tables);
    } catch (IllegalArgumentException | MalformedDumpException e) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "option \"base\" is malformed: " + e.getMessage());
    }
  }
}
