package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which types an access method can index, and which operator classes may be named.
public final class OperatorClasses {
  /// Operator classes besides the type's default that change nothing, or something the index itself handles, by method.
  private static final Map<String, Set<String>> NAMED = Map.of(
      "btree", Set.of("text_pattern_ops", "varchar_pattern_ops", "bpchar_pattern_ops", "text_ops", "varchar_ops", "bpchar_ops", "int4_ops",
          "int8_ops", "int2_ops", "name_ops", "oid_ops", "numeric_ops", "float4_ops", "float8_ops", "bool_ops", "bytea_ops", "uuid_ops",
          "date_ops", "time_ops", "timetz_ops", "timestamp_ops", "timestamptz_ops", "interval_ops", "jsonb_ops", "array_ops", "enum_ops",
          "record_ops", "range_ops", "inet_ops", "cidr_ops", "bit_ops", "varbit_ops", "macaddr_ops", "money_ops", "char_ops", "pg_lsn_ops",
          "tsvector_ops", "tsquery_ops", "multirange_ops"),
      "gin", Set.of("jsonb_ops", "jsonb_path_ops", "array_ops", "tsvector_ops", "gin_trgm_ops"),
      "hash", Set.of("text_ops", "int4_ops", "int8_ops", "int2_ops", "varchar_ops", "bpchar_ops", "uuid_ops", "numeric_ops", "text_pattern_ops"),
      "gist", Set.of("range_ops", "inet_ops", "tsvector_ops", "tsquery_ops", "point_ops", "box_ops", "poly_ops", "circle_ops", "multirange_ops", "gist_trgm_ops"),
      "spgist", Set.of("text_ops", "range_ops", "inet_ops", "quad_point_ops", "kd_point_ops", "box_ops", "poly_ops"),
      "brin", Set.of("int4_minmax_ops", "int8_minmax_ops", "timestamptz_minmax_ops", "timestamp_minmax_ops", "date_minmax_ops",
          "text_minmax_ops"),
      "hnsw", Set.of("vector_l2_ops", "vector_ip_ops", "vector_cosine_ops", "vector_l1_ops"));

  private OperatorClasses() {}

  /// The operator class's name to keep: null for the type's default.
  ///
  /// @throws SqlException 42704 when the type has no default class for the method, or the named one does not exist
  static @Nullable String choose(Ddl ddl, PgType type, String method, @Nullable QualifiedName named) {
    if (named != null) {
      return named(method, named);
    }
    boolean scalar = method.equals("gist") && isOrdered(type)
        && ddl.catalog().extensions().stream().anyMatch(extension -> extension.name().equals("btree_gist"));
    if (!scalar && !hasDefault(type.ultimateBase(), method)) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT,
          "data type " + ddl.format(type) + " has no default operator class for access method \"" + method + "\"")
          .withHint("You must specify an operator class for the index or define a default operator class for the data type.");
    }
    return null;
  }

  /// The name of an operator class of the access method.
  ///
  /// @throws SqlException 42704
  public static String named(String method, QualifiedName name) {
    if (!NAMED.getOrDefault(method, Set.of()).contains(name.name())) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "operator class \"" + name + "\" does not exist for access method \"" + method + "\"");
    }
    return name.name();
  }

  /// Checks the options of an operator class: `siglen` of GiST over tsvector, which has no meaning for an index without entries; BRIN keeps no
  /// entries at all.
  static void checkOptions(@Nullable String operatorClass, String method, List<Option> options) {
    if (options.isEmpty() || method.equals("brin")) {
      return;
    }
    if (!method.equals("gist") || !"tsvector_ops".equals(operatorClass)) {
      throw invalid("operator class " + operatorClass + " has no options");
    }
    Set<String> seen = new HashSet<>();
    for (Option option : options) {
      if (!option.name().equals("siglen")) {
        throw invalid("unrecognized parameter \"" + option.name() + "\"");
      }
      if (!seen.add(option.name())) {
        throw invalid("parameter \"siglen\" specified more than once");
      }
      String text = String.valueOf(option.text());
      if (!text.matches("-?[0-9]{1,9}")) {
        throw invalid("invalid value for integer option \"siglen\": " + text);
      }
      if (Integer.parseInt(text) < 1 || Integer.parseInt(text) > 2024) {
        throw invalid("value " + text + " out of bounds for option \"siglen\"").withDetail("Valid values are between \"1\" and \"2024\".");
      }
    }
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  /// Whether the type has a default operator class for btree.
  static boolean ordered(PgType type) {
    return hasDefault(type.ultimateBase(), "btree");
  }

  private static boolean hasDefault(PgType type, String method) {
    TypeFamily family = type.family();
    return switch (method) {
      case "gin" -> family == TypeFamily.JSONB || family == TypeFamily.ARRAY || family == TypeFamily.TSVECTOR;
      case "gist" -> switch (family) {
        case RANGE, MULTIRANGE, TSVECTOR, TSQUERY, POINT, BOX, POLYGON, CIRCLE -> true;
        default -> false;
      };
      case "spgist" -> switch (family) {
        case RANGE, TEXT, POINT, BOX, POLYGON, INET, CIDR -> true;
        default -> false;
      };
      case "hnsw" -> family == TypeFamily.VECTOR;
      default -> isOrdered(type);
    };
  }

  /// Whether the type has an order that unique keys and row keys can use.
  static boolean isOrdered(PgType type) {
    return switch (type.family()) {
      case JSON, XML, JSONPATH, POINT, LSEG, PATH, BOX, POLYGON, LINE, CIRCLE, VECTOR, VOID, PSEUDO -> false;
      default -> type.oid() != PgTypes.UNKNOWN.oid();
    };
  }
}
