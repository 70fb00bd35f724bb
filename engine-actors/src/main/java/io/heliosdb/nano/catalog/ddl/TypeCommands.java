package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.EnumDetails;
import io.heliosdb.nano.catalog.Catalog.EnumLabel;
import io.heliosdb.nano.catalog.Catalog.RangeDetails;
import io.heliosdb.nano.catalog.Catalog.TypeDef;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.catalog.CatalogObject.TypeObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.AddEnumValue;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateEnumType;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.CreateRangeType;
import io.heliosdb.nano.parse.ast.SchemaObjectDdl.RenameEnumValue;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CREATE TYPE of enums and ranges, ALTER TYPE of enum values.
final class TypeCommands {
  private static final int MAX_LABEL_BYTES = 63;

  private final Ddl ddl;

  TypeCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String createEnum(CreateEnumType statement) {
    int namespaceOid = newType(statement.name());
    List<EnumLabel> labels = new ArrayList<>();
    int oid = ddl.nextOid();
    int arrayOid = ddl.nextOid();
    for (String label : statement.labels()) {
      checkLabel(label);
      if (labels.stream().anyMatch(known -> known.label().equals(label))) {
        throw new SqlException(SqlState.UNIQUE_VIOLATION,
            "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"")
            .withDetail("Key (enumtypid, enumlabel)=(" + Integer.toUnsignedString(oid) + ", " + label + ") already exists.");
      }
      labels.add(new EnumLabel(ddl.nextOid(), label, labels.size() + 1));
    }
    PgType type = PgType.ofEnum(oid, statement.name().name(), namespaceOid, arrayOid);
    put(type, new EnumDetails(labels));
    RowTypes.createArray(ddl, type);
    return "CREATE TYPE";
  }

  private int newType(QualifiedName name) {
    int namespaceOid = ddl.creationNamespace(name);
    ddl.context.lockName(ClassOids.TYPE, namespaceOid, name.name());
    PgType known = ddl.catalog().type(namespaceOid, name.name());
    if (known != null && !RowTypes.moveArrayType(ddl, known)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + name.name() + "\" already exists");
    }
    return namespaceOid;
  }

  private void put(PgType type, io.heliosdb.nano.catalog.Catalog.TypeDetails details) {
    ddl.put(new TypeObject(new TypeDef(type, ddl.user(), DefaultPrivileges.of(ddl, 'T', ddl.user(), type.namespaceOid()), details), 0));
  }

  private static void checkLabel(String label) {
    if (label.getBytes(StandardCharsets.UTF_8).length > MAX_LABEL_BYTES) {
      throw new SqlException(SqlState.INVALID_NAME, "invalid enum label \"" + label + "\"")
          .withDetail("Labels must be " + MAX_LABEL_BYTES + " bytes or less.");
    }
  }

  private TypeDef enumType(QualifiedName name) {
    PgType type = ddl.typeNames().find(name);
    if (type == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
    }
    TypeDef definition = ddl.catalog().typeDef(type.oid());
    if (definition == null || !(definition.details() instanceof EnumDetails)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, ddl.format(type) + " is not an enum");
    }
    ddl.checkOwner(definition.ownerOid(), "type", type.name());
    ddl.context.lockTable(type.oid(), TableLock.ACCESS_EXCLUSIVE);
    return ddl.catalog().typeDef(type.oid());
  }

  private void replace(TypeDef old, List<EnumLabel> labels) {
    ddl.put(new TypeObject(new TypeDef(old.type(), old.ownerOid(), old.acl(), new EnumDetails(List.copyOf(labels))), 0));
  }

  String addValue(AddEnumValue statement) {
    TypeDef type = enumType(statement.name());
    checkLabel(statement.label());
    List<EnumLabel> labels = new ArrayList<>(((EnumDetails) type.details()).labels());
    if (labels.stream().anyMatch(label -> label.label().equals(statement.label()))) {
      String message = "enum label \"" + statement.label() + "\" already exists";
      if (statement.ifNotExists()) {
        ddl.skipping(SqlState.DUPLICATE_OBJECT, message);
        return "ALTER TYPE";
      }
      throw new SqlException(SqlState.DUPLICATE_OBJECT, message);
    }
    int position = labels.size();
    if (statement.neighbour() != null) {
      position = indexOf(labels, statement.neighbour());
      if (position < 0) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "\"" + statement.neighbour() + "\" is not an existing enum label");
      }
      position += statement.after() ? 1 : 0;
    }
    labels.add(position, new EnumLabel(ddl.nextOid(), statement.label(), sortOrder(labels, position)));
    replace(type, labels);
    return "ALTER TYPE";
  }

  /// A number between the neighbours'; values never change their place, since stored keys hold it.
  private static float sortOrder(List<EnumLabel> labels, int position) {
    if (labels.isEmpty()) {
      return 1;
    }
    if (position == labels.size()) {
      return labels.getLast().sortOrder() + 1;
    }
    if (position == 0) {
      return labels.getFirst().sortOrder() - 1;
    }
    float before = labels.get(position - 1).sortOrder();
    float after = labels.get(position).sortOrder();
    float middle = before + (after - before) / 2;
    if (middle == before || middle == after) {
      throw SqlException.notSupported("more enum values between the same two neighbours");
    }
    return middle;
  }

  private static int indexOf(List<EnumLabel> labels, String label) {
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).label().equals(label)) {
        return i;
      }
    }
    return -1;
  }

  String renameValue(RenameEnumValue statement) {
    TypeDef type = enumType(statement.name());
    checkLabel(statement.newLabel());
    List<EnumLabel> labels = new ArrayList<>(((EnumDetails) type.details()).labels());
    int index = indexOf(labels, statement.label());
    if (index < 0) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "\"" + statement.label() + "\" is not an existing enum label");
    }
    if (indexOf(labels, statement.newLabel()) >= 0) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "enum label \"" + statement.newLabel() + "\" already exists");
    }
    EnumLabel old = labels.get(index);
    labels.set(index, new EnumLabel(old.oid(), statement.newLabel(), old.sortOrder()));
    replace(type, labels);
    return "ALTER TYPE";
  }

  // Ranges

  String createRange(CreateRangeType statement) {
    int namespaceOid = newType(statement.name());
    String name = statement.name().name();
    PgType subtype = null;
    FunctionDef difference = null;
    QualifiedName differenceName = null;
    QualifiedName collationName = null;
    QualifiedName multirangeName = null;
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "subtype" -> {
          if (subtype != null) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "conflicting or redundant options");
          }
          subtype = ddl.type(((Option.TypeValue) option.value()).type()).type();
        }
        case "subtype_diff" -> differenceName = OperatorCommands.name(option);
        case "collation" -> collationName = OperatorCommands.name(option);
        case "multirange_type_name" -> multirangeName = OperatorCommands.name(option);
        case "subtype_opclass" -> { }
        case "canonical" -> throw SqlException.notSupported("CANONICAL in CREATE TYPE AS RANGE");
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "type attribute \"" + option.name() + "\" not recognized");
      }
    }
    if (subtype == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "type attribute \"subtype\" is required");
    }
    if (subtype.kind() == PgType.PSEUDO) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, "range subtype cannot be " + ddl.format(subtype));
    }
    OperatorClasses.choose(ddl, subtype, "btree", null);
    if (differenceName != null) {
      difference = new RoutineLookup(ddl).require(differenceName, List.of(subtype.oid(), subtype.oid()));
      if (difference.returnType() != PgTypes.FLOAT8.oid()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "range subtype diff function " + differenceName + " must return type double precision");
      }
    }
    int collation = ddl.collation(collationName, subtype, 0);
    makeRange(name, namespaceOid, subtype, collation, difference, multirangeName);
    return "CREATE TYPE";
  }

  private void makeRange(String name, int namespaceOid, PgType subtype, int collation, @Nullable FunctionDef difference,
      @Nullable QualifiedName multirangeName) {
    int rangeOid = ddl.nextOid();
    int rangeArray = ddl.nextOid();
    int multirangeOid = ddl.nextOid();
    int multirangeArray = ddl.nextOid();
    PgType range = PgType.ofRange(rangeOid, name, namespaceOid, rangeArray);
    RangeDetails details =
        new RangeDetails(subtype.oid(), multirangeOid, collation, 0, difference == null ? 0 : difference.oid());
    put(range, details);
    RowTypes.createArray(ddl, range);
    int multirangeNamespace = multirangeName == null || multirangeName.schema() == null ? namespaceOid
        : ddl.namespace(multirangeName.schema(), 0).oid();
    String chosen = multirangeName != null ? multirangeName.name() : multirangeName(name);
    PgType taken = ddl.catalog().type(multirangeNamespace, chosen);
    if (taken != null && !RowTypes.moveArrayType(ddl, taken)) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT, "type \"" + chosen + "\" already exists").withDetail(multirangeName != null ? null
          : "Failed while creating a multirange type for type \"" + name + "\".").withHint(multirangeName != null ? null
          : "You can manually specify a multirange type name using the \"multirange_type_name\" attribute.");
    }
    PgType multirange = PgType.ofMultirange(multirangeOid, chosen, multirangeNamespace, multirangeArray);
    put(multirange, details);
    RowTypes.createArray(ddl, multirange);
    constructor(name, namespaceOid, List.of(subtype.oid(), subtype.oid()), rangeOid, "range_constructor2", true, 0);
    constructor(name, namespaceOid, List.of(subtype.oid(), subtype.oid(), PgTypes.TEXT.oid()), rangeOid, "range_constructor3", true, 0);
    constructor(chosen, multirangeNamespace, List.of(), multirangeOid, "multirange_constructor0", false, 0);
    constructor(chosen, multirangeNamespace, List.of(rangeOid), multirangeOid, "multirange_constructor1", false, 0);
    constructor(chosen, multirangeNamespace, List.of(rangeArray), multirangeOid, "multirange_constructor2", false, rangeOid);
  }

  private static String multirangeName(String name) {
    int at = name.indexOf("range");
    return ObjectNames.truncate(at >= 0 ? name.substring(0, at) + "multirange" + name.substring(at + 5) : name + "_multirange");
  }

  /// The functions that build values of a range type have its name; range constructors take NULL bounds.
  private void constructor(String name, int namespaceOid, List<Integer> arguments, int result, String symbol, boolean takesNull,
      int variadic) {
    int oid = ddl.nextOid();
    List<Integer> all = variadic == 0 ? null : arguments;
    FunctionDef function = new FunctionDef(oid, namespaceOid, name, 'f', arguments, all, variadic == 0 ? null : "v", null, variadic,
        List.of(), result, false, !takesNull, 'i', 's', false, false, FunctionCommands.INTERNAL, ddl.user(), 1, 0,
        new FunctionDef.BuiltinBody(symbol));
    ddl.put(new FunctionObject(function, new io.heliosdb.nano.catalog.Catalog.FunctionDetails(oid, null, Map.of(), null), 0));
  }
}
