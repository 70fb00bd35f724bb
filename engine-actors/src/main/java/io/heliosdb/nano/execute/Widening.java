package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// Views of numeric vectors as `long[]` or `double[]`, copied into scratch arrays where the vector is narrower.
final class Widening {
  private Widening() {}

  private static final class Scratch {
    final long @Nullable [][] longs = new long[2][];
    final double @Nullable [][] doubles = new double[2][];
  }

  private static Scratch scratch(EvalState s, int slot) {
    Scratch scratch = (Scratch) s.slot(slot);
    if (scratch == null) {
      scratch = new Scratch();
      s.setSlot(slot, scratch);
    }
    return scratch;
  }

  static long[] longs(ColumnVector vector, int @Nullable [] rows, int count, EvalState s, int slot, int side) {
    if (vector instanceof ColumnVector.Longs longs) {
      return longs.values;
    }
    int[] in = ((ColumnVector.Ints) vector).values;
    Scratch scratch = scratch(s, slot);
    long[] out = scratch.longs[side];
    if (out == null || out.length < in.length) {
      out = new long[in.length];
      scratch.longs[side] = out;
    }
    if (rows == null) {
      for (int i = 0; i < count; i++) {
        out[i] = in[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        out[rows[i]] = in[rows[i]];
      }
    }
    return out;
  }

  static double[] doubles(ColumnVector vector, int @Nullable [] rows, int count, EvalState s, int slot, int side) {
    if (vector instanceof ColumnVector.Doubles doubles) {
      return doubles.values;
    }
    Scratch scratch = scratch(s, slot);
    double[] out = scratch.doubles[side];
    if (out == null || out.length < vector.capacity) {
      out = new double[vector.capacity];
      scratch.doubles[side] = out;
    }
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      out[r] = switch (vector) {
        case ColumnVector.Floats f -> f.values[r];
        case ColumnVector.Ints n -> n.values[r];
        case ColumnVector.Longs n -> n.values[r];
        default -> throw new IllegalArgumentException("not a number vector");
      };
    }
    return out;
  }
}
