package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// ROW(…), row comparison, fields of composite values.
final class RecordKernels {
  private RecordKernels() {}

  static final class Constructor extends Kernel {
    private final Kernel[] fields;
    private final List<PgType> types;
    private final List<String> names;

    Constructor(PgType type, Kernel[] fields, List<String> names) {
      super(type);
      this.fields = fields;
      this.names = List.copyOf(names);
      List<PgType> list = new ArrayList<>();
      for (Kernel field : fields) {
        list.add(field.type);
      }
      types = List.copyOf(list);
    }

    @Override
    Object eval(RowAccess row, EvalState s) {
      Object[] values = new Object[fields.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = fields[i].eval(row, s);
      }
      return PgRecord.named(type, types, names, values);
    }
  }

  /// `(a, b) op (c, d)`.
  static final class Compare extends Kernel {
    private final String operator;
    private final Kernel[] left;
    private final Kernel[] right;
    private final List<CallSite> operators;
    private final LogicKernels.Equality[] equalities;

    Compare(String operator, Kernel[] left, Kernel[] right, List<CallSite> operators, List<CallSite> equalities) {
      super(PgTypes.BOOL);
      this.operator = operator;
      this.left = left;
      this.right = right;
      this.operators = operators;
      this.equalities = new LogicKernels.Equality[left.length];
      boolean byEquality = operator.equals("=") || operator.equals("<>");
      for (int i = 0; i < left.length; i++) {
        // For <> the column operators are <> themselves; equality decides in both cases.
        this.equalities[i] = FunctionKernel.equality(byEquality && operator.equals("=") || equalities.isEmpty() ? operators.get(i) : equalities.get(i));
      }
      usesNotEqual = operator.equals("<>") && equalities.isEmpty();
    }

    private final boolean usesNotEqual;

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      if (operator.equals("=") || operator.equals("<>")) {
        return equality(row, s);
      }
      for (int i = 0; i < left.length; i++) {
        Object a = left[i].eval(row, s);
        Object b = right[i].eval(row, s);
        if (a == null || b == null) {
          return null;
        }
        boolean last = i == left.length - 1;
        if (last || !equalities[i].test(a, b, s)) {
          return FunctionKernel.equality(operators.get(i)).test(a, b, s);
        }
      }
      return null;
    }

    private @Nullable Object equality(RowAccess row, EvalState s) {
      boolean sawNull = false;
      boolean negative = operator.equals("<>");
      for (int i = 0; i < left.length; i++) {
        Object a = left[i].eval(row, s);
        Object b = a == null ? null : right[i].eval(row, s);
        if (b == null) {
          sawNull = true;
        } else if (equalities[i].test(a, b, s) == usesNotEqual) {
          return negative;
        }
      }
      return sawNull ? null : (Object) !negative;
    }
  }

  static final class Field extends Kernel {
    private final Kernel record;
    private final int field;

    Field(PgType type, Kernel record, int field) {
      super(type);
      this.record = record;
      this.field = field;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = record.eval(row, s);
      if (value == null) {
        return null;
      }
      PgRecord r = (PgRecord) value;
      int index = field;
      if (r.type().isComposite()) {
        // Values leave out dropped attributes, positions in expressions count them.
        var fields = s.context.catalog().compositeFields(r.type());
        for (int i = 0; i < field && i < fields.size(); i++) {
          if (fields.get(i).dropped()) {
            index--;
          }
        }
      }
      return index < r.size() ? r.field(index) : null;
    }
  }

  /// The same fields under another composite type.
  static final class Convert extends Kernel {
    private final Kernel argument;
    private final List<Integer> fields;

    Convert(PgType type, Kernel argument, List<Integer> fields) {
      super(type);
      this.argument = argument;
      this.fields = fields;
    }

    @Override
    @Nullable Object eval(RowAccess row, EvalState s) {
      Object value = argument.eval(row, s);
      if (value == null) {
        return null;
      }
      PgRecord r = (PgRecord) value;
      Object[] values = new Object[fields.size()];
      List<PgType> types = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        int from = fields.get(i);
        values[i] = from < 0 ? null : r.field(from);
        types.add(from < 0 ? PgTypes.UNKNOWN : r.fieldType(from));
        names.add(from < 0 ? "" : r.fieldName(from));
      }
      return PgRecord.named(type, types, names, values);
    }
  }
}
