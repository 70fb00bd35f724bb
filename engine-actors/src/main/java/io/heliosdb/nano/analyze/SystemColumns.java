package io.heliosdb.nano.analyze;

import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;

/// The columns every table has without saying so. Source: PostgreSQL 15 manual, "System Columns".
final class SystemColumns {
  static final int CTID = -1;
  static final int XMIN = -2;
  static final int CMIN = -3;
  static final int XMAX = -4;
  static final int CMAX = -5;
  static final int TABLEOID = -6;
  /// Our own: identity of a row version, hidden (contract of `LogicalPlan.Scan`).
  static final int ROW_IDENTITY = -7;

  private SystemColumns() {}

  /// 0 if there is no such system column.
  static int attno(String name) {
    return switch (name) {
      case "ctid" -> CTID;
      case "xmin" -> XMIN;
      case "cmin" -> CMIN;
      case "xmax" -> XMAX;
      case "cmax" -> CMAX;
      case "tableoid" -> TABLEOID;
      default -> 0;
    };
  }

  static String name(int attno) {
    return switch (attno) {
      case CTID -> "ctid";
      case XMIN -> "xmin";
      case CMIN -> "cmin";
      case XMAX -> "xmax";
      case CMAX -> "cmax";
      case TABLEOID -> "tableoid";
      default -> "rowid";
    };
  }

  static PgType type(int attno) {
    return switch (attno) {
      case CTID -> PgTypes.TID;
      case XMIN, XMAX -> PgTypes.XID;
      case CMIN, CMAX -> PgTypes.CID;
      case TABLEOID -> PgTypes.OID;
      default -> PgTypes.BYTEA;
    };
  }
}
