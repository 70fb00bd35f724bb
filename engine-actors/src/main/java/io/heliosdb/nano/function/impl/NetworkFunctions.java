package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.unary;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Inet;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.MacAddress;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import io.heliosdb.nano.type.TypeIo;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Operators and functions of inet, cidr, macaddr and macaddr8. Source: PostgreSQL 15 manual, section 9.12.
public final class NetworkFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "network_family" -> unary(a -> ((Inet) a).isV6() ? 6 : 4);
      case "network_masklen" -> unary(a -> ((Inet) a).bits());
      case "network_host" -> unary(a -> TypeIo.toText(PgTypes.INET, whole((Inet) a), IoContext.DEFAULT));
      case "network_show" -> unary(a -> withLength((Inet) a));
      case "inet_abbrev" -> unary(a -> TypeIo.toText(PgTypes.INET, a, IoContext.DEFAULT));
      case "cidr_abbrev" -> unary(a -> abbreviated((Inet) a));
      case "network_network" -> unary(a -> masked((Inet) a, ((Inet) a).bits()));
      case "inet_to_cidr" -> unary(a -> masked((Inet) a, ((Inet) a).bits()));
      case "network_netmask" -> unary(a -> Inet.of(mask((Inet) a), ((Inet) a).maxBits(), false));
      case "network_hostmask" -> unary(a -> Inet.of(inverted(mask((Inet) a)), ((Inet) a).maxBits(), false));
      case "network_broadcast" -> unary(a -> broadcast((Inet) a));
      case "inet_set_masklen" -> binary((a, bits) -> Inet.of(((Inet) a).address(), length((Inet) a, (Integer) bits), false));
      case "cidr_set_masklen" -> binary((a, bits) -> masked((Inet) a, length((Inet) a, (Integer) bits)));
      case "inet_same_family" -> binary((a, b) -> ((Inet) a).isV6() == ((Inet) b).isV6());
      case "inet_merge" -> binary((a, b) -> merge((Inet) a, (Inet) b));
      case "network_sub" -> binary((a, b) -> within((Inet) a, (Inet) b) && ((Inet) a).bits() > ((Inet) b).bits());
      case "network_subeq" -> binary((a, b) -> within((Inet) a, (Inet) b));
      case "network_sup" -> binary((a, b) -> within((Inet) b, (Inet) a) && ((Inet) b).bits() > ((Inet) a).bits());
      case "network_supeq" -> binary((a, b) -> within((Inet) b, (Inet) a));
      case "network_overlap" -> binary((a, b) -> ((Inet) a).isV6() == ((Inet) b).isV6()
          && ((Inet) a).samePrefix((Inet) b, Math.min(((Inet) a).bits(), ((Inet) b).bits())));
      case "inetnot" -> unary(a -> Inet.of(inverted(((Inet) a).address()), ((Inet) a).bits(), false));
      case "inetand" -> binary((a, b) -> bitwise((Inet) a, (Inet) b, true));
      case "inetor" -> binary((a, b) -> bitwise((Inet) a, (Inet) b, false));
      case "inetpl" -> binary((a, n) -> plus((Inet) a, (Long) n));
      case "sql:int8pl_inet" -> binary((n, a) -> plus((Inet) a, (Long) n));
      case "inetmi_int8" -> binary((a, n) -> plus((Inet) a, -(Long) n));
      case "inetmi" -> binary((a, b) -> minus((Inet) a, (Inet) b));
      case "macaddr_not", "macaddr8_not" -> unary(a -> mac(~((MacAddress) a).bits(), (MacAddress) a));
      case "macaddr_and", "macaddr8_and" -> binary((a, b) -> mac(((MacAddress) a).bits() & ((MacAddress) b).bits(), (MacAddress) a));
      case "macaddr_or", "macaddr8_or" -> binary((a, b) -> mac(((MacAddress) a).bits() | ((MacAddress) b).bits(), (MacAddress) a));
      case "macaddr_trunc" -> unary(a -> mac(((MacAddress) a).bits() & 0xffffff000000L, (MacAddress) a));
      case "macaddr8_trunc" -> unary(a -> mac(((MacAddress) a).bits() & 0xffffff0000000000L, (MacAddress) a));
      case "macaddr8_set7bit" -> unary(a -> mac(((MacAddress) a).bits() | 0x0200000000000000L, (MacAddress) a));
      case "macaddrtomacaddr8" -> unary(a -> widened(((MacAddress) a).bits()));
      case "macaddr8tomacaddr" -> unary(a -> narrowed(((MacAddress) a).bits()));
      default -> null;
    };
  }

  private static Inet whole(Inet a) {
    return Inet.of(a.address(), a.maxBits(), false);
  }

  static String withLength(Inet a) {
    String text = TypeIo.toText(PgTypes.INET, a, IoContext.DEFAULT);
    return text.indexOf('/') >= 0 ? text : text + "/" + a.bits();
  }

  /// A cidr without the zero bytes behind its prefix.
  private static String abbreviated(Inet a) {
    byte[] address = a.address();
    if (a.isV6()) {
      StringBuilder groups = new StringBuilder();
      for (int i = 0; i < (a.bits() + 15) / 16; i++) {
        groups.append(i > 0 ? ":" : "").append(Integer.toHexString((address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff));
      }
      return a.bits() == 0 ? "::/0" : a.bits() > 112 ? TypeIo.toText(PgTypes.CIDR, a, IoContext.DEFAULT) : groups + "/" + a.bits();
    }
    StringBuilder text = new StringBuilder();
    int bytes = Math.max(1, (a.bits() + 7) / 8);
    for (int i = 0; i < bytes; i++) {
      text.append(i > 0 ? "." : "").append(address[i] & 0xff);
    }
    return text + "/" + a.bits();
  }

  private static int length(Inet a, int bits) {
    int length = bits == -1 ? a.maxBits() : bits;
    if (length < 0 || length > a.maxBits()) {
      throw TypeErrors.invalidParameter("invalid mask length: " + bits);
    }
    return length;
  }

  private static byte[] mask(Inet a) {
    byte[] mask = new byte[a.maxBits() / 8];
    for (int bit = 0; bit < a.bits(); bit++) {
      mask[bit >> 3] |= (byte) (0x80 >> (bit & 7));
    }
    return mask;
  }

  private static byte[] inverted(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = (byte) ~bytes[i];
    }
    return result;
  }

  private static Inet masked(Inet a, int bits) {
    byte[] address = a.address();
    for (int bit = bits; bit < a.maxBits(); bit++) {
      address[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
    }
    return Inet.of(address, bits, true);
  }

  private static Inet broadcast(Inet a) {
    byte[] address = a.address();
    for (int bit = a.bits(); bit < a.maxBits(); bit++) {
      address[bit >> 3] |= (byte) (0x80 >> (bit & 7));
    }
    return Inet.of(address, a.bits(), false);
  }

  private static Inet merge(Inet a, Inet b) {
    if (a.isV6() != b.isV6()) {
      throw TypeErrors.invalidParameter("cannot merge addresses from different families");
    }
    int bits = Math.min(a.bits(), b.bits());
    while (bits > 0 && !a.samePrefix(b, bits)) {
      bits--;
    }
    return masked(a, bits);
  }

  private static boolean within(Inet inner, Inet outer) {
    return inner.isV6() == outer.isV6() && inner.bits() >= outer.bits() && inner.samePrefix(outer, outer.bits());
  }

  private static Inet bitwise(Inet a, Inet b, boolean and) {
    if (a.isV6() != b.isV6()) {
      throw TypeErrors.invalidParameter("cannot " + (and ? "AND" : "OR") + " inet values of different sizes");
    }
    byte[] x = a.address();
    byte[] y = b.unsafeAddress();
    for (int i = 0; i < x.length; i++) {
      x[i] = (byte) (and ? x[i] & y[i] : x[i] | y[i]);
    }
    return Inet.of(x, Math.max(a.bits(), b.bits()), false);
  }

  private static SqlException outOfRange() {
    return new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "result is out of range");
  }

  private static Inet plus(Inet a, long addend) {
    BigInteger sum = new BigInteger(1, a.unsafeAddress()).add(BigInteger.valueOf(addend));
    if (sum.signum() < 0 || sum.bitLength() > a.maxBits()) {
      throw outOfRange();
    }
    byte[] digits = sum.toByteArray();
    byte[] address = new byte[a.maxBits() / 8];
    int count = Math.min(digits.length, address.length);
    System.arraycopy(digits, digits.length - count, address, address.length - count, count);
    return Inet.of(address, a.bits(), false);
  }

  private static long minus(Inet a, Inet b) {
    if (a.isV6() != b.isV6()) {
      throw TypeErrors.invalidParameter("cannot subtract inet values of different sizes");
    }
    BigInteger difference = new BigInteger(1, a.unsafeAddress()).subtract(new BigInteger(1, b.unsafeAddress()));
    if (difference.bitLength() > 63) {
      throw outOfRange();
    }
    return difference.longValue();
  }

  private static MacAddress mac(long bits, MacAddress like) {
    return new MacAddress(like.bytes() == 6 ? bits & 0xffffffffffffL : bits, like.bytes());
  }

  private static MacAddress widened(long bits) {
    return new MacAddress(bits >>> 24 << 40 | 0xfffeL << 24 | bits & 0xffffff, 8);
  }

  private static MacAddress narrowed(long bits) {
    if ((bits >>> 24 & 0xffff) != 0xfffe) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "macaddr8 data out of range to convert to macaddr")
          .withHint("Only addresses that have FF and FE as values in the 4th and 5th bytes from the left, for example "
              + "xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be converted from macaddr8 to macaddr.");
    }
    return new MacAddress(bits >>> 40 << 24 | bits & 0xffffff, 6);
  }
}
