package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.persistence.dump.format.SegmentEnd;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Dump and restore of a database that another process has: the client's part of DUMP DATABASE and RESTORE DATABASE. Files are the
/// client's, on its machine, under the same rules as those of [DumpManager].
public final class RemoteDump {
  /// A connection to the server; `copyOut` and `copyIn` are those of the PostgreSQL protocol. Errors of the server come as exceptions.
  public interface Connection {
    void copyOut(String sql, OutputStream out) throws IOException;

    void copyIn(String sql, InputStream in) throws IOException;

    /// Notices of the last statement.
    List<String> notices();
  }

  private final Connection connection;
  private final @Nullable EncryptionKey key;

  public RemoteDump(Connection connection) {
    this(connection, null);
  }

  /// @param key of an encrypted dump; without it the file is written, but neither read here nor appended to
  public RemoteDump(Connection connection, @Nullable EncryptionKey key) {
    this.connection = connection;
    this.key = key;
  }

  public DumpReport dump(DumpOptions options) {
    DumpTarget target = new DumpTarget(options.outputPath());
    Dumper.Base base = options.mode() == DumpMode.INCREMENTAL ? target.base(key) : Dumper.Base.NONE;
    long start = System.nanoTime();
    List<String> notices = new ArrayList<>();
    DumpTarget.Content content = out -> {
      connection.copyOut(statement(options, base), new Counted(out, options));
      notices.addAll(connection.notices());
      return new DumpReport(options.outputPath(), false, 0, 0, 0, 0, 0, "", 0, Duration.ZERO, List.of());
    };
    if (base.segments() == 0) {
      target.replace(content);
    } else {
      target.append(base.offset(), content);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    boolean isClosed = options.isSql() || (key == null && DumpFile.isSealed(options.outputPath()));
    return isClosed ? sizeReport(options, duration, notices) : report(options, duration, notices);
  }

  /// For a file that does not tell its content here.
  private static DumpReport sizeReport(DumpOptions options, Duration duration, List<String> notices) {
    try {
      long size = Files.size(options.outputPath());
      return new DumpReport(options.outputPath(), false, 0, 0, 0, size, size, "", 0, duration, notices);
    } catch (IOException e) {
      throw Transfers.ioError(e);
    }
  }

  /// What was written, as the file says itself.
  private DumpReport report(DumpOptions options, Duration duration, List<String> notices) {
    try (DumpFile file = DumpFile.open(options.outputPath(), Long.MAX_VALUE, key)) {
      SegmentEnd end = file.last().end();
      int tables = (int) file.last().tables().stream().map(part -> part.table().oid()).distinct().count();
      return new DumpReport(options.outputPath(), file.last().begin().incremental(), tables, end.rows(), end.deleted(), end.rawBytes(), end.storedBytes(), end.checksumText(),
          file.last().begin().toScn(), duration, notices);
    }
  }

  private static String statement(DumpOptions options, Dumper.Base base) {
    List<String> list = new ArrayList<>();
    list.add("format " + (options.isSql() ? "'sql'" : "'heliodump'"));
    list.add("compression '" + options.compression().name().toLowerCase(Locale.ROOT) + "'");
    list.add("compression_level " + options.level());
    list.add("digest " + (options.digest() ? "'true'" : "'false'"));
    if (!options.tables().isEmpty()) {
      list.add("tables " + literal(String.join(",", options.tables())));
    }
    if (options.asOf() != null) {
      list.add("as_of " + literal(options.asOf()));
    }
    if (base.segments() > 0) {
      list.add("base " + literal(IncrementBase.format(base)));
    }
    return "DUMP DATABASE TO STDOUT WITH (" + String.join(", ", list) + ")";
  }

  public RestoreReport restore(RestoreOptions options) {
    long start = System.nanoTime();
    List<String> list = new ArrayList<>();
    list.add("mode '" + options.mode().name().toLowerCase(Locale.ROOT) + "'");
    list.add("on_conflict '" + options.onConflict().name().toLowerCase(Locale.ROOT) + "'");
    list.add("verify '" + options.verify() + "'");
    if (!options.tables().isEmpty()) {
      list.add("tables " + literal(String.join(",", options.tables())));
    }
    // Refused here already if it is damaged, before it is sent.
    try (Restorer restorer = new Restorer(options, key)) {
      try (InputStream in = Files.newInputStream(options.inputPath())) {
        long[] rows = new long[1];
        connection.copyIn("RESTORE DATABASE FROM STDIN WITH (" + String.join(", ", list) + ")", limited(in, DumpTarget.usableLength(options.inputPath())));
        restorer.plan().tables().forEach(table -> rows[0] += table.rawBytes());
        return new RestoreReport(restorer.plan().tables().size(), -1, restorer.plan().segments(), rows[0], Duration.ofNanos(System.nanoTime() - start), connection.notices());
      } catch (IOException e) {
        throw Transfers.ioError(e);
      }
    }
  }

  private static InputStream limited(InputStream in, long length) {
    if (length == Long.MAX_VALUE) {
      return in;
    }
    return new java.io.FilterInputStream(in) {
      private long left = length;

      @Override
      public int read() throws IOException {
        int value = left > 0 ? super.read() : -1;
        left -= value < 0 ? 0 : 1;
        return value;
      }

      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        int got = left > 0 ? super.read(bytes, offset, (int) Math.min(count, left)) : -1;
        left -= Math.max(0, got);
        return got;
      }
    };
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// Counts what arrives, for the listener.
  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private final DumpOptions options;
    private long bytes;

    Counted(OutputStream out, DumpOptions options) {
      this.out = out;
      this.options = options;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      out.write(data, offset, length);
      bytes += length;
      options.progress().report(new DumpProgress.State("rows", "", 0, 0, 0, bytes, 0));
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
