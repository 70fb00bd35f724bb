package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.RowSource;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// COPY between a table or query and the client, a file of the server or a program, in any of the formats of
/// [io.heliosdb.nano.copy.CopyFormats].
final class CopyStatement {
  private static final int PIECE_BYTES = 64 * 1024;

  private final SessionCore session;
  private final UtilityStatement.Copy statement;
  private final CopyOptions options;

  CopyStatement(SessionCore session, UtilityStatement.Copy statement) {
    this.session = session;
    this.statement = statement;
    this.options = CopyOptions.of(
        statement.options(), statement.from(), statement.program() ? null : statement.file(), session.settings().get("client_encoding"));
  }

  void run() {
    if (statement.file() != null) {
      CopyFiles.checkRole(session, statement.from(), statement.program());
    }
    if (statement.from()) {
      from();
    } else {
      to();
    }
  }

  private CopyProgress progress(int relation, long bytesTotal) {
    String type = statement.program() ? "PROGRAM" : statement.file() != null ? "FILE" : "PIPE";
    return session.engine().copies().begin(session, relation, statement.from(), type, bytesTotal);
  }

  // ---- TO ----

  private void to() {
    Preparable query = statement.query();
    int relation = 0;
    if (query == null) {
      relation = table().oid();
      query = tableQuery();
    }
    source = query;
    io.heliosdb.nano.analyze.Analyzer.checkRulesForCopy(query, session.queries().analyzerContext(List.of()));
    CachedPlan first = session.queries().plan(query, List.of());
    CachedPlan plan = session.queries().atMoments(first, new Object[0], source(first));
    if (!plan.returnsRows()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
    }
    checkForceQuote(plan);
    CopyProgress progress = progress(relation, 0);
    try {
      long rows = statement.file() == null ? toClient(plan, progress)
          : statement.program() ? toProgram(plan, progress, statement.file())
          : toFile(plan, progress, CopyFiles.writable(session, statement.file()));
      session.sink().commandComplete("COPY " + rows);
    } finally {
      progress.end();
    }
  }

  private void checkForceQuote(CachedPlan plan) {
    if (options.forceQuote() == null) {
      return;
    }
    for (String name : options.forceQuote()) {
      if (plan.columns().stream().noneMatch(column -> column.name().equals(name))) {
        if (statement.table() != null && find(table(), name) == null) {
          throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" of relation \"" + table().name() + "\" does not exist");
        }
        throw statement.table() != null
            ? new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "FORCE_QUOTE column \"" + name + "\" not referenced by COPY")
            : new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
      }
    }
  }

  /// What goes out, once it is known.
  private @Nullable Preparable source;

  private QueryExecutor.PlanSource source(CachedPlan plan) {
    return QueryExecutor.PlanSource.sameShape(plan, () -> session.queries().plan(java.util.Objects.requireNonNull(source), List.of()));
  }

  private RowSource rows(CachedPlan plan) {
    List<CopyColumn> columns = new ArrayList<>();
    plan.columns().forEach(column -> columns.add(new CopyColumn(column.name(), column.type(), column.typmod())));
    String name = statement.table() == null ? "query" : qualified(table());
    return new RowSource(name, columns, session.io());
  }

  private String qualified(Relation relation) {
    String namespace = session.catalog().namespace(relation.namespaceOid()).name();
    return SqlQuoting.identifier(namespace) + "." + SqlQuoting.identifier(relation.name());
  }

  private long toClient(CachedPlan plan, CopyProgress progress) {
    ResultSink sink = session.sink();
    try (QueryExecutor.Running running = session.queries().start(plan, new Object[0], source(plan))) {
      CopyOut out = new CopyOut(session, options, rows(plan), progress, sink::copyOutData);
      sink.copyOutBegin(plan.columns().size(), options.format().binary());
      long rows = out.run(running, 0);
      sink.copyOutEnd();
      return rows;
    }
  }

  private long toFile(CachedPlan plan, CopyProgress progress, Path path) {
    try (CopyFiles.Output file = new CopyFiles.Output(path, statement.file());
        QueryExecutor.Running running = session.queries().start(plan, new Object[0], source(plan))) {
      long rows = new CopyOut(session, options, rows(plan), progress, file::write).run(running, PIECE_BYTES);
      file.complete();
      return rows;
    }
  }

  private long toProgram(CachedPlan plan, CopyProgress progress, String command) {
    try (CopyProgram program = new CopyProgram(session, command, false);
        QueryExecutor.Running running = session.queries().start(plan, new Object[0], source(plan))) {
      long rows = new CopyOut(session, options, rows(plan), progress, program::write).run(running, PIECE_BYTES);
      program.complete();
      return rows;
    }
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
    String text = "SELECT " + String.join(", ", names) + " FROM ONLY " + qualified(relation);
    ParsedStatement parsed = Parser.parse(text, session.parseSettings()).getFirst();
    return (Preparable) parsed.statement();
  }

  // ---- FROM ----

  private void from() {
    if (statement.query() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "COPY query FROM is not possible");
    }
    Relation relation = table();
    if (relation instanceof Relation.SystemRelation) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: \"" + relation.name() + "\" is a system catalog");
    }
    if (!(relation instanceof Relation.Table table) || table.kind() == 'm') {
      String kind = relation instanceof Relation.View ? "view" : relation instanceof Relation.Sequence ? "sequence" : "materialized view";
      SqlException error = new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot copy to " + kind + " \"" + relation.name() + "\"");
      throw refused(relation, kind.equals("view") ? error.withHint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.") : error);
    }
    if (session.transactions().current().isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute COPY FROM in a read-only transaction");
    }
    checkRowSecurity(table);
    int[] columns = attnums(table).stream().mapToInt(Integer::intValue).toArray();
    checkForced(table, columns, options.forceNotNull(), "FORCE_NOT_NULL");
    checkForced(table, columns, options.forceNull(), "FORCE_NULL");
    checkFreeze(table);
    if (statement.file() == null) {
      session.simple().beginCopyIn(begin(table, columns, 0));
      session.sink().copyInBegin(columns.length, options.format().binary());
    } else if (statement.program()) {
      fromProgram(table, columns, statement.file());
    } else {
      fromFile(table, columns, CopyFiles.readable(session, statement.file()));
    }
  }

  /// What is wrong with the table itself PostgreSQL finds out when it has told the client to send: a script's data is still taken for data then.
  private SqlException refused(Relation relation, SqlException error) {
    if (statement.file() == null) {
      session.sink().copyInBegin(attnums(relation).size(), options.format().binary());
    }
    return error;
  }

  private CopyIn begin(Relation.Table table, int[] columns, long bytesTotal) {
    CopyProgress progress = progress(table.oid(), bytesTotal);
    TableCopyTarget target = null;
    try {
      target = TableCopyTarget.open(session, table, columns, statement.where(), progress);
      return new CopyIn(session, table, columns, options, target, progress);
    } catch (RuntimeException | Error e) {
      progress.end();
      if (target != null) {
        target.close();
      }
      throw e;
    }
  }

  private void checkRowSecurity(Relation.Table table) {
    Catalog.Role role = session.currentRole();
    boolean exempt = role.superuser() || role.bypassRls()
        || !table.forceRowSecurity() && Privileges.isMemberOf(session.catalog(), role.oid(), table.ownerOid());
    if (table.rowSecurity() && !exempt) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "COPY FROM not supported with row-level security").withHint("Use INSERT statements instead.");
    }
  }

  /// FREEZE promises what is true anyway of a table that this transaction has made: nobody else sees its rows before the commit.
  private void checkFreeze(Relation.Table table) {
    if (!options.freeze()) {
      return;
    }
    if (table.isPartitioned()) {
      throw refused(table, new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot perform COPY FREEZE on a partitioned table"));
    }
    if (session.branchState().catalog().relation(table.oid()) instanceof Relation.Table committed && committed.storageId() == table.storageId()) {
      throw refused(table, new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction"));
    }
  }

  private static void checkForced(Relation.Table table, int[] columns, List<String> names, String option) {
    for (int attnum : attnums(table, names)) {
      if (java.util.Arrays.stream(columns).noneMatch(column -> column == attnum)) {
        throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, option + " column \"" + table.columns().get(attnum - 1).name() + "\" not referenced by COPY");
      }
    }
  }

  private void fromFile(Relation.Table table, int[] columns, Path path) {
    long size;
    try {
      size = Files.size(path);
    } catch (IOException e) {
      throw CopyFiles.failed("could not stat file \"" + statement.file() + "\"", e);
    }
    CopyIn copy = begin(table, columns, size);
    try {
      copy.file(path);
      copy.complete();
    } catch (IOException e) {
      throw CopyFiles.failed("could not read from COPY file", e);
    } finally {
      copy.abort();
    }
  }

  private void fromProgram(Relation.Table table, int[] columns, String command) {
    try (CopyProgram program = new CopyProgram(session, command, true)) {
      CopyIn copy = begin(table, columns, 0);
      try {
        byte[] buffer = new byte[PIECE_BYTES];
        int count;
        while ((count = program.output().read(buffer)) >= 0) {
          copy.data(buffer, 0, count);
        }
        program.complete();
        copy.finish();
      } catch (IOException e) {
        throw CopyFiles.failed("could not read from COPY program", e);
      } finally {
        copy.abort();
      }
    }
  }

  // ---- names ----

  private Relation table() {
    QualifiedName name = statement.table();
    // COPY's errors have no position in PostgreSQL.
    Relation relation = session.relation(new QualifiedName(name.parts(), 0));
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
    return attnums(relation, statement.columns().stream().map(Name::text).toList());
  }

  /// The columns of a list, each of which must be there once and hold data of its own.
  private static List<Integer> attnums(Relation relation, List<String> names) {
    List<Integer> attnums = new ArrayList<>();
    for (String name : names) {
      Relation.Column column = find(relation, name);
      if (column == null) {
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" of relation \"" + relation.name() + "\" does not exist");
      }
      if (column.generated() != 0) {
        throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "column \"" + name + "\" is a generated column")
            .withDetail("Generated columns cannot be used in COPY.");
      }
      if (attnums.contains(column.attnum())) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
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
