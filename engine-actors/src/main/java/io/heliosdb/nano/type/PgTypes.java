package io.heliosdb.nano.type;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The built-in types, with PostgreSQL's oids, and lookup among them.
///
/// The facts stand in `pg_type.tsv`, taken from the catalog of PostgreSQL 15 (row types of system relations, except the
/// four with fixed oids, belong to the catalog package); `vector` and its array are ours, from oid 8000.
public final class PgTypes {
  public static final int PG_CATALOG_NAMESPACE = 11;
  public static final int INFORMATION_SCHEMA_NAMESPACE = 13207;
  public static final int DEFAULT_COLLATION = 100;
  public static final int C_COLLATION = 950;
  public static final int POSIX_COLLATION = 951;

  private static final OidTable TABLE = load();

  public static final PgType BOOL = TABLE.get(16);
  public static final PgType BYTEA = TABLE.get(17);
  public static final PgType CHAR = TABLE.get(18);
  public static final PgType NAME = TABLE.get(19);
  public static final PgType INT8 = TABLE.get(20);
  public static final PgType INT2 = TABLE.get(21);
  public static final PgType INT2VECTOR = TABLE.get(22);
  public static final PgType INT4 = TABLE.get(23);
  public static final PgType REGPROC = TABLE.get(24);
  public static final PgType TEXT = TABLE.get(25);
  public static final PgType OID = TABLE.get(26);
  public static final PgType TID = TABLE.get(27);
  public static final PgType XID = TABLE.get(28);
  public static final PgType CID = TABLE.get(29);
  public static final PgType OIDVECTOR = TABLE.get(30);
  public static final PgType PG_DDL_COMMAND = TABLE.get(32);
  public static final PgType JSON = TABLE.get(114);
  public static final PgType XML = TABLE.get(142);
  public static final PgType XML_ARRAY = TABLE.get(143);
  public static final PgType PG_NODE_TREE = TABLE.get(194);
  public static final PgType JSON_ARRAY = TABLE.get(199);
  public static final PgType TABLE_AM_HANDLER = TABLE.get(269);
  public static final PgType XID8_ARRAY = TABLE.get(271);
  public static final PgType INDEX_AM_HANDLER = TABLE.get(325);
  public static final PgType POINT = TABLE.get(600);
  public static final PgType LSEG = TABLE.get(601);
  public static final PgType PATH = TABLE.get(602);
  public static final PgType BOX = TABLE.get(603);
  public static final PgType POLYGON = TABLE.get(604);
  public static final PgType LINE = TABLE.get(628);
  public static final PgType LINE_ARRAY = TABLE.get(629);
  public static final PgType CIDR = TABLE.get(650);
  public static final PgType CIDR_ARRAY = TABLE.get(651);
  public static final PgType FLOAT4 = TABLE.get(700);
  public static final PgType FLOAT8 = TABLE.get(701);
  public static final PgType UNKNOWN = TABLE.get(705);
  public static final PgType CIRCLE = TABLE.get(718);
  public static final PgType CIRCLE_ARRAY = TABLE.get(719);
  public static final PgType MACADDR8 = TABLE.get(774);
  public static final PgType MACADDR8_ARRAY = TABLE.get(775);
  public static final PgType MONEY = TABLE.get(790);
  public static final PgType MONEY_ARRAY = TABLE.get(791);
  public static final PgType MACADDR = TABLE.get(829);
  public static final PgType INET = TABLE.get(869);
  public static final PgType BOOL_ARRAY = TABLE.get(1000);
  public static final PgType BYTEA_ARRAY = TABLE.get(1001);
  public static final PgType CHAR_ARRAY = TABLE.get(1002);
  public static final PgType NAME_ARRAY = TABLE.get(1003);
  public static final PgType INT2_ARRAY = TABLE.get(1005);
  public static final PgType INT2VECTOR_ARRAY = TABLE.get(1006);
  public static final PgType INT4_ARRAY = TABLE.get(1007);
  public static final PgType REGPROC_ARRAY = TABLE.get(1008);
  public static final PgType TEXT_ARRAY = TABLE.get(1009);
  public static final PgType TID_ARRAY = TABLE.get(1010);
  public static final PgType XID_ARRAY = TABLE.get(1011);
  public static final PgType CID_ARRAY = TABLE.get(1012);
  public static final PgType OIDVECTOR_ARRAY = TABLE.get(1013);
  public static final PgType BPCHAR_ARRAY = TABLE.get(1014);
  public static final PgType VARCHAR_ARRAY = TABLE.get(1015);
  public static final PgType INT8_ARRAY = TABLE.get(1016);
  public static final PgType POINT_ARRAY = TABLE.get(1017);
  public static final PgType LSEG_ARRAY = TABLE.get(1018);
  public static final PgType PATH_ARRAY = TABLE.get(1019);
  public static final PgType BOX_ARRAY = TABLE.get(1020);
  public static final PgType FLOAT4_ARRAY = TABLE.get(1021);
  public static final PgType FLOAT8_ARRAY = TABLE.get(1022);
  public static final PgType POLYGON_ARRAY = TABLE.get(1027);
  public static final PgType OID_ARRAY = TABLE.get(1028);
  public static final PgType ACLITEM = TABLE.get(1033);
  public static final PgType ACLITEM_ARRAY = TABLE.get(1034);
  public static final PgType MACADDR_ARRAY = TABLE.get(1040);
  public static final PgType INET_ARRAY = TABLE.get(1041);
  public static final PgType BPCHAR = TABLE.get(1042);
  public static final PgType VARCHAR = TABLE.get(1043);
  public static final PgType DATE = TABLE.get(1082);
  public static final PgType TIME = TABLE.get(1083);
  public static final PgType TIMESTAMP = TABLE.get(1114);
  public static final PgType TIMESTAMP_ARRAY = TABLE.get(1115);
  public static final PgType DATE_ARRAY = TABLE.get(1182);
  public static final PgType TIME_ARRAY = TABLE.get(1183);
  public static final PgType TIMESTAMPTZ = TABLE.get(1184);
  public static final PgType TIMESTAMPTZ_ARRAY = TABLE.get(1185);
  public static final PgType INTERVAL = TABLE.get(1186);
  public static final PgType INTERVAL_ARRAY = TABLE.get(1187);
  public static final PgType NUMERIC_ARRAY = TABLE.get(1231);
  public static final PgType CSTRING_ARRAY = TABLE.get(1263);
  public static final PgType TIMETZ = TABLE.get(1266);
  public static final PgType TIMETZ_ARRAY = TABLE.get(1270);
  public static final PgType BIT = TABLE.get(1560);
  public static final PgType BIT_ARRAY = TABLE.get(1561);
  public static final PgType VARBIT = TABLE.get(1562);
  public static final PgType VARBIT_ARRAY = TABLE.get(1563);
  public static final PgType NUMERIC = TABLE.get(1700);
  public static final PgType REFCURSOR = TABLE.get(1790);
  public static final PgType REFCURSOR_ARRAY = TABLE.get(2201);
  public static final PgType REGPROCEDURE = TABLE.get(2202);
  public static final PgType REGOPER = TABLE.get(2203);
  public static final PgType REGOPERATOR = TABLE.get(2204);
  public static final PgType REGCLASS = TABLE.get(2205);
  public static final PgType REGTYPE = TABLE.get(2206);
  public static final PgType REGPROCEDURE_ARRAY = TABLE.get(2207);
  public static final PgType REGOPER_ARRAY = TABLE.get(2208);
  public static final PgType REGOPERATOR_ARRAY = TABLE.get(2209);
  public static final PgType REGCLASS_ARRAY = TABLE.get(2210);
  public static final PgType REGTYPE_ARRAY = TABLE.get(2211);
  public static final PgType RECORD = TABLE.get(2249);
  public static final PgType CSTRING = TABLE.get(2275);
  public static final PgType ANY = TABLE.get(2276);
  public static final PgType ANYARRAY = TABLE.get(2277);
  public static final PgType VOID = TABLE.get(2278);
  public static final PgType TRIGGER = TABLE.get(2279);
  public static final PgType LANGUAGE_HANDLER = TABLE.get(2280);
  public static final PgType INTERNAL = TABLE.get(2281);
  public static final PgType ANYELEMENT = TABLE.get(2283);
  public static final PgType RECORD_ARRAY = TABLE.get(2287);
  public static final PgType ANYNONARRAY = TABLE.get(2776);
  public static final PgType TXID_SNAPSHOT_ARRAY = TABLE.get(2949);
  public static final PgType UUID = TABLE.get(2950);
  public static final PgType UUID_ARRAY = TABLE.get(2951);
  public static final PgType TXID_SNAPSHOT = TABLE.get(2970);
  public static final PgType FDW_HANDLER = TABLE.get(3115);
  public static final PgType PG_LSN = TABLE.get(3220);
  public static final PgType PG_LSN_ARRAY = TABLE.get(3221);
  public static final PgType TSM_HANDLER = TABLE.get(3310);
  public static final PgType PG_NDISTINCT = TABLE.get(3361);
  public static final PgType PG_DEPENDENCIES = TABLE.get(3402);
  public static final PgType ANYENUM = TABLE.get(3500);
  public static final PgType TSVECTOR = TABLE.get(3614);
  public static final PgType TSQUERY = TABLE.get(3615);
  public static final PgType GTSVECTOR = TABLE.get(3642);
  public static final PgType TSVECTOR_ARRAY = TABLE.get(3643);
  public static final PgType GTSVECTOR_ARRAY = TABLE.get(3644);
  public static final PgType TSQUERY_ARRAY = TABLE.get(3645);
  public static final PgType REGCONFIG = TABLE.get(3734);
  public static final PgType REGCONFIG_ARRAY = TABLE.get(3735);
  public static final PgType REGDICTIONARY = TABLE.get(3769);
  public static final PgType REGDICTIONARY_ARRAY = TABLE.get(3770);
  public static final PgType JSONB = TABLE.get(3802);
  public static final PgType JSONB_ARRAY = TABLE.get(3807);
  public static final PgType ANYRANGE = TABLE.get(3831);
  public static final PgType EVENT_TRIGGER = TABLE.get(3838);
  public static final PgType INT4RANGE = TABLE.get(3904);
  public static final PgType INT4RANGE_ARRAY = TABLE.get(3905);
  public static final PgType NUMRANGE = TABLE.get(3906);
  public static final PgType NUMRANGE_ARRAY = TABLE.get(3907);
  public static final PgType TSRANGE = TABLE.get(3908);
  public static final PgType TSRANGE_ARRAY = TABLE.get(3909);
  public static final PgType TSTZRANGE = TABLE.get(3910);
  public static final PgType TSTZRANGE_ARRAY = TABLE.get(3911);
  public static final PgType DATERANGE = TABLE.get(3912);
  public static final PgType DATERANGE_ARRAY = TABLE.get(3913);
  public static final PgType INT8RANGE = TABLE.get(3926);
  public static final PgType INT8RANGE_ARRAY = TABLE.get(3927);
  public static final PgType JSONPATH = TABLE.get(4072);
  public static final PgType JSONPATH_ARRAY = TABLE.get(4073);
  public static final PgType REGNAMESPACE = TABLE.get(4089);
  public static final PgType REGNAMESPACE_ARRAY = TABLE.get(4090);
  public static final PgType REGROLE = TABLE.get(4096);
  public static final PgType REGROLE_ARRAY = TABLE.get(4097);
  public static final PgType REGCOLLATION = TABLE.get(4191);
  public static final PgType REGCOLLATION_ARRAY = TABLE.get(4192);
  public static final PgType INT4MULTIRANGE = TABLE.get(4451);
  public static final PgType NUMMULTIRANGE = TABLE.get(4532);
  public static final PgType TSMULTIRANGE = TABLE.get(4533);
  public static final PgType TSTZMULTIRANGE = TABLE.get(4534);
  public static final PgType DATEMULTIRANGE = TABLE.get(4535);
  public static final PgType INT8MULTIRANGE = TABLE.get(4536);
  public static final PgType ANYMULTIRANGE = TABLE.get(4537);
  public static final PgType ANYCOMPATIBLEMULTIRANGE = TABLE.get(4538);
  public static final PgType PG_BRIN_BLOOM_SUMMARY = TABLE.get(4600);
  public static final PgType PG_BRIN_MINMAX_MULTI_SUMMARY = TABLE.get(4601);
  public static final PgType PG_MCV_LIST = TABLE.get(5017);
  public static final PgType PG_SNAPSHOT = TABLE.get(5038);
  public static final PgType PG_SNAPSHOT_ARRAY = TABLE.get(5039);
  public static final PgType XID8 = TABLE.get(5069);
  public static final PgType ANYCOMPATIBLE = TABLE.get(5077);
  public static final PgType ANYCOMPATIBLEARRAY = TABLE.get(5078);
  public static final PgType ANYCOMPATIBLENONARRAY = TABLE.get(5079);
  public static final PgType ANYCOMPATIBLERANGE = TABLE.get(5080);
  public static final PgType INT4MULTIRANGE_ARRAY = TABLE.get(6150);
  public static final PgType NUMMULTIRANGE_ARRAY = TABLE.get(6151);
  public static final PgType TSMULTIRANGE_ARRAY = TABLE.get(6152);
  public static final PgType TSTZMULTIRANGE_ARRAY = TABLE.get(6153);
  public static final PgType DATEMULTIRANGE_ARRAY = TABLE.get(6155);
  public static final PgType INT8MULTIRANGE_ARRAY = TABLE.get(6157);
  public static final PgType VECTOR = TABLE.get(8000);
  public static final PgType VECTOR_ARRAY = TABLE.get(8001);

  private static final Map<Integer, TypeCatalog.RangeInfo> RANGES = ranges();

  /// Lookup among the built-in types only.
  public static final TypeCatalog BUILTIN = new BuiltinCatalog();

  private PgTypes() {}

  /// The built-in type of that oid, or null.
  public static @Nullable PgType byOid(int oid) {
    return TABLE.find(oid);
  }

  /// The built-in type of that name in `pg_catalog`, or null. The name is the one of `pg_type` ("int4", not "integer").
  public static @Nullable PgType byName(String name) {
    return TABLE.byName.get(name);
  }

  /// Every built-in type in the order of oids.
  public static List<PgType> all() {
    return TABLE.list;
  }

  public static TypeCatalog.@Nullable RangeInfo rangeInfo(int rangeOid) {
    return RANGES.get(rangeOid);
  }

  public static List<TypeCatalog.RangeInfo> builtinRanges() {
    return List.of(RANGES.get(3904), RANGES.get(3906), RANGES.get(3908), RANGES.get(3910), RANGES.get(3912), RANGES.get(3926));
  }

  /// anyelement, anyarray and the other pseudo-types that stand for an argument's type.
  public static boolean isPolymorphic(int oid) {
    return switch (oid) {
      case 2283, 2277, 2776, 3500, 3831, 4537, 5077, 5078, 5079, 5080, 4538 -> true;
      default -> false;
    };
  }

  static TypeFamily familyOfBase(int oid, char kind, char category, int elementOid) {
    return switch (oid) {
      case 2287 -> TypeFamily.ARRAY;
      case 16 -> TypeFamily.BOOL;
      case 17 -> TypeFamily.BYTEA;
      case 18 -> TypeFamily.CHAR;
      case 19 -> TypeFamily.NAME;
      case 20 -> TypeFamily.INT8;
      case 21 -> TypeFamily.INT2;
      case 22, 30 -> TypeFamily.OLD_VECTOR;
      case 23 -> TypeFamily.INT4;
      case 24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191 -> TypeFamily.REG;
      case 26, 28, 29 -> TypeFamily.OID;
      case 27 -> TypeFamily.TID;
      case 114 -> TypeFamily.JSON;
      case 142 -> TypeFamily.XML;
      case 600 -> TypeFamily.POINT;
      case 601 -> TypeFamily.LSEG;
      case 602 -> TypeFamily.PATH;
      case 603 -> TypeFamily.BOX;
      case 604 -> TypeFamily.POLYGON;
      case 628 -> TypeFamily.LINE;
      case 718 -> TypeFamily.CIRCLE;
      case 650 -> TypeFamily.CIDR;
      case 700 -> TypeFamily.FLOAT4;
      case 701 -> TypeFamily.FLOAT8;
      case 774 -> TypeFamily.MACADDR8;
      case 829 -> TypeFamily.MACADDR;
      case 790 -> TypeFamily.MONEY;
      case 869 -> TypeFamily.INET;
      case 1042 -> TypeFamily.BPCHAR;
      case 1082 -> TypeFamily.DATE;
      case 1083 -> TypeFamily.TIME;
      case 1114 -> TypeFamily.TIMESTAMP;
      case 1184 -> TypeFamily.TIMESTAMPTZ;
      case 1186 -> TypeFamily.INTERVAL;
      case 1266 -> TypeFamily.TIMETZ;
      case 1560 -> TypeFamily.BIT;
      case 1562 -> TypeFamily.VARBIT;
      case 1700 -> TypeFamily.NUMERIC;
      case 2249 -> TypeFamily.RECORD;
      case 2278 -> TypeFamily.VOID;
      case 2950 -> TypeFamily.UUID;
      case 3220 -> TypeFamily.PG_LSN;
      case 3614 -> TypeFamily.TSVECTOR;
      case 3615 -> TypeFamily.TSQUERY;
      case 3802 -> TypeFamily.JSONB;
      case 4072 -> TypeFamily.JSONPATH;
      case 5069 -> TypeFamily.XID8;
      case 8000 -> TypeFamily.VECTOR;
      case 2275 -> TypeFamily.TEXT;
      case 705 -> TypeFamily.TEXT;
      case 2277, 5078 -> TypeFamily.ARRAY;
      default -> kind == PgType.PSEUDO ? TypeFamily.PSEUDO
          : category == 'A' && elementOid != 0 ? TypeFamily.ARRAY : TypeFamily.TEXT;
    };
  }

  private static Map<Integer, TypeCatalog.RangeInfo> ranges() {
    Map<Integer, TypeCatalog.RangeInfo> map = new HashMap<>();
    addRange(map, INT4RANGE, INT4, INT4MULTIRANGE, true, "int4range_subdiff");
    addRange(map, NUMRANGE, NUMERIC, NUMMULTIRANGE, false, "numrange_subdiff");
    addRange(map, TSRANGE, TIMESTAMP, TSMULTIRANGE, false, "tsrange_subdiff");
    addRange(map, TSTZRANGE, TIMESTAMPTZ, TSTZMULTIRANGE, false, "tstzrange_subdiff");
    addRange(map, DATERANGE, DATE, DATEMULTIRANGE, true, "daterange_subdiff");
    addRange(map, INT8RANGE, INT8, INT8MULTIRANGE, true, "int8range_subdiff");
    return map;
  }

  private static void addRange(
      Map<Integer, TypeCatalog.RangeInfo> map, PgType range, PgType subtype, PgType multirange, boolean discrete, String diff) {
    TypeCatalog.RangeInfo info = new TypeCatalog.RangeInfo(range, subtype, multirange, 0, discrete, diff);
    map.put(range.oid(), info);
    map.put(multirange.oid(), info);
  }

  private static OidTable load() {
    OidTable table = new OidTable();
    try (InputStream in = PgTypes.class.getResourceAsStream("pg_type.tsv");
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        table.add(parse(line.split("\t", -1), table));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table.list = List.copyOf(table.list);
    return table;
  }

  private static PgType parse(String[] f, OidTable table) {
    PgType.Builder builder = PgType.builder(Integer.parseInt(f[0]), f[1]).namespace(Integer.parseInt(f[2]))
        .length(Integer.parseInt(f[3])).byValue(f[4].equals("t")).kind(f[5].charAt(0)).category(f[6].charAt(0))
        .preferred(f[7].equals("t")).delimiter(f[8].charAt(0)).relation(Integer.parseInt(f[9])).element(Integer.parseInt(f[10]))
        .array(Integer.parseInt(f[11])).io(f[12], f[13], f[14], f[15]).modifiers(f[16], f[17]).align(f[18].charAt(0))
        .storage(f[19].charAt(0)).collation(Integer.parseInt(f[22])).subscript(f[23]).analyze(f[24]);
    int baseOid = Integer.parseInt(f[20]);
    if (baseOid != 0) {
      builder.base(table.get(baseOid), Integer.parseInt(f[21]));
    }
    return builder.build();
  }

  /// Types by oid in an array, which makes the lookup of a built-in type one load.
  private static final class OidTable {
    private final @Nullable PgType[] byOid = new PgType[16384];
    private final Map<String, PgType> byName = new HashMap<>(512);
    private List<PgType> list = new ArrayList<>();

    void add(PgType type) {
      byOid[type.oid()] = type;
      list.add(type);
      if (type.namespaceOid() == PG_CATALOG_NAMESPACE) {
        byName.put(type.name(), type);
      }
    }

    @Nullable PgType find(int oid) {
      return oid >= 0 && oid < byOid.length ? byOid[oid] : null;
    }

    PgType get(int oid) {
      PgType type = byOid[oid];
      if (type == null) {
        throw new IllegalStateException("no built-in type " + oid);
      }
      return type;
    }
  }

  private static final class BuiltinCatalog implements TypeCatalog {
    @Override
    public @Nullable PgType findByOid(int oid) {
      return PgTypes.byOid(oid);
    }

    @Override
    public @Nullable PgType find(@Nullable String schema, String name) {
      if (schema == null || schema.equals("pg_catalog")) {
        return byName(name);
      }
      for (PgType type : schema.equals("information_schema") ? all() : List.<PgType>of()) {
        if (type.namespaceOid() == INFORMATION_SCHEMA_NAMESPACE && type.name().equals(name)) {
          return type;
        }
      }
      return null;
    }

    @Override
    public List<EnumValue> enumValues(PgType enumType) {
      return List.of();
    }

    @Override
    public List<CompositeField> compositeFields(PgType composite) {
      throw new IllegalArgumentException("not a known composite type: " + composite);
    }

    @Override
    public RangeInfo range(PgType range) {
      RangeInfo info = RANGES.get(range.oid());
      if (info == null) {
        throw new IllegalArgumentException("not a built-in range type: " + range);
      }
      return info;
    }

    @Override
    public RangeInfo rangeOfMultirange(PgType multirange) {
      return range(multirange);
    }
  }
}
