package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The hidden column `rowid`: table oid (4 bytes), version SCN that was read (8 bytes), row key. Big-endian.
public final class RowIdentity {
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int PREFIX = 12;

  private RowIdentity() {}

  public static Bytes of(int tableOid, long scn, byte[] rowKey) {
    byte[] bytes = new byte[PREFIX + rowKey.length];
    INT.set(bytes, 0, tableOid);
    LONG.set(bytes, 4, scn);
    System.arraycopy(rowKey, 0, bytes, PREFIX, rowKey.length);
    return Bytes.wrap(bytes);
  }

  public static int tableOid(Bytes identity) {
    return (int) INT.get(identity.unsafeArray(), 0);
  }

  public static long scn(Bytes identity) {
    return (long) LONG.get(identity.unsafeArray(), 4);
  }

  public static byte[] rowKey(Bytes identity) {
    byte[] bytes = identity.unsafeArray();
    return Arrays.copyOfRange(bytes, PREFIX, bytes.length);
  }
}
