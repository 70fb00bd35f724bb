package io.heliosdb.nano.type;

import java.util.Arrays;

/// Order of tsvector and tsquery values: by size, then by content. Only its being a total order consistent with equality is
/// promised, as in PostgreSQL, which compares the sizes of its own storage first.
final class TextSearchOrder {
  private TextSearchOrder() {}

  static int compare(TsVector a, TsVector b) {
    int order = Integer.compare(a.lexemes().size(), b.lexemes().size());
    for (int i = 0; order == 0 && i < a.lexemes().size(); i++) {
      TsVector.Lexeme x = a.lexemes().get(i);
      TsVector.Lexeme y = b.lexemes().get(i);
      order = Collations.compareUtf8(x.text(), y.text());
      if (order == 0) {
        order = Integer.compare(x.positions().length, y.positions().length);
      }
      if (order == 0) {
        order = Arrays.compare(x.positions(), y.positions());
      }
    }
    return order;
  }

  static int compare(TsQuery a, TsQuery b) {
    ByteSink x = new ByteSink();
    ByteSink y = new ByteSink();
    TsText.format(a, x);
    TsText.format(b, y);
    int order = Integer.compare(x.size(), y.size());
    return order != 0 ? order : Arrays.compareUnsigned(x.array(), 0, x.size(), y.array(), 0, y.size());
  }
}
