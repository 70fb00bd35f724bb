package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.MalformedDumpException;
import io.heliosdb.nano.persistence.dump.format.RowBlock;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry.Section;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.ProductVersion;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A dump as a script of SQL statements: schema, INSERT statements of some hundred rows, rest of the schema. PostgreSQL runs it too.
final class SqlScriptWriter {
  private static final int ROWS_PER_INSERT = 200;

  private final DatabaseEngine engine;
  private final DumpOptions options;
  private final long start = System.nanoTime();
  private long bytes;
  private long rows;

  SqlScriptWriter(DatabaseEngine engine, DumpOptions options) {
    this.engine = engine;
    this.options = options;
  }

  DumpReport write(OutputStream out) throws IOException {
    try (DumpSession session = DumpSession.open(engine, options.branch(), options.asOf())) {
      TableSelection selection = TableSelection.of(options.tables(), session);
      long rowsTotal = selection.tables().stream().mapToLong(session::estimatedRows).sum();
      put(out, "-- HeliosDB Nano " + ProductVersion.VERSION + " dump of branch " + options.branch() + ", commit " + session.scn() + "\n\n");
      put(out, "SET statement_timeout = 0;\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\nSET check_function_bodies = off;\n"
          + "SET client_min_messages = warning;\nSET row_security = off;\nSET DateStyle = 'ISO, YMD';\nSET IntervalStyle = 'postgres';\nSET TimeZone = 'UTC';\n"
          + "SELECT pg_catalog.set_config('search_path', '', false);\n\n");
      for (SchemaEntry entry : selection.schema()) {
        if (entry.section() == Section.BEFORE_ROWS) {
          put(out, statement(entry));
        }
      }
      Map<Integer, Writing> writings = new HashMap<>();
      selection.tables().forEach(table -> writings.put(table.oid(), new Writing(table, session)));
      RowSource source = new RowSource(session, selection.tables(), Map.of(), 0);
      int[] tablesDone = {-1};
      Transfers.run(engine, source, block -> new Text(block, writings.get(block.table().oid()).text(block)), text -> {
        put(out, text.sql);
        rows += text.block.rows();
        tablesDone[0] += text.block.kind() == Frame.Kind.TABLE ? 1 : 0;
        options.progress().report(
            new DumpProgress.State("rows", text.block.table().schema() + "." + text.block.table().name(), tablesDone[0], selection.tables().size(), rows, bytes, rowsTotal));
      });
      for (SchemaEntry entry : selection.schema()) {
        if (entry.section() == Section.AFTER_ROWS) {
          put(out, statement(entry));
        }
      }
      put(out, "RESET ALL;\n");
      return new DumpReport(options.outputPath(), false, selection.tables().size(), rows, 0, bytes, bytes, "", session.scn(),
          Duration.ofNanos(System.nanoTime() - start), List.of());
    }
  }

  /// Roles belong to the whole installation and may be there.
  private static String statement(SchemaEntry entry) {
    if (entry.kind().equals("ROLE")) {
      return "DO $$ BEGIN " + entry.sql() + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n\n";
    }
    return entry.sql() + ";\n\n";
  }

  private void put(OutputStream out, String text) throws IOException {
    put(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private void put(OutputStream out, byte[] text) throws IOException {
    out.write(text);
    bytes += text.length;
  }

  private record Text(PendingBlock block, byte[] sql) {}

  /// The INSERT statements of one table; used by several threads.
  private static final class Writing {
    private final CatalogSnapshot catalog;
    private final IoContext io;
    private final Table table;
    private final String head;

    Writing(Table table, DumpSession session) {
      this.table = table;
      catalog = session.catalog();
      io = session.io();
      List<Relation.Column> columns = table.columns().stream().filter(c -> !c.dropped() && c.generated() == 0).toList();
      boolean identity = columns.stream().anyMatch(c -> c.identity() == 'a');
      head = "INSERT INTO " + Sql.quote(session.schemaName(table)) + "." + Sql.quote(table.name()) + " ("
          + columns.stream().map(c -> Sql.quote(c.name())).collect(Collectors.joining(", ")) + ")" + (identity ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES\n";
    }

    byte[] text(PendingBlock block) {
      if (block.kind() != Frame.Kind.ROWS) {
        return new byte[0];
      }
      try {
        return inserts(block.table(), RowBlock.parse(block.payload(), block.table().rowEncodings()));
      } catch (MalformedDumpException e) {
        throw new SqlException(SqlState.INTERNAL_ERROR, "a block that was just made cannot be read", e);
      }
    }

    private byte[] inserts(TableEntry entry, RowBlock block) {
      List<ColumnVector> vectors = new ArrayList<>();
      List<PgType> types = new ArrayList<>();
      for (int i = 0; i < entry.columns().size(); i++) {
        if (!entry.columns().get(i).generated()) {
          PgType type = catalog.byOid(table.column(entry.columns().get(i).attnum()).typeOid());
          ColumnVector vector = ColumnVector.of(type.representation(), Math.max(1, block.rows()));
          new ColumnCodec(type, -1, io).read(block, (entry.hiddenKey() ? 1 : 0) + i, vector);
          vectors.add(vector);
          types.add(type);
        }
      }
      if (vectors.isEmpty()) {
        String empty = head.substring(0, head.indexOf(" (")) + " DEFAULT VALUES;\n";
        return empty.repeat(block.rows()).getBytes(StandardCharsets.UTF_8);
      }
      ByteSink out = new ByteSink(1 << 16);
      for (int row = 0; row < block.rows(); row++) {
        out.putUtf8(row % ROWS_PER_INSERT == 0 ? head + "(" : "(");
        for (int c = 0; c < vectors.size(); c++) {
          if (c > 0) {
            out.putAscii(", ");
          }
          literal(types.get(c), vectors.get(c).get(row), out);
        }
        boolean last = row + 1 == block.rows() || (row + 1) % ROWS_PER_INSERT == 0;
        out.putAscii(last ? ");\n" : "),\n");
      }
      return out.toByteArray();
    }

    private void literal(PgType type, @org.jspecify.annotations.Nullable Object value, ByteSink out) {
      if (value == null) {
        out.putAscii("NULL");
        return;
      }
      String text = TypeIo.toText(type, value, io);
      boolean plain = switch (type.family()) {
        case INT2, INT4, INT8, NUMERIC -> text.matches("-?[0-9.]+");
        default -> false;
      };
      if (plain) {
        out.putUtf8(text);
      } else {
        out.put('\'');
        out.putUtf8(text.replace("'", "''"));
        out.put('\'');
      }
    }
  }
}
