package io.heliosdb.nano.persistence.dump.format;

import io.heliosdb.nano.persistence.compress.Compression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A payload packed into frames, ready to be written anywhere: only the checksums of the heads depend on the place.
///
/// @param raw the payload as it was
public record Block(Frame.Kind kind, byte[] raw, List<Part> parts) {
  /// One frame without its head.
  public record Part(Frame frame, byte[] stored) {}

  /// Compresses a payload; any thread. A part that would not get smaller is stored as it is.
  public static Block pack(Frame.Kind kind, byte[] raw, Compression compression, int level) {
    List<Part> parts = new ArrayList<>(1);
    int at = 0;
    do {
      int length = Math.min(raw.length - at, Frame.RAW_BYTES_MAX);
      parts.add(pack(kind, raw, at, length, compression, level));
      at += length;
    } while (at < raw.length);
    return new Block(kind, raw, parts);
  }

  private static Part pack(Frame.Kind kind, byte[] raw, int at, int length, Compression compression, int level) {
    byte[] stored;
    Compression used = compression;
    try {
      stored = compression.codec().compress(raw, at, length, level);
      if (stored.length >= length) {
        used = Compression.NONE;
        stored = Compression.NONE.codec().compress(raw, at, length, 0);
      }
    } catch (IOException e) {
      throw new IllegalStateException("compression into memory failed", e);
    }
    boolean continued = at + length < raw.length;
    return new Part(new Frame(kind, used.id(), continued, false, stored.length, length, Frame.checksum(raw, at, length)), stored);
  }

  public long storedBytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += Frame.HEAD_BYTES + part.stored().length;
    }
    return bytes;
  }
}
