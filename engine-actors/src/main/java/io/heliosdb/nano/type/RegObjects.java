package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;

/// Names of catalog objects for regclass and its siblings; implemented by the catalog. Oids are unsigned in a `long`.
public interface RegObjects {
  /// Without a catalog: names are refused, oids print as numbers.
  RegObjects NUMBERS_ONLY = new RegObjects() {
    @Override
    public long lookup(PgType regType, String name) {
      throw SqlException.notSupported("a name of type " + regType.name() + " without a catalog");
    }

    @Override
    public String display(PgType regType, long oid) {
      return Long.toString(oid);
    }
  };

  /// The oid of the object named in `name`, which is neither `-` nor a number.
  ///
  /// @throws SqlException 42P01, 42883, 42704 and so on when there is no such object, 42602 when the name is malformed
  long lookup(PgType regType, String name);

  /// The name to show for a non-zero oid; the oid in digits when there is no such object.
  String display(PgType regType, long oid);
}
