package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.aggregate;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.Accumulator;
import io.heliosdb.nano.type.BitString;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// min, max, the boolean and bitwise aggregates, string_agg and array_agg.
public final class CollectingAggregates implements Builtins.Family {
  private static final long ENTRY_BYTES = 32;

  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "agg:min" -> aggregate((context, site) -> new Extreme(site, -1));
      case "agg:max" -> aggregate((context, site) -> new Extreme(site, 1));
      case "agg:bool_and", "agg:every" -> aggregate((context, site) -> new BooleanState(true));
      case "agg:bool_or" -> aggregate((context, site) -> new BooleanState(false));
      case "agg:bit_and", "agg:bit_or", "agg:bit_xor" -> aggregate((context, site) -> new BitState(symbol.charAt(8)));
      case "agg:string_agg" -> function.returnType() == 17
          ? aggregate((context, site) -> new ByteJoin()) : aggregate((context, site) -> new TextJoin());
      case "agg:array_agg" -> function.argumentTypes().getFirst() == 2277
          ? aggregate((context, site) -> new ArrayStack()) : aggregate((context, site) -> new ArrayCollect(site));
      default -> null;
    };
  }

  private static final class Extreme implements Accumulator {
    private final PgType type;
    private final int collation;
    private final int sign;
    private @Nullable Object best;

    Extreme(CallSite site, int sign) {
      this.type = site.argumentTypes().getFirst();
      this.collation = site.collationOid();
      this.sign = sign;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Object value = arguments[0];
      if (value != null && (best == null || Values.compare(type, value, best, collation) * sign > 0)) {
        best = value;
      }
    }

    @Override
    public @Nullable Object result() {
      return best;
    }

    @Override
    public void combine(Accumulator other) {
      add(new Object[] {((Extreme) other).best});
    }

    @Override
    public boolean combinable() {
      return true;
    }
  }

  private static final class BooleanState implements Accumulator {
    private final boolean all;
    private long trues;
    private long falses;

    BooleanState(boolean all) {
      this.all = all;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if ((Boolean) arguments[0]) {
        trues++;
      } else {
        falses++;
      }
    }

    @Override
    public void remove(@Nullable Object[] arguments) {
      if ((Boolean) arguments[0]) {
        trues--;
      } else {
        falses--;
      }
    }

    @Override
    public boolean invertible() {
      return true;
    }

    @Override
    public @Nullable Object result() {
      return trues + falses == 0 ? null : all ? falses == 0 : trues > 0;
    }

    @Override
    public void combine(Accumulator other) {
      trues += ((BooleanState) other).trues;
      falses += ((BooleanState) other).falses;
    }

    @Override
    public boolean combinable() {
      return true;
    }
  }

  /// `operation` is the letter after `bit_`: a, o or x.
  private static final class BitState implements Accumulator {
    private final char operation;
    private @Nullable Object state;

    BitState(char operation) {
      this.operation = operation;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Object value = arguments[0];
      state = state == null ? value : combined(state, value);
    }

    private Object combined(Object a, @Nullable Object b) {
      if (a instanceof Integer x && b instanceof Integer y) {
        return (int) apply(x, y);
      }
      if (a instanceof Long x && b instanceof Long y) {
        return apply(x, y);
      }
      return bits((BitString) a, (BitString) b);
    }

    private long apply(long a, long b) {
      return switch (operation) {
        case 'a' -> a & b;
        case 'o' -> a | b;
        default -> a ^ b;
      };
    }

    private BitString bits(BitString a, BitString b) {
      if (a.length() != b.length()) {
        String verb = operation == 'a' ? "AND" : operation == 'o' ? "OR" : "XOR";
        throw new SqlException(SqlState.STRING_DATA_LENGTH_MISMATCH, "cannot " + verb + " bit strings of different sizes");
      }
      byte[] out = a.toByteArray();
      byte[] other = b.unsafeArray();
      for (int i = 0; i < out.length; i++) {
        out[i] = (byte) apply(out[i], other[i]);
      }
      return BitString.of(out, a.length());
    }

    @Override
    public @Nullable Object result() {
      return state;
    }
  }

  private static final class TextJoin implements Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private @Nullable StringBuilder out;

    /// What the characters take.
    private int width = 1;

    /// Twice, for the copy that growth or the result makes.
    @Override
    public long heldBytes() {
      return out == null ? 0 : 2L * width * out.capacity();
    }

    private void append(String text) {
      for (int i = 0; width == 1 && i < text.length(); i++) {
        width = text.charAt(i) > 0xFF ? 2 : 1;
      }
      out.append(text);
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (arguments[0] == null) {
        return;
      }
      if (out == null) {
        out = new StringBuilder();
      } else if (arguments[1] != null) {
        append((String) arguments[1]);
      }
      append((String) arguments[0]);
    }

    @Override
    public @Nullable Object result() {
      return out == null ? null : out.toString();
    }
  }

  private static final class ByteJoin implements Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private @Nullable ByteSink out;

    @Override
    public long heldBytes() {
      return out == null ? 0 : 2L * out.array().length;
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (arguments[0] == null) {
        return;
      }
      if (out == null) {
        out = new ByteSink();
      } else if (arguments[1] != null) {
        out.put(((Bytes) arguments[1]).unsafeArray());
      }
      out.put(((Bytes) arguments[0]).unsafeArray());
    }

    @Override
    public @Nullable Object result() {
      return out == null ? null : Bytes.wrap(out.toByteArray());
    }
  }

  private static final class ArrayCollect implements Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private final PgType elementType;
    private final List<@Nullable Object> elements = new ArrayList<>();

    ArrayCollect(CallSite site) {
      this.elementType = site.argumentTypes().getFirst();
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      elements.add(arguments[0]);
    }

    @Override
    public @Nullable Object result() {
      return elements.isEmpty() ? null : PgArray.of(elementType, elements.toArray());
    }
  }

  /// array_agg over arrays: one dimension more than its input.
  private static final class ArrayStack implements Accumulator {
    @Override
    public boolean collects() {
      return true;
    }

    private final List<PgArray> arrays = new ArrayList<>();

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      PgArray array = (PgArray) arguments[0];
      if (array == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays");
      }
      if (array.isEmpty()) {
        throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "cannot accumulate empty arrays");
      }
      if (arrays.isEmpty()) {
        PgArray.checkDimensions(array.dimensions() + 1);
      } else {
        PgArray first = arrays.getFirst();
        if (!Arrays.equals(first.lengths(), array.lengths()) || !Arrays.equals(first.lowerBounds(), array.lowerBounds())) {
          throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR, "cannot accumulate arrays of different dimensionality");
        }
      }
      arrays.add(array);
    }

    @Override
    public @Nullable Object result() {
      if (arrays.isEmpty()) {
        return null;
      }
      PgArray first = arrays.getFirst();
      int[] lengths = new int[first.dimensions() + 1];
      int[] lowers = new int[lengths.length];
      lengths[0] = arrays.size();
      lowers[0] = 1;
      System.arraycopy(first.lengths(), 0, lengths, 1, first.dimensions());
      System.arraycopy(first.lowerBounds(), 0, lowers, 1, first.dimensions());
      @Nullable Object[] elements = new Object[PgArray.elementCount(lengths)];
      int at = 0;
      for (PgArray array : arrays) {
        System.arraycopy(array.elements(), 0, elements, at, array.size());
        at += array.size();
      }
      return PgArray.of(first.elementType(), lengths, lowers, elements);
    }
  }
}
