package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Expression;
import java.util.ArrayList;
import java.util.List;

/// Names of index columns as PostgreSQL gives them: the column's, a function's, or `expr`, numbered when taken.
final class IndexColumns {
  private IndexColumns() {}

  static List<String> names(Relation.Index index, Catalog catalog) {
    List<String> names = new ArrayList<>();
    Relation table = catalog.relation(index.tableOid());
    for (Relation.Index.Key key : index.keys()) {
      String base = key.attnum() > 0 && table != null ? table.columns().get(key.attnum() - 1).name() : ofExpression(key.expression());
      String name = base;
      for (int i = 1; names.contains(name); i++) {
        name = base + i;
      }
      names.add(name);
    }
    return names;
  }

  private static String ofExpression(@org.jspecify.annotations.Nullable String text) {
    Expression expression = text == null ? null : Parser.parseExpression(text);
    return expression instanceof Expression.FunctionCall call ? call.name().name() : "expr";
  }
}
