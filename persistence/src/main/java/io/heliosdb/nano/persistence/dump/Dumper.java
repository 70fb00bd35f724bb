package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.persistence.dump.format.Block;
import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.PayloadWriter;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SegmentBegin;
import io.heliosdb.nano.persistence.dump.format.SegmentEnd;
import io.heliosdb.nano.persistence.dump.format.SegmentWriter;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.ProductVersion;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.crypto.ApprovedAlgorithms;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes one segment of a database to a stream. Confined to the thread that calls [#write], which drives the stream and waits for it.
final class Dumper {
  private static final int SCHEMA_BLOCK_BYTES = 1 << 20;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /// The segment that an increment builds on.
  ///
  /// @param offset where the new segment begins
  /// @param sealed whether the file is encrypted
  /// @param tables what the file says about each table, by oid
  record Base(long databaseId, String branch, long scn, int segments, long offset, boolean sealed, Map<Integer, TableEntry> tables) {
    /// No file yet.
    static final Base NONE = new Base(0, "", 0, 0, 0, false, Map.of());
  }

  private final DatabaseEngine engine;
  private final DumpOptions options;
  private final Compression compression;
  private final int level;
  private final List<String> notices = new ArrayList<>();
  private final long start = System.nanoTime();

  Dumper(DatabaseEngine engine, DumpOptions options) {
    this.engine = engine;
    this.options = options;
    compression = options.compression();
    level = options.level();
  }

  /// @param base what the file has already, [Base#NONE] for a new one
  DumpReport write(OutputStream out, Base base) throws IOException {
    try (DumpSession session = DumpSession.open(engine, options.branch(), options.asOf())) {
      long databaseId = session.databaseId();
      if (base.segments() > 0) {
        checkSame(base, databaseId);
        checkSealed(base, session.store().encryptionKey() != null);
      }
      boolean incremental = base.segments() > 0;
      if (incremental) {
        session.holdHistory(base.scn());
      }
      if (incremental && !logReaches(session, base.scn())) {
        notices.add("the log no longer reaches back to commit " + base.scn() + ": a full segment is written");
        incremental = false;
      }
      TableSelection selection = TableSelection.of(options.tables(), session);
      List<Table> tables = selection.tables();
      options.progress().report(new DumpProgress.State("schema", "", 0, tables.size(), 0, 0, 0));
      SegmentWriter writer = new SegmentWriter(out, base.offset(), options.digest() || ApprovedAlgorithms.areRequired(), session.store().encryptionKey());
      writeBegin(writer, session, databaseId, incremental ? base : Base.NONE, base.segments());
      writeSchema(writer, selection.schema());
      RowSource rows = new RowSource(session, tables, incremental ? base.tables() : Map.of(), base.scn());
      Counting counting = new Counting(tables.size(), tables.stream().mapToLong(session::estimatedRows).sum(), incremental);
      Transfers.run(engine, rows, this::pack, packed -> counting.write(writer, packed));
      if (incremental && !session.historyReaches(base.scn())) {
        // A trimming that had begun before this dump asked to keep the log, and has recorded it since.
        throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "the change log was trimmed while it was read").withHint("Dump again.");
      }
      SegmentEnd end = writer.end();
      return new DumpReport(options.outputPath(), incremental, tables.size(), end.rows(), end.deleted(), end.rawBytes(), end.storedBytes(), end.checksumText(),
          session.scn(), Duration.ofNanos(System.nanoTime() - start), notices);
    }
  }

  private void checkSame(Base base, long databaseId) {
    if (base.databaseId() != databaseId) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "dump file \"" + options.outputPath() + "\" is of another database")
          .withHint("Give the increment a file of its own, or dump without append.");
    }
    if (!base.branch().equals(options.branch())) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "dump file \"" + options.outputPath() + "\" is of branch \"" + base.branch() + "\", not of \"" + options.branch() + "\"");
    }
  }

  private void checkSealed(Base base, boolean isEncrypted) {
    if (base.sealed() != isEncrypted) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "dump file \"" + options.outputPath() + "\" is " + (base.sealed() ? "encrypted, the database is not" : "not encrypted, the database is"));
    }
  }

  /// Whether every change after `scn` is still in the log.
  private static boolean logReaches(DumpSession session, long scn) {
    Store store = session.store();
    return scn <= store.visibleScn() && (scn == store.visibleScn() || store.commitInfo(scn + 1) != null) && session.historyReaches(scn);
  }

  private void writeBegin(SegmentWriter writer, DumpSession session, long databaseId, Base base, int index) throws IOException {
    PayloadWriter payload = new PayloadWriter();
    new SegmentBegin("heliosdb-nano " + ProductVersion.VERSION, databaseId, options.branch(), base.segments() > 0, base.scn(), session.scn(),
            ChronoUnit.MICROS.between(EPOCH, Instant.now()), index)
        .write(payload);
    writer.write(Block.pack(Frame.Kind.BEGIN, payload.toByteArray(), Compression.NONE, 0));
  }

  private void writeSchema(SegmentWriter writer, List<SchemaEntry> schema) throws IOException {
    PayloadWriter payload = new PayloadWriter();
    int at = 0;
    while (at < schema.size()) {
      payload.clear();
      PayloadWriter entries = new PayloadWriter();
      int count = 0;
      while (at < schema.size() && entries.size() < SCHEMA_BLOCK_BYTES) {
        schema.get(at++).write(entries);
        count++;
      }
      byte[] bytes = entries.toByteArray();
      payload.u32(count).bytes(bytes, 0, bytes.length);
      writer.write(Block.pack(Frame.Kind.SCHEMA, payload.toByteArray(), compression, level));
    }
  }

  private record Packed(PendingBlock source, Block block) {}

  private Packed pack(PendingBlock block) {
    return new Packed(block, Block.pack(block.kind(), block.payload(), compression, level));
  }

  /// Writes what comes out of the stream and tells the listener.
  private final class Counting {
    private final int tablesTotal;
    private final long rowsTotal;
    private final String phase;
    private int tables;
    private long rows;

    Counting(int tablesTotal, long rowsTotal, boolean incremental) {
      this.tablesTotal = tablesTotal;
      this.rowsTotal = incremental ? 0 : rowsTotal;
      phase = incremental ? "changes" : "rows";
    }

    void write(SegmentWriter writer, Packed packed) throws IOException {
      PendingBlock source = packed.source();
      if (source.kind() == Frame.Kind.TABLE) {
        writer.beginTable(source.table(), packed.block());
        tables++;
      } else {
        writer.rows(packed.block(), source.rows());
        rows += source.rows();
      }
      options.progress().report(
          new DumpProgress.State(phase, source.table().schema() + "." + source.table().name(), Math.clamp(tables - 1, 0, Math.max(0, tablesTotal - 1)), tablesTotal, rows, writer.rawBytes(), rowsTotal));
    }
  }
}
