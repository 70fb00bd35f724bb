package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.catalog.Catalog.DomainDetails;
import io.heliosdb.nano.catalog.Catalog.EnumDetails;
import io.heliosdb.nano.catalog.Catalog.EnumLabel;
import io.heliosdb.nano.catalog.Catalog.RangeDetails;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.Catalog.TypeDetails;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.type.PgType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Rows of types. What follows from the kind of type (length, category, I/O functions) is not stored.
final class TypeCodec {
  private TypeCodec() {}

  static byte[] encode(TypeObject object) {
    TypeDef definition = object.definition();
    PgType type = definition.type();
    RecordWriter out = new RecordWriter().number(1, object.version()).number(2, type.oid()).text(3, type.name())
        .number(4, type.namespaceOid()).number(5, definition.ownerOid()).number(6, type.kind()).number(9, type.elementOid())
        .number(10, type.arrayOid()).number(11, type.relationOid()).number(12, type.collationOid()).number(13, type.baseOid())
        .number(14, type.baseTypmod() + 1L);
    RelationCodec.acl(out, 7, 8, definition.acl());
    switch (definition.details()) {
      case EnumDetails labels -> {
        for (EnumLabel label : labels.labels()) {
          out.nested(20, new RecordWriter().number(1, label.oid()).text(2, label.label()).number(3, Float.floatToIntBits(label.sortOrder())));
        }
      }
      case DomainDetails domain -> {
        out.flag(21, domain.notNull()).text(22, domain.defaultExpression());
        domain.checks().forEach(check -> out.nested(23, RelationCodec.constraint(check)));
      }
      case RangeDetails range -> out.number(24, range.subtypeOid()).number(25, range.multirangeOid()).number(26, range.collationOid())
          .number(27, range.canonicalFunction()).number(28, range.subtypeDiffFunction());
      case null -> { }
    }
    return out.toByteArray();
  }

  /// Decodes all types of a catalog; a type's row may come before that of the type it is built on.
  static final class Decoder {
    private final Map<Integer, RecordReader> rows = new HashMap<>();
    private final Map<Integer, PgType> done = new HashMap<>();
    private final IntFunction<@Nullable PgType> known;

    /// @param known built-in types, and those of the snapshot that the rows are laid over
    Decoder(IntFunction<@Nullable PgType> known) {
      this.known = known;
    }

    void add(byte[] row) {
      RecordReader in = new RecordReader(row);
      rows.put(in.integer(2), in);
    }

    TypeObject object(int oid) {
      RecordReader in = rows.get(oid);
      TypeDef definition = new TypeDef(type(oid), in.integer(5), RelationCodec.acl(in, 7, 8), details(in));
      return new TypeObject(definition, in.number(1));
    }

    private PgType type(int oid) {
      PgType type = done.get(oid);
      if (type == null) {
        RecordReader in = rows.get(oid);
        type = in == null ? known.apply(oid) : build(in);
        if (type == null) {
          throw RecordReader.corrupted();
        }
        done.put(oid, type);
      }
      return type;
    }

    private PgType build(RecordReader in) {
      int oid = in.integer(2);
      String name = in.requiredText(3);
      int namespaceOid = in.integer(4);
      int arrayOid = in.integer(10);
      return switch (in.character(6)) {
        case PgType.ENUM -> PgType.ofEnum(oid, name, namespaceOid, arrayOid);
        case PgType.COMPOSITE -> PgType.ofComposite(oid, name, namespaceOid, in.integer(11), arrayOid);
        case PgType.DOMAIN ->
            PgType.ofDomain(oid, name, namespaceOid, type(in.integer(13)), (int) (in.number(14) - 1), arrayOid, in.integer(12));
        case PgType.RANGE -> PgType.ofRange(oid, name, namespaceOid, arrayOid);
        case PgType.MULTIRANGE -> PgType.ofMultirange(oid, name, namespaceOid, arrayOid);
        default -> PgType.ofArray(oid, name, type(in.integer(9))).toBuilder().namespace(namespaceOid).build();
      };
    }

    private static @Nullable TypeDetails details(RecordReader in) {
      return switch (in.character(6)) {
        case PgType.ENUM -> new EnumDetails(in.allNested(20).stream()
            .map(label -> new EnumLabel(label.integer(1), label.requiredText(2), Float.intBitsToFloat(label.integer(3)))).toList());
        case PgType.DOMAIN ->
            new DomainDetails(in.flag(21), in.text(22), in.allNested(23).stream().map(RelationCodec::constraint).toList());
        case PgType.RANGE, PgType.MULTIRANGE ->
            new RangeDetails(in.integer(24), in.integer(25), in.integer(26), in.integer(27), in.integer(28));
        default -> null;
      };
    }
  }
}
