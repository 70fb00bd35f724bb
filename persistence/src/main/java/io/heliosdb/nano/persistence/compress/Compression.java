package io.heliosdb.nano.persistence.compress;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.Locale;

/// The compression algorithms of files that the product writes. `id` is part of file formats and never changes its meaning.
///
/// @see BlockCodec
public enum Compression {
  NONE(0, 0, 0, 0),
  LZ4(1, 0, 17, 0),
  ZSTD(2, 1, 22, 3),
  GZIP(3, 1, 9, 6),
  BROTLI(4, 0, 11, 5);

  private final int id;
  private final int levelMin;
  private final int levelMax;
  private final int levelDefault;

  Compression(int id, int levelMin, int levelMax, int levelDefault) {
    this.id = id;
    this.levelMin = levelMin;
    this.levelMax = levelMax;
    this.levelDefault = levelDefault;
  }

  public int id() {
    return id;
  }

  public int levelDefault() {
    return levelDefault;
  }

  /// The algorithm called `name`, in any case.
  ///
  /// @throws SqlException 22023
  public static Compression named(String name) {
    for (Compression compression : values()) {
      if (compression.name().equals(name.toUpperCase(Locale.ROOT))) {
        return compression;
      }
    }
    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unknown compression \"" + name + "\"")
        .withHint("Known are none, lz4, zstd, gzip and brotli.");
  }

  /// The algorithm with this id, null when there is none.
  public static @org.jspecify.annotations.Nullable Compression ofId(int id) {
    for (Compression compression : values()) {
      if (compression.id == id) {
        return compression;
      }
    }
    return null;
  }

  /// @throws SqlException 22023 when the algorithm has no such level
  public void checkLevel(int level) {
    if (level < levelMin || level > levelMax) {
      String range = levelMin == levelMax ? "has no levels" : "takes levels " + levelMin + " to " + levelMax;
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "compression level " + level + " is not possible: " + name().toLowerCase(Locale.ROOT) + " " + range);
    }
  }

  /// A codec of this algorithm. Codecs are stateless and may be shared by threads.
  public BlockCodec codec() {
    return switch (this) {
      case NONE -> BlockCodec.Stored.INSTANCE;
      case LZ4 -> Lz4Codec.INSTANCE;
      case ZSTD -> ZstdCodec.INSTANCE;
      case GZIP -> GzipCodec.INSTANCE;
      case BROTLI -> BrotliCodec.INSTANCE;
    };
  }
}
