package io.heliosdb.nano.storage.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// 64-bit hashes of keys, for filters and fingerprints in memory; never stored, so they may change between versions.
public final class KeyHash {
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private KeyHash() {}

  public static long of(byte[] key) {
    return of(key, 0);
  }

  /// @param seed tells apart what may have equal bytes
  public static long of(byte[] key, long seed) {
    long hash = mix(seed + key.length * 0x9E3779B97F4A7C15L);
    int i = 0;
    for (; i + 8 <= key.length; i += 8) {
      hash = mix(hash ^ (long) LONGS.get(key, i));
    }
    long rest = 0;
    for (; i < key.length; i++) {
      rest = rest << 8 | key[i] & 0xFF;
    }
    return mix(hash ^ rest);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
    z = (z ^ z >>> 32) * 0xD6E8FEB86659FD93L;
    return z ^ z >>> 32;
  }
}
