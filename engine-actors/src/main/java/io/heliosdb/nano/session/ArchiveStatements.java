package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.storage.crypto.TransientFile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/// DUMP DATABASE and RESTORE DATABASE: archives over a connection, in COPY's sub-protocol. For superusers, since a dump shows everything.
final class ArchiveStatements {
  private ArchiveStatements() {}

  private static ArchiveProvider provider() {
    return ServiceLoader.load(ArchiveProvider.class).findFirst().orElseThrow(
        () -> SqlException.notSupported("dump and restore without the module \"persistence\" on the class path"));
  }

  private static void checkAllowed(SessionCore session, String statement) {
    if (!session.currentRole().superuser()) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser to use " + statement);
    }
    if (session.transactions().inBlock() || session.transactions().inImplicitBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, statement + " cannot run inside a transaction block");
    }
  }

  private static Map<String, String> options(List<Option> options) {
    Map<String, String> result = new HashMap<>();
    options.forEach(option -> result.put(option.name().toLowerCase(Locale.ROOT), option.value() == null ? "true" : OptionValues.text(option)));
    return result;
  }

  private static void notice(SessionCore session, String message) {
    session.notice(new Notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, message, null, null, 0));
  }

  static void dump(SessionCore session, UtilityStatement.DumpDatabase statement) {
    checkAllowed(session, "DUMP DATABASE");
    ResultSink sink = session.sink();
    ArchiveProvider provider = provider();
    sink.copyOutBegin(1, true);
    OutputStream out = new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        sink.copyOutData(bytes, offset, length);
      }
    };
    try {
      long rows = provider.dump(session.engine(), session.branchState().name(), options(statement.options()), out, message -> notice(session, message),
          () -> session.cancelToken().check());
      sink.copyOutEnd();
      sink.commandComplete("COPY " + rows);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not send the dump: " + e.getMessage(), e);
    }
  }

  static void restore(SessionCore session, UtilityStatement.RestoreDatabase statement) {
    checkAllowed(session, "RESTORE DATABASE");
    Incoming incoming = new Incoming(session, provider(), options(statement.options()));
    session.simple().beginCopyIn(incoming);
    session.sink().copyInBegin(1, true);
  }

  /// An archive on its way in: gathered in a file, so that it can be checked as a whole before anything is touched.
  private static final class Incoming implements CopyInput {
    private final SessionCore session;
    private final ArchiveProvider provider;
    private final Map<String, String> options;
    private final TransientFile file;

    Incoming(SessionCore session, ArchiveProvider provider, Map<String, String> options) {
      this.session = session;
      this.provider = provider;
      this.options = options;
      try {
        file = new TransientFile("the archive", "heliosdb-restore", ".heliodump");
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private static SqlException failed(IOException e) {
      return new SqlException(SqlState.IO_ERROR, "could not keep the archive: " + e.getMessage(), e);
    }

    @Override
    public void data(byte[] bytes, int offset, int length) {
      session.cancelToken().check();
      try {
        file.write(bytes, offset, length);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void finish() {
      try {
        file.finish();
        long rows = provider.restore(session.engine(), options, file.path(), message -> notice(session, message), () -> session.cancelToken().check());
        session.sink().commandComplete("COPY " + rows);
      } catch (IOException e) {
        throw failed(e);
      } finally {
        abort();
      }
    }

    @Override
    public void abort() {
      try {
        file.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
