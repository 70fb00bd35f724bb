package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;

/// The type of an entry's whole row.
final class RowTypes {
  private RowTypes() {}

  static PgType of(Analysis analysis, RangeEntry entry) {
    Relation relation = entry.view != null ? entry.view : entry.relation;
    int oid =
        switch (relation) {
          case null -> 0;
          case Relation.Table table -> table.rowTypeOid();
          case Relation.View view -> view.rowTypeOid();
          case Relation.SystemRelation system -> system.rowTypeOid();
          case Relation.Composite composite -> composite.rowTypeOid();
          default -> 0;
        };
    PgType type = oid == 0 ? null : analysis.catalog.findByOid(oid);
    if (type != null) {
      return type;
    }
    if (entry.kind == RangeEntry.Kind.FUNCTION && entry.functions.size() == 1 && !entry.ordinality
        && entry.functions.getFirst().call().type().isComposite()) {
      return entry.functions.getFirst().call().type();
    }
    return PgTypes.RECORD;
  }
}
