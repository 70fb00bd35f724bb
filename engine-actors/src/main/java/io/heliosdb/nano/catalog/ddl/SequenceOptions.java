package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the options of CREATE and ALTER SEQUENCE and of identity columns, with PostgreSQL's defaults and checks.
final class SequenceOptions {
  private final Ddl ddl;
  private int typeOid = PgTypes.INT8.oid();
  private long increment = 1;
  private @Nullable Long minimum;
  private @Nullable Long maximum;
  private @Nullable Long start;
  private long cache = 1;
  private boolean cycle;
  private @Nullable QualifiedName ownedBy;
  private boolean ownedByNone;
  private boolean restart;
  private @Nullable Long restartValue;
  private boolean typeChanged;
  private @Nullable Sequence old;

  private SequenceOptions(Ddl ddl) {
    this.ddl = ddl;
  }

  /// For a new sequence; `type` is the column's type for identity columns, null when the option AS decides.
  static SequenceOptions forNew(Ddl ddl, @Nullable PgType type, List<Option> options) {
    SequenceOptions result = new SequenceOptions(ddl);
    if (type != null) {
      result.typeOid = type.oid();
    }
    result.read(options, type != null);
    result.check();
    return result;
  }

  static SequenceOptions forChange(Ddl ddl, Sequence old, List<Option> options) {
    SequenceOptions result = new SequenceOptions(ddl);
    result.old = old;
    result.typeOid = old.typeOid();
    result.increment = old.increment();
    result.minimum = old.minimum();
    result.maximum = old.maximum();
    result.start = old.start();
    result.cache = old.cache();
    result.cycle = old.cycle();
    result.read(options, false);
    result.check();
    return result;
  }

  private void read(List<Option> options, boolean identity) {
    Set<String> seen = new HashSet<>();
    boolean minimumReset = false;
    boolean maximumReset = false;
    for (Option option : options) {
      if (!seen.add(option.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options").at(option.position());
      }
      switch (option.name()) {
        case "as" -> {
          if (identity) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "identity column type must be smallint, integer, or bigint").at(option.position());
          }
          typeOid = type(option);
          typeChanged = true;
        }
        case "increment" -> increment = number(option);
        case "start" -> start = number(option);
        case "restart" -> {
          restart = true;
          restartValue = option.value() == null ? null : number(option);
        }
        case "maxvalue" -> {
          maximum = option.value() == null ? null : number(option);
          maximumReset = option.value() == null;
        }
        case "minvalue" -> {
          minimum = option.value() == null ? null : number(option);
          minimumReset = option.value() == null;
        }
        case "cache" -> cache = number(option);
        case "cycle" -> cycle = option.value() == null || isTrue(option);
        case "owned_by" -> ownedBy(option);
        case "sequence_name" -> {
          if (!identity) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid sequence option SEQUENCE NAME").at(option.position());
          }
        }
        case "logged" -> { }
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized").at(option.position());
      }
    }
    if (typeChanged && old != null) {
      followType(seen, minimumReset, maximumReset);
    }
  }

  /// A changed type moves those limits that were the old type's own.
  private void followType(Set<String> seen, boolean minimumReset, boolean maximumReset) {
    if (!seen.contains("maxvalue") && old.maximum() == (old.increment() > 0 ? highest(old.typeOid()) : -1)) {
      maximum = null;
    }
    if (!seen.contains("minvalue") && old.minimum() == (old.increment() > 0 ? 1 : lowest(old.typeOid()))) {
      minimum = null;
    }
  }

  private static boolean isTrue(Option option) {
    return !"false".equals(option.text());
  }

  private int type(Option option) {
    if (!(option.value() instanceof Option.TypeValue value)) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "sequence type must be smallint, integer, or bigint");
    }
    int oid = ddl.type(value.type()).type().oid();
    if (oid != PgTypes.INT2.oid() && oid != PgTypes.INT4.oid() && oid != PgTypes.INT8.oid()) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "sequence type must be smallint, integer, or bigint");
    }
    return oid;
  }

  private static long number(Option option) {
    try {
      return Long.parseLong(option.text());
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bigint: \"" + option.text() + "\"");
    }
  }

  private void ownedBy(Option option) {
    String text = option.text();
    if (option.value() instanceof Option.NameValue value) {
      ownedBy = value.name();
    } else if (option.value() instanceof Option.TypeValue value) {
      ownedBy = value.type().name();
    }
    if (ownedBy == null || ownedBy.parts().size() == 1) {
      if (!"none".equalsIgnoreCase(text)) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid OWNED BY option").withHint("Specify OWNED BY table.column or OWNED BY NONE.");
      }
      ownedBy = null;
      ownedByNone = true;
    }
  }

  private void check() {
    if (increment == 0) {
      throw invalid("INCREMENT must not be zero");
    }
    checkLimits();
    if (start == null) {
      start = increment > 0 ? minimum : maximum;
    }
    if (start < minimum) {
      throw invalid("START value (" + start + ") cannot be less than MINVALUE (" + minimum + ")");
    }
    if (start > maximum) {
      throw invalid("START value (" + start + ") cannot be greater than MAXVALUE (" + maximum + ")");
    }
    if (restartValue != null && restartValue < minimum) {
      throw invalid("RESTART value (" + restartValue + ") cannot be less than MINVALUE (" + minimum + ")");
    }
    if (restartValue != null && restartValue > maximum) {
      throw invalid("RESTART value (" + restartValue + ") cannot be greater than MAXVALUE (" + maximum + ")");
    }
    if (cache <= 0) {
      throw invalid("CACHE (" + cache + ") must be greater than zero");
    }
  }

  private void checkLimits() {
    if (maximum == null) {
      maximum = increment > 0 ? highest(typeOid) : -1L;
    }
    if (minimum == null) {
      minimum = increment > 0 ? 1L : lowest(typeOid);
    }
    String typeName = ddl.format(ddl.catalog().byOid(typeOid));
    if (maximum > highest(typeOid) || maximum < lowest(typeOid)) {
      throw invalid("MAXVALUE (" + maximum + ") is out of range for sequence data type " + typeName);
    }
    if (minimum < lowest(typeOid) || minimum > highest(typeOid)) {
      throw invalid("MINVALUE (" + minimum + ") is out of range for sequence data type " + typeName);
    }
    if (minimum >= maximum) {
      throw invalid("MINVALUE (" + minimum + ") must be less than MAXVALUE (" + maximum + ")");
    }
  }

  private static SqlException invalid(String message) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
  }

  private static long highest(int typeOid) {
    return typeOid == PgTypes.INT2.oid() ? Short.MAX_VALUE : typeOid == PgTypes.INT4.oid() ? Integer.MAX_VALUE : Long.MAX_VALUE;
  }

  private static long lowest(int typeOid) {
    return typeOid == PgTypes.INT2.oid() ? Short.MIN_VALUE : typeOid == PgTypes.INT4.oid() ? Integer.MIN_VALUE : Long.MIN_VALUE;
  }

  Sequence build(int oid, String name, int namespaceOid, int ownerOid, Persistence persistence, int ownerTable, int ownerColumn,
      boolean identity, @Nullable List<Relation.AclItem> acl) {
    return new Sequence(oid, name, namespaceOid, ownerOid, 0, persistence, typeOid, start, increment, minimum, maximum, cache, cycle,
        ownerTable, ownerColumn, identity, acl);
  }

  @Nullable QualifiedName ownedBy() {
    return ownedBy;
  }

  boolean isOwnedByNone() {
    return ownedByNone;
  }

  long start() {
    return start;
  }

  boolean isRestart() {
    return restart;
  }

  long restartValue() {
    return restartValue != null ? restartValue : start;
  }

  boolean typeChanged() {
    return typeChanged;
  }
}
