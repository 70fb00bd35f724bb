package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows whose keys found no place in a hash table that is full, parted by the hashes of their keys into temporary files, to be worked on
/// part by part. Rows that were parted once are parted by other bits of the hash at the next depth.
final class OverflowRows {
  static final int PARTS = 16;

  /// Deeper than this a table grows past its bound: then the keys' hashes are alike.
  static final int DEPTH_MAX = 6;

  private static final int PART_BITS = 4;

  private final TupleCodec codec;
  private final PgType[] types;
  private final ExecutionContext context;
  private final int depth;
  private final TupleCodec.Writer writer;
  private final SpillFiles.SpillFile @Nullable [] files = new SpillFiles.SpillFile[PARTS];

  OverflowRows(PgType[] types, int depth, ExecutionContext context) {
    this.types = types;
    this.depth = depth;
    this.context = context;
    codec = new TupleCodec(types, context.catalog());
    writer = codec.writer();
  }

  static boolean canHold(PgType[] types) {
    return Arrays.stream(types).noneMatch(PgType::isPseudo);
  }

  void add(ColumnVector[] columns, int row, int hash) {
    int part = hash >>> depth * PART_BITS & PARTS - 1;
    if (files[part] == null) {
      files[part] = context.spill().create();
    }
    files[part].append(writer.encode(columns, row));
  }

  boolean isEmpty(int part) {
    return files[part] == null;
  }

  /// The rows of a part, in the order they were added.
  Rows rows(int part) {
    return new Rows(files[part] == null ? null : files[part].reader());
  }

  void delete(int part) {
    if (files[part] != null) {
      files[part].delete();
      files[part] = null;
    }
  }

  void delete() {
    for (int part = 0; part < PARTS; part++) {
      delete(part);
    }
  }

  /// Reads one part in batches, which are filled anew by each call.
  final class Rows {
    private final SpillFiles.@Nullable Reader reader;
    private final Batch batch = Batch.of(SortNode.representations(types), Batch.ROWS_MAX);

    private Rows(SpillFiles.@Nullable Reader reader) {
      this.reader = reader;
    }

    @Nullable Batch next() {
      context.cancel().check();
      if (reader == null) {
        return null;
      }
      batch.reset();
      int count = 0;
      while (count < Batch.ROWS_MAX) {
        byte[] record = reader.next();
        if (record == null) {
          break;
        }
        Object[] row = codec.decode(record, ref -> context.access().readLarge(ref));
        for (int c = 0; c < row.length; c++) {
          batch.column(c).set(count, row[c]);
        }
        count++;
      }
      batch.setRowCount(count);
      return count == 0 ? null : batch;
    }
  }
}
