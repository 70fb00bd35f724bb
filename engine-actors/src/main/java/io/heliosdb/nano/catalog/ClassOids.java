package io.heliosdb.nano.catalog;

/// Oids of the system relations that object addresses name.
public final class ClassOids {
  public static final int ATTRDEF = 2604;
  public static final int AUTHID = 1260;
  public static final int CAST = 2605;
  public static final int CLASS = 1259;
  public static final int COLLATION = 3456;
  public static final int CONSTRAINT = 2606;
  public static final int DATABASE = 1262;
  public static final int DEFAULT_ACL = 826;
  public static final int EVENT_TRIGGER = 3466;
  public static final int EXTENSION = 3079;
  public static final int FOREIGN_DATA_WRAPPER = 2328;
  public static final int FOREIGN_SERVER = 1417;
  public static final int FOREIGN_TABLE = 3118;
  public static final int LANGUAGE = 2612;
  public static final int LARGE_OBJECT = 2613;
  public static final int NAMESPACE = 2615;
  public static final int OPERATOR = 2617;
  public static final int POLICY = 3256;
  public static final int PROC = 1255;
  public static final int PUBLICATION = 6104;
  public static final int PUBLICATION_NAMESPACE = 6237;
  public static final int PUBLICATION_RELATION = 6106;
  public static final int REWRITE = 2618;
  public static final int STATISTIC_EXT = 3381;
  public static final int SUBSCRIPTION = 6100;
  public static final int TABLESPACE = 1213;
  public static final int TRIGGER = 2620;
  public static final int TS_CONFIG = 3602;
  public static final int TS_DICT = 3600;
  public static final int TS_PARSER = 3601;
  public static final int TS_TEMPLATE = 3764;
  public static final int TYPE = 1247;
  public static final int USER_MAPPING = 1418;

  private ClassOids() {}
}
