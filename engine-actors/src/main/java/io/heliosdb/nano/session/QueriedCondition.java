package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A condition with sub-queries, asked about many row versions at once by a query over them: the sub-queries see the present state, under the privileges
/// and policies of whoever runs the statement.
///
/// The versions go into the query as arrays of text, one per column, which are cast back to the columns' types: arrays of the types themselves
/// would not do for columns that are arrays, nor for domains, whose checks may be younger than the version.
final class QueriedCondition {
  private static final String NUMBER = "heliosdb_version_number";

  private final ParsedStatement query;
  private final List<Relation.Column> columns = new ArrayList<>();
  private final List<PgType> types = new ArrayList<>();
  private final List<@Nullable PgType> parameterTypes = new ArrayList<>();

  QueriedCondition(SessionCore session, VersionStatement.Erase statement, Relation.Table table, CatalogSnapshot catalog) {
    // The first array makes sure that there is one.
    parameterTypes.add(session.catalog().byOid(PgTypes.TEXT.arrayOid()));
    StringBuilder arrays = new StringBuilder("pg_catalog.unnest($1)");
    StringBuilder names = new StringBuilder("c0");
    StringBuilder casts = new StringBuilder();
    for (Relation.Column column : table.columns()) {
      if (column.dropped()) {
        continue;
      }
      PgType type = catalog.byOid(column.typeOid());
      int typmod = column.typmod();
      if (type.isDomain()) {
        typmod = type.baseTypmod();
        type = type.ultimateBase();
      }
      columns.add(column);
      types.add(type);
      parameterTypes.add(parameterTypes.getFirst());
      arrays.append(", pg_catalog.unnest($").append(columns.size() + 1).append(')');
      names.append(", c").append(columns.size());
      casts.append(", CAST(v.c").append(columns.size()).append(" AS ").append(TypeIo.typeName(type, typmod, session.io().types())).append(')');
      var collation = column.collationOid() == type.collationOid() ? null : catalog.collation(column.collationOid());
      if (collation != null) {
        casts.append(" COLLATE ").append(Identifiers.quote(collation.name()));
      }
      casts.append(" AS ").append(Identifiers.quote(column.name()));
    }
    String alias = Identifiers.quote(statement.alias() == null ? table.name() : statement.alias());
    ParsedStatement parsed = Parser.parseSingle(
        "SELECT " + alias + "." + NUMBER + " FROM (SELECT v." + NUMBER + casts + " FROM ROWS FROM (" + arrays + ") WITH ORDINALITY AS v("
            + names + ", " + NUMBER + ")) AS " + alias, session.parseSettings());
    SelectStatement select = (SelectStatement) parsed.statement();
    SelectStatement.SelectCore core = (SelectStatement.SelectCore) select.body();
    SelectStatement.SelectCore limited = new SelectStatement.SelectCore(
        core.distinct(), core.targets(), core.into(), core.from(), statement.where(), core.groupBy(), core.groupByDistinct(), core.having(), core.windows(),
        core.position());
    query = new ParsedStatement(
        new SelectStatement(select.with(), limited, select.orderBy(), select.limit(), select.locking(), select.position()), parsed.source(), 0,
        parsed.source().length(), parameterTypes.size());
  }

  /// The relations that the condition reads.
  List<Integer> relations(SessionCore session) {
    CachedPlan plan = session.queries().plan((SelectStatement) query.statement(), parameterTypes);
    return plan.analyzed.dependencies().stream().map(AnalyzedStatement.Dependency::relation).toList();
  }

  /// Which of the versions meet the condition.
  BitSet ask(SessionCore session, List<@Nullable Object[]> versions) {
    Object[] arrays = new Object[columns.size() + 1];
    arrays[0] = PgArray.of(PgTypes.TEXT, new Object[versions.size()]);
    for (int c = 0; c < columns.size(); c++) {
      int at = columns.get(c).attnum() - 1;
      Object[] texts = new Object[versions.size()];
      for (int i = 0; i < texts.length; i++) {
        Object value = versions.get(i)[at];
        texts[i] = value == null ? null : TypeIo.toText(types.get(c), value, session.io());
      }
      arrays[c + 1] = PgArray.of(PgTypes.TEXT, texts);
    }
    BitSet accepted = new BitSet();
    for (Object[] row : NestedStatements.run(session, query, arrays, parameterTypes).rows()) {
      accepted.set(((Number) row[0]).intValue() - 1);
    }
    return accepted;
  }
}
