package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.VersionClause;
import java.util.List;

/// What analysis asks of the past: which schema a moment (AS OF …) means. Confined to one session.
public interface History {
  /// Stands for a moment that only a run can tell, because it depends on parameters or a sub-query.
  long UNKNOWN = -1;

  /// The SCN that a moment means now, [#UNKNOWN] when that is not known yet.
  ///
  /// @throws SqlException 22004, 22023 for moments that do not exist
  long scn(VersionClause.Moment moment, AnalyzerContext context);

  /// The SCN of the setting `heliosdb.as_of`, [#UNKNOWN] when it is not set.
  long sessionScn();

  /// Whether a relation of the present catalog (with its indexes and partitions) was at `scn` what it is now.
  boolean isUnchangedSince(Relation relation, long scn);

  /// The session's branch as of an SCN.
  Catalog catalogAt(long scn);

  /// The error for a name that meant nothing then; `present` is what it means now, if anything.
  SqlException missing(String name, @org.jspecify.annotations.Nullable Relation present, long scn);

  /// The present catalogs of the branches that the session's branch was forked from: their policies count for what it shows, too.
  List<Catalog> ancestors();
}
