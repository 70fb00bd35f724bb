package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.copy.CopyLineWriter;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.type.ByteSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// COPY between a table or query and the client or a file on the server, in the formats text and CSV.
final class CopyStatement {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final SessionCore session;
  private final UtilityStatement.Copy statement;
  private final CopyOptions options;

  CopyStatement(SessionCore session, UtilityStatement.Copy statement) {
    this.session = session;
    this.statement = statement;
    this.options = CopyOptions.of(statement.options(), statement.from());
    if (options.format() == CopyOptions.Format.BINARY) {
      throw SqlException.notSupported("COPY in binary format");
    }
    if (statement.program()) {
      throw SqlException.notSupported("COPY with PROGRAM");
    }
  }

  void run() {
    if (statement.file() != null && !session.currentRole().superuser()) {
      throw new SqlException(
              SqlState.INSUFFICIENT_PRIVILEGE,
              "must be superuser or have privileges of the pg_" + (statement.from() ? "read" : "write") + "_server_files role to COPY "
                  + (statement.from() ? "from" : "to") + " a file")
          .withHint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.");
    }
    if (statement.from()) {
      from();
    } else {
      to();
    }
  }

  // ---- TO ----

  private void to() {
    Preparable query = statement.query();
    if (query == null) {
      query = tableQuery();
    }
    source = query;
    CachedPlan plan = session.queries().plan(query, List.of());
    if (!plan.returnsRows()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
    }
    if (statement.file() == null) {
      toClient(plan);
    } else {
      toFile(plan, serverFile(statement.file()));
    }
  }

  /// What goes out, once it is known.
  private @Nullable Preparable source;

  private QueryExecutor.PlanSource source(CachedPlan plan) {
    return QueryExecutor.PlanSource.sameShape(plan, () -> session.queries().plan(java.util.Objects.requireNonNull(source), List.of()));
  }

  private Preparable tableQuery() {
    Relation relation = table();
    if (relation instanceof Relation.View) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot copy from view \"" + relation.name() + "\"").withHint("Try the COPY (SELECT ...) TO variant.");
    }
    if (relation instanceof Relation.Sequence) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot copy from sequence \"" + relation.name() + "\"");
    }
    if (relation instanceof Relation.Table table && table.kind() == 'p') {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot copy from partitioned table \"" + relation.name() + "\"")
          .withHint("Try the COPY (SELECT ...) TO variant.");
    }
    List<String> names = new ArrayList<>();
    for (int attnum : attnums(relation)) {
      names.add(SqlQuoting.identifier(relation.columns().get(attnum - 1).name()));
    }
    Catalog.Namespace namespace = session.catalog().namespace(relation.namespaceOid());
    String text = "SELECT " + String.join(", ", names) + " FROM ONLY " + SqlQuoting.identifier(namespace.name()) + "." + SqlQuoting.identifier(relation.name());
    ParsedStatement parsed = Parser.parse(text, session.parseSettings()).getFirst();
    return (Preparable) parsed.statement();
  }

  private void toClient(CachedPlan plan) {
    ResultSink sink = session.sink();
    ByteSink line = new ByteSink(1024);
    long rows = 0;
    try (QueryExecutor.Running running = session.queries().start(plan, new Object[0], source(plan))) {
      CopyLineWriter writer = new CopyLineWriter(options, plan.columns(), session.io());
      sink.copyOutBegin(plan.columns().size(), false);
      if (options.header() != CopyOptions.Header.NONE) {
        writer.header(line);
        sink.copyOutData(line.array(), 0, line.size());
      }
      Batch batch;
      while ((batch = running.next(Batch.ROWS_MAX)) != null) {
        for (int i = 0; i < batch.rowCount(); i++) {
          line.clear();
          writer.row(line, batch, batch.rowIndex(i));
          sink.copyOutData(line.array(), 0, line.size());
        }
        rows += batch.rowCount();
      }
      sink.copyOutEnd();
    }
    sink.commandComplete("COPY " + rows);
  }

  private void toFile(CachedPlan plan, Path path) {
    long rows = 0;
    ByteSink buffer = new ByteSink(CHUNK_BYTES);
    try (OutputStream out = Files.newOutputStream(path);
        QueryExecutor.Running running = session.queries().start(plan, new Object[0], source(plan))) {
      CopyLineWriter writer = new CopyLineWriter(options, plan.columns(), session.io());
      if (options.header() != CopyOptions.Header.NONE) {
        writer.header(buffer);
      }
      Batch batch;
      while ((batch = running.next(Batch.ROWS_MAX)) != null) {
        for (int i = 0; i < batch.rowCount(); i++) {
          writer.row(buffer, batch, batch.rowIndex(i));
        }
        rows += batch.rowCount();
        out.write(buffer.array(), 0, buffer.size());
        buffer.clear();
      }
      out.write(buffer.array(), 0, buffer.size());
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not open file \"" + path + "\" for writing: " + e.getMessage(), e);
    }
    session.sink().commandComplete("COPY " + rows);
  }

  private static Path serverFile(String name) {
    Path path = Path.of(name);
    if (!path.isAbsolute()) {
      throw new SqlException(SqlState.INVALID_NAME, "relative path not allowed for COPY to file");
    }
    return path;
  }

  // ---- FROM ----

  private void from() {
    if (statement.query() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "COPY query FROM is not possible");
    }
    Relation relation = table();
    if (!(relation instanceof Relation.Table table) || table.kind() == 'm') {
      String kind = relation instanceof Relation.View ? "view" : relation instanceof Relation.Sequence ? "sequence" : "materialized view";
      SqlException error = new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot copy to " + kind + " \"" + relation.name() + "\"");
      throw kind.equals("view") ? error.withHint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.") : error;
    }
    if (session.transactions().current().isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute COPY FROM in a read-only transaction");
    }
    int[] columns = attnums(table).stream().mapToInt(Integer::intValue).toArray();
    checkForced(table, columns);
    CopyTarget target = TableCopyTarget.open(session, table, columns, statement.where());
    CopyIn copy = new CopyIn(session, table, columns, options, target);
    if (statement.file() != null) {
      fromFile(copy, Path.of(statement.file()));
      return;
    }
    session.simple().beginCopyIn(copy);
    session.sink().copyInBegin(columns.length, false);
  }

  private void checkForced(Relation.Table table, int[] columns) {
    for (String name : options.forceNotNull()) {
      checkForced(table, columns, name, "FORCE_NOT_NULL");
    }
    for (String name : options.forceNull()) {
      checkForced(table, columns, name, "FORCE_NULL");
    }
  }

  private static void checkForced(Relation.Table table, int[] columns, String name, String option) {
    for (int attnum : columns) {
      if (table.columns().get(attnum - 1).name().equals(name)) {
        return;
      }
    }
    throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, option + " column \"" + name + "\" not referenced by COPY");
  }

  private void fromFile(CopyIn copy, Path path) {
    byte[] buffer = new byte[CHUNK_BYTES];
    try (InputStream in = Files.newInputStream(path)) {
      int count;
      while (copy.error() == null && (count = in.read(buffer)) >= 0) {
        copy.data(buffer, 0, count);
      }
    } catch (NoSuchFileException e) {
      copy.abort();
      throw new SqlException(SqlState.UNDEFINED_FILE, "could not open file \"" + path + "\" for reading: No such file or directory")
          .withHint("COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \\copy.");
    } catch (IOException e) {
      copy.abort();
      throw new SqlException(SqlState.IO_ERROR, "could not read file \"" + path + "\": " + e.getMessage(), e);
    }
    copy.finish();
  }

  // ---- names ----

  private Relation table() {
    QualifiedName name = statement.table();
    Relation relation = session.relation(name);
    if (relation instanceof Relation.Index) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot open relation \"" + relation.name() + "\"");
    }
    return relation;
  }

  private List<Integer> attnums(Relation relation) {
    List<Integer> attnums = new ArrayList<>();
    if (statement.columns().isEmpty()) {
      for (Relation.Column column : relation.columns()) {
        if (!column.dropped() && column.generated() == 0) {
          attnums.add(column.attnum());
        }
      }
      return attnums;
    }
    Set<String> seen = new HashSet<>();
    for (Name name : statement.columns()) {
      Relation.Column column = find(relation, name.text());
      if (column == null) {
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name.text() + "\" of relation \"" + relation.name() + "\" does not exist");
      }
      if (column.generated() != 0) {
        throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "column \"" + name.text() + "\" is a generated column")
            .withDetail("Generated columns cannot be used in COPY.");
      }
      if (!seen.add(name.text())) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + name.text() + "\" specified more than once");
      }
      attnums.add(column.attnum());
    }
    return attnums;
  }

  private static Relation.@Nullable Column find(Relation relation, String name) {
    for (Relation.Column column : relation.columns()) {
      if (!column.dropped() && column.name().equals(name)) {
        return column;
      }
    }
    return null;
  }

}
