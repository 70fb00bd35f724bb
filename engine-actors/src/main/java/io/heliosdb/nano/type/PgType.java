package io.heliosdb.nano.type;

import org.jspecify.annotations.Nullable;

/// A SQL type as `pg_type` describes it. Immutable; two instances are equal when their oids are.
///
/// Built-in types are constants of [PgTypes]; the catalog builds the others with [Builder]. A domain carries the family
/// and representation of its base type. Names of functions are `"-"` where the type has none.
/// Source: PostgreSQL 15 manual, "pg_type".
public final class PgType {
  /// `pg_type.typtype`: base, composite, domain, enum, pseudo, range, multirange.
  public static final char BASE = 'b';
  public static final char COMPOSITE = 'c';
  public static final char DOMAIN = 'd';
  public static final char ENUM = 'e';
  public static final char PSEUDO = 'p';
  public static final char RANGE = 'r';
  public static final char MULTIRANGE = 'm';

  private final Builder b;
  private final TypeFamily family;

  private PgType(Builder builder, TypeFamily family) {
    this.b = builder;
    this.family = family;
  }

  public static Builder builder(int oid, String name) {
    return new Builder(oid, name);
  }

  /// An enum type as `CREATE TYPE … AS ENUM` makes it.
  public static PgType ofEnum(int oid, String name, int namespaceOid, int arrayOid) {
    return builder(oid, name).namespace(namespaceOid).kind(ENUM).category('E').length(4).byValue(true).align('i').storage('p')
        .array(arrayOid).io("enum_in", "enum_out", "enum_recv", "enum_send").build();
  }

  /// The row type of a relation, or a type made by `CREATE TYPE … AS (…)`.
  public static PgType ofComposite(int oid, String name, int namespaceOid, int relationOid, int arrayOid) {
    return builder(oid, name).namespace(namespaceOid).kind(COMPOSITE).category('C').relation(relationOid).align('d').storage('x')
        .array(arrayOid).io("record_in", "record_out", "record_recv", "record_send").build();
  }

  /// A domain over `base`, which may be a domain itself.
  public static PgType ofDomain(int oid, String name, int namespaceOid, PgType base, int baseTypmod, int arrayOid, int collationOid) {
    return builder(oid, name).namespace(namespaceOid).kind(DOMAIN).category(base.category()).length(base.length())
        .byValue(base.byValue()).align(base.align()).storage(base.storage()).base(base, baseTypmod).array(arrayOid)
        .collation(collationOid).io("domain_in", base.output(), "domain_recv", base.send()).build();
  }

  public static PgType ofRange(int oid, String name, int namespaceOid, int arrayOid) {
    return builder(oid, name).namespace(namespaceOid).kind(RANGE).category('R').align('d').storage('x').array(arrayOid)
        .io("range_in", "range_out", "range_recv", "range_send").build();
  }

  public static PgType ofMultirange(int oid, String name, int namespaceOid, int arrayOid) {
    return builder(oid, name).namespace(namespaceOid).kind(MULTIRANGE).category('R').align('d').storage('x').array(arrayOid)
        .io("multirange_in", "multirange_out", "multirange_recv", "multirange_send").build();
  }

  /// The array type over `element`, named as PostgreSQL names it (the caller makes the name unique).
  public static PgType ofArray(int oid, String name, PgType element) {
    return builder(oid, name).namespace(element.namespaceOid()).category('A').element(element.oid()).delimiter(element.delimiter())
        .align(element.align() == 'd' ? 'd' : 'i').storage('x').collation(element.collationOid())
        .io("array_in", "array_out", "array_recv", "array_send").modifiers(element.typmodIn(), element.typmodOut())
        .subscript("array_subscript_handler").analyze("array_typanalyze").build();
  }

  public int oid() {
    return b.oid;
  }

  public String name() {
    return b.name;
  }

  public int namespaceOid() {
    return b.namespaceOid;
  }

  /// `typlen`: bytes, -1 for variable length, -2 for a C string.
  public int length() {
    return b.length;
  }

  public boolean byValue() {
    return b.byValue;
  }

  /// `typtype`: one of the constants of this class.
  public char kind() {
    return b.kind;
  }

  public char category() {
    return b.category;
  }

  public boolean preferred() {
    return b.preferred;
  }

  public char delimiter() {
    return b.delimiter;
  }

  /// The relation whose rows have this composite type, 0 for others.
  public int relationOid() {
    return b.relationOid;
  }

  /// `typelem`: the type that subscripting yields, 0 for none.
  public int elementOid() {
    return b.elementOid;
  }

  /// The array type over this type, 0 for none.
  public int arrayOid() {
    return b.arrayOid;
  }

  /// For a domain the type it was declared over, 0 for others.
  public int baseOid() {
    return b.base == null ? b.baseOid : b.base.oid();
  }

  /// For a domain the modifier of its base type, -1 for none.
  public int baseTypmod() {
    return b.baseTypmod;
  }

  public int collationOid() {
    return b.collationOid;
  }

  public boolean collatable() {
    return b.collationOid != 0;
  }

  public String input() {
    return b.input;
  }

  public String output() {
    return b.output;
  }

  public String receive() {
    return b.receive;
  }

  public String send() {
    return b.send;
  }

  public String typmodIn() {
    return b.typmodIn;
  }

  public String typmodOut() {
    return b.typmodOut;
  }

  public char align() {
    return b.align;
  }

  public char storage() {
    return b.storage;
  }

  public String subscript() {
    return b.subscript;
  }

  public String analyze() {
    return b.analyze;
  }

  public TypeFamily family() {
    return family;
  }

  public Representation representation() {
    return family.representation();
  }

  public boolean isDomain() {
    return b.kind == DOMAIN;
  }

  /// For a domain the type at the bottom of its chain of domains; otherwise this type.
  public PgType ultimateBase() {
    PgType type = this;
    while (type.b.base != null) {
      type = type.b.base;
    }
    return type;
  }

  /// For a domain the type it was declared over.
  public @Nullable PgType base() {
    return b.base;
  }

  /// An array in the sense of the `[]` syntax; int2vector and oidvector are not (PostgreSQL's "true" arrays).
  public boolean isArray() {
    return family == TypeFamily.ARRAY;
  }

  public boolean isPseudo() {
    return b.kind == PSEUDO;
  }

  public boolean isComposite() {
    return b.kind == COMPOSITE;
  }

  public boolean isEnum() {
    return family == TypeFamily.ENUM;
  }

  public boolean isRange() {
    return family == TypeFamily.RANGE;
  }

  public boolean isMultirange() {
    return family == TypeFamily.MULTIRANGE;
  }

  /// A builder with every property of this type.
  public Builder toBuilder() {
    return new Builder(b);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PgType type && type.b.oid == b.oid;
  }

  @Override
  public int hashCode() {
    return b.oid;
  }

  @Override
  public String toString() {
    return b.name + "(" + b.oid + ")";
  }

  /// Collects the properties of a type; confined to its caller.
  public static final class Builder {
    private final int oid;
    private String name;
    private int namespaceOid = PgTypes.PG_CATALOG_NAMESPACE;
    private int length = -1;
    private boolean byValue;
    private char kind = BASE;
    private char category = 'U';
    private boolean preferred;
    private char delimiter = ',';
    private int relationOid;
    private int elementOid;
    private int arrayOid;
    private int baseOid;
    private @Nullable PgType base;
    private int baseTypmod = -1;
    private int collationOid;
    private String input = "-";
    private String output = "-";
    private String receive = "-";
    private String send = "-";
    private String typmodIn = "-";
    private String typmodOut = "-";
    private char align = 'i';
    private char storage = 'x';
    private String subscript = "-";
    private String analyze = "-";

    private Builder(int oid, String name) {
      this.oid = oid;
      this.name = name;
    }

    private Builder(Builder o) {
      oid = o.oid;
      name = o.name;
      namespaceOid = o.namespaceOid;
      length = o.length;
      byValue = o.byValue;
      kind = o.kind;
      category = o.category;
      preferred = o.preferred;
      delimiter = o.delimiter;
      relationOid = o.relationOid;
      elementOid = o.elementOid;
      arrayOid = o.arrayOid;
      baseOid = o.baseOid;
      base = o.base;
      baseTypmod = o.baseTypmod;
      collationOid = o.collationOid;
      input = o.input;
      output = o.output;
      receive = o.receive;
      send = o.send;
      typmodIn = o.typmodIn;
      typmodOut = o.typmodOut;
      align = o.align;
      storage = o.storage;
      subscript = o.subscript;
      analyze = o.analyze;
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder namespace(int value) {
      namespaceOid = value;
      return this;
    }

    public Builder length(int value) {
      length = value;
      return this;
    }

    public Builder byValue(boolean value) {
      byValue = value;
      return this;
    }

    public Builder kind(char value) {
      kind = value;
      return this;
    }

    public Builder category(char value) {
      category = value;
      return this;
    }

    public Builder preferred(boolean value) {
      preferred = value;
      return this;
    }

    public Builder delimiter(char value) {
      delimiter = value;
      return this;
    }

    public Builder relation(int value) {
      relationOid = value;
      return this;
    }

    public Builder element(int value) {
      elementOid = value;
      return this;
    }

    public Builder array(int value) {
      arrayOid = value;
      return this;
    }

    public Builder base(PgType value, int typmod) {
      base = value;
      baseTypmod = typmod;
      return this;
    }

    public Builder collation(int value) {
      collationOid = value;
      return this;
    }

    public Builder io(String in, String out, String recv, String binarySend) {
      input = in;
      output = out;
      receive = recv;
      send = binarySend;
      return this;
    }

    public Builder modifiers(String in, String out) {
      typmodIn = in;
      typmodOut = out;
      return this;
    }

    public Builder align(char value) {
      align = value;
      return this;
    }

    public Builder storage(char value) {
      storage = value;
      return this;
    }

    public Builder subscript(String value) {
      subscript = value;
      return this;
    }

    public Builder analyze(String value) {
      analyze = value;
      return this;
    }

    public PgType build() {
      Builder copy = new Builder(this);
      return new PgType(copy, copy.family());
    }

    private TypeFamily family() {
      if (base != null) {
        return base.family();
      }
      return switch (kind) {
        case ENUM -> TypeFamily.ENUM;
        case COMPOSITE -> TypeFamily.RECORD;
        case RANGE -> TypeFamily.RANGE;
        case MULTIRANGE -> TypeFamily.MULTIRANGE;
        default -> PgTypes.familyOfBase(oid, kind, category, elementOid);
      };
    }
  }
}
