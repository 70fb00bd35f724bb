package io.heliosdb.nano.analyze;

import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of composite and `record` values, as far as they are known before execution.
final class RecordShape {
  private RecordShape() {}

  /// Null if the expression is not composite, or a record whose fields only show when it runs.
  static @Nullable List<CompositeField> of(Analysis analysis, Node node) {
    PgType type = node.type();
    if (type.ultimateBase().isComposite()) {
      return analysis.types.fields(type);
    }
    if (type.oid() != PgTypes.RECORD.oid()) {
      return null;
    }
    return switch (node) {
      case Node.Row row -> {
        List<CompositeField> fields = new ArrayList<>(row.fields.size());
        for (int i = 0; i < row.fields.size(); i++) {
          Node field = row.fields.get(i);
          fields.add(new CompositeField(row.names.get(i), textIfUnknown(field.type()), field.typmod, field.collation, false));
        }
        yield fields;
      }
      case Node.Func func -> outputs(analysis, func.function, func.arguments);
      case Node.Var var -> ofVar(analysis, var);
      case Node.Param param -> param.fields;
      case Node.SubLink link when link.kind == Node.LinkKind.EXPR -> of(analysis, link.query.visibleTargets().getFirst().expr);
      default -> null;
    };
  }

  private static PgType textIfUnknown(PgType type) {
    return type.oid() == PgTypes.UNKNOWN.oid() ? PgTypes.TEXT : type;
  }

  private static @Nullable List<CompositeField> ofVar(Analysis analysis, Node.Var var) {
    RangeEntry entry = var.entry;
    if (var.attno == 0) {
      List<CompositeField> fields = new ArrayList<>(entry.columnCount());
      for (int i = 0; i < entry.columnCount(); i++) {
        if (entry.columnNames.get(i) != null) {
          fields.add(
              new CompositeField(entry.columnNames.get(i), entry.types.get(i), entry.typmods.get(i), entry.collations.get(i), false));
        }
      }
      return fields;
    }
    return switch (entry.kind) {
      case SUBQUERY -> of(analysis, entry.subquery.visibleTargets().get(var.attno - 1).expr);
      case JOIN -> of(analysis, entry.joinColumns.get(var.attno - 1));
      case CTE ->
          entry.cte.startColumns != null && entry.cte.startColumns.size() >= var.attno
              ? of(analysis, entry.cte.startColumns.get(var.attno - 1))
              : entry.cte.query == null || entry.selfReference || entry.cte.query.visibleTargets().size() < var.attno
              ? null : of(analysis, entry.cte.query.visibleTargets().get(var.attno - 1).expr);
      case VALUES -> entry.rows.isEmpty() ? null : of(analysis, entry.rows.getFirst().get(var.attno - 1));
      case FUNCTION -> entry.functions.size() == 1 ? of(analysis, entry.functions.getFirst().call()) : null;
      default -> null;
    };
  }

  /// Columns that OUT parameters (or RETURNS TABLE) give a function, polymorphic ones resolved; null if it has none.
  static @Nullable List<CompositeField> outputs(Analysis analysis, FunctionDef function, List<Node> arguments) {
    if (function.allArgumentTypes() == null || function.argumentModes() == null) {
      return null;
    }
    List<CompositeField> fields = new ArrayList<>();
    List<PgType> inputs = new ArrayList<>();
    for (Node argument : arguments) {
      inputs.add(argument.type());
    }
    String modes = function.argumentModes();
    for (int i = 0; i < modes.length(); i++) {
      char mode = modes.charAt(i);
      if (mode == 'o' || mode == 'b' || mode == 't') {
        String name =
            function.argumentNames() == null || i >= function.argumentNames().size() || function.argumentNames().get(i) == null
                    || function.argumentNames().get(i).isEmpty()
                ? "column" + (fields.size() + 1)
                : function.argumentNames().get(i);
        PgType type = analysis.types.byOid(function.allArgumentTypes().get(i));
        if (analysis.types.isPolymorphic(type.oid())) {
          List<PgType> declared = new ArrayList<>();
          for (int j = 0; j < inputs.size() && j < function.argumentTypes().size(); j++) {
            declared.add(analysis.types.byOid(function.argumentTypes().get(j)));
          }
          type = Polymorphism.enforce(analysis, inputs.subList(0, declared.size()), declared, type, false);
        }
        fields.add(new CompositeField(name, type, -1, type.collationOid(), false));
      }
    }
    return fields.isEmpty() ? null : fields;
  }
}
