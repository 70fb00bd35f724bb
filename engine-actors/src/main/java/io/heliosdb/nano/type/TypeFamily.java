package io.heliosdb.nano.type;

/// What the codecs switch on: one constant per kind of value. A domain has the family of its base type.
public enum TypeFamily {
  BOOL(Representation.BOOL),
  INT2(Representation.INT32),
  INT4(Representation.INT32),
  INT8(Representation.INT64),
  FLOAT4(Representation.FLOAT32),
  FLOAT8(Representation.FLOAT64),
  NUMERIC(Representation.OBJECT),
  MONEY(Representation.INT64),
  /// text, varchar, refcursor, unknown, cstring and every other type whose value is its text
  TEXT(Representation.TEXT),
  BPCHAR(Representation.TEXT),
  NAME(Representation.TEXT),
  /// the one-byte type `"char"`
  CHAR(Representation.TEXT),
  JSON(Representation.TEXT),
  XML(Representation.TEXT),
  JSONPATH(Representation.TEXT),
  JSONB(Representation.OBJECT),
  BYTEA(Representation.OBJECT),
  DATE(Representation.INT32),
  TIME(Representation.INT64),
  TIMETZ(Representation.OBJECT),
  TIMESTAMP(Representation.INT64),
  TIMESTAMPTZ(Representation.INT64),
  INTERVAL(Representation.OBJECT),
  UUID(Representation.OBJECT),
  /// oid, xid, cid
  OID(Representation.INT64),
  /// regclass, regtype and the other aliases of oid that print as names
  REG(Representation.INT64),
  XID8(Representation.INT64),
  TID(Representation.INT64),
  PG_LSN(Representation.INT64),
  BIT(Representation.OBJECT),
  VARBIT(Representation.OBJECT),
  INET(Representation.OBJECT),
  CIDR(Representation.OBJECT),
  MACADDR(Representation.OBJECT),
  MACADDR8(Representation.OBJECT),
  POINT(Representation.OBJECT),
  LSEG(Representation.OBJECT),
  PATH(Representation.OBJECT),
  BOX(Representation.OBJECT),
  POLYGON(Representation.OBJECT),
  LINE(Representation.OBJECT),
  CIRCLE(Representation.OBJECT),
  TSVECTOR(Representation.OBJECT),
  TSQUERY(Representation.OBJECT),
  VECTOR(Representation.OBJECT),
  ENUM(Representation.OBJECT),
  ARRAY(Representation.OBJECT),
  /// int2vector and oidvector: one-dimensional arrays from 0 with a text form of their own
  OLD_VECTOR(Representation.OBJECT),
  RECORD(Representation.OBJECT),
  RANGE(Representation.OBJECT),
  MULTIRANGE(Representation.OBJECT),
  VOID(Representation.TEXT),
  /// pseudo-types that no value can have
  PSEUDO(Representation.OBJECT);

  private final Representation representation;

  TypeFamily(Representation representation) {
    this.representation = representation;
  }

  public Representation representation() {
    return representation;
  }
}
