package io.heliosdb.nano.catalog;

/// The kinds of stored catalog objects: the system relation whose oid addresses them, and where their rows stand.
///
/// Storage ids below 256 are shared by all branches; those from 256 to 999 exist once per branch. Numbers are part of the
/// stored format and never change meaning.
public enum ObjectClass {
  ROLE(1260, 10),
  DATABASE(1262, 11),
  SHARED_COMMENT(2396, 12),
  NAMESPACE(2615, 256),
  RELATION(1259, 257),
  TYPE(1247, 258),
  FUNCTION(1255, 259),
  OPERATOR(2617, 260),
  CAST(2605, 261),
  COLLATION(3456, 262),
  TRIGGER(2620, 263),
  POLICY(3256, 264),
  EXTENSION(3079, 265),
  DEFAULT_ACL(826, 266),
  STATISTICS_OBJECT(3381, 267),
  COMMENT(2609, 268),
  EXPRESSION_DEPENDENCIES(2608, 269),
  TABLE_STATISTICS(2619, 270),
  SYSTEM_ACL(3394, 271),
  RULE(2618, 272),
  TEXT_SEARCH_PARSER(3601, 280),
  TEXT_SEARCH_TEMPLATE(3764, 281),
  TEXT_SEARCH_DICTIONARY(3600, 282),
  TEXT_SEARCH_CONFIGURATION(3602, 283),
  FOREIGN_DATA_WRAPPER(2328, 290),
  FOREIGN_SERVER(1417, 291),
  USER_MAPPING(1418, 292),
  FOREIGN_TABLE(3118, 293),
  PUBLICATION(6104, 294),
  PUBLICATION_RELATION(6106, 295),
  PUBLICATION_NAMESPACE(6237, 296),
  SUBSCRIPTION(6100, 297),
  EVENT_TRIGGER(3466, 298);

  /// Storage ids up to here are the catalog's.
  public static final long LAST_CATALOG_STORAGE_ID = 999;

  private final int classOid;
  private final long storageId;

  ObjectClass(int classOid, long storageId) {
    this.classOid = classOid;
    this.storageId = storageId;
  }

  /// `pg_class` oid of the system relation that lists such objects.
  public int classOid() {
    return classOid;
  }

  public long storageId() {
    return storageId;
  }

  /// Whether the objects belong to no branch.
  public boolean isShared() {
    return storageId < 256;
  }
}
