package io.heliosdb.nano.type;

import com.ibm.icu.text.Collator;
import com.ibm.icu.text.RawCollationKey;
import com.ibm.icu.text.RuleBasedCollator;
import com.ibm.icu.util.ULocale;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Order of text. Oids 100 (default), 950 (C), 951 (POSIX) and 0 are bytewise UTF-8 order; others are ICU collations: built-in ones,
/// and those that the catalogs of this process register under their oid. Thread-safe.
///
/// One oid means one order in the whole process. The oids that [#oidFor] makes depend on the locale, so that two databases do not
/// use one oid for different orders.
///
/// A deterministic collation breaks ties bytewise, so only identical strings are equal; a nondeterministic one does not.
public final class Collations {
  /// An ICU collation. `locale` is the ICU name, such as `de-u-co-phonebk`.
  public record IcuCollation(String locale, boolean deterministic, @Nullable RuleBasedCollator frozen) {}

  private static final ConcurrentHashMap<Integer, IcuCollation> BY_OID = new ConcurrentHashMap<>();

  private static final int FIRST_USER_OID = 16_384;
  private static volatile IntFunction<@Nullable IcuCollation> builtins = oid -> null;

  private Collations() {}

  /// Sets where the built-in ICU collations are looked up when first used.
  public static void builtins(IntFunction<@Nullable IcuCollation> source) {
    builtins = source;
  }

  /// An oid for a new collation. `serial` keeps apart those of one database that have the same locale.
  public static int oidFor(String icuLocale, boolean deterministic, int serial) {
    int spread = (icuLocale + deterministic).hashCode() * 0x9e3779b9 >>> 14;
    return 0x2000_0000 | spread << 11 | serial & 0x7ff;
  }

  /// Bytewise order of the UTF-8 forms, computed on UTF-16: as `String.compareTo` except around surrogates.
  public static int compareUtf8(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        if (x >= 0xd800 && y >= 0xd800) {
          // Surrogates stand for code points above U+FFFF and so come after U+E000..U+FFFF.
          x = (char) (x >= 0xe000 ? x - 0x800 : x + 0x2000);
          y = (char) (y >= 0xe000 ? y - 0x800 : y + 0x2000);
        }
        return x - y;
      }
    }
    return a.length() - b.length();
  }

  public static boolean isBytewise(int collationOid) {
    return collationOid == 0 || collationOid == PgTypes.DEFAULT_COLLATION || collationOid == PgTypes.C_COLLATION
        || collationOid == PgTypes.POSIX_COLLATION || find(collationOid) == null;
  }

  public static boolean isDeterministic(int collationOid) {
    if (collationOid == PgTypes.DEFAULT_COLLATION || collationOid == 0) {
      return true;
    }
    IcuCollation collation = find(collationOid);
    return collation == null || collation.deterministic;
  }

  private static @Nullable IcuCollation find(int collationOid) {
    IcuCollation known = BY_OID.get(collationOid);
    if (known != null || collationOid >= FIRST_USER_OID || collationOid == PgTypes.C_COLLATION || collationOid == PgTypes.POSIX_COLLATION) {
      return known;
    }
    IcuCollation builtin = builtins.apply(collationOid);
    if (builtin != null) {
      BY_OID.putIfAbsent(collationOid, builtin);
    }
    return builtin;
  }

  /// Makes an ICU collation known under its oid; the catalog calls it when a collation is loaded or created.
  ///
  /// @throws SqlException 0A000 when another database of this process uses the oid for another order
  public static void register(int collationOid, String icuLocale, boolean deterministic) {
    IcuCollation known = BY_OID.putIfAbsent(collationOid, new IcuCollation(icuLocale, deterministic, null));
    if (known != null && (!known.locale.equals(icuLocale) || known.deterministic != deterministic)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "the collation with OID " + collationOid + " has the locale \"" + icuLocale
          + "\", but \"" + known.locale + "\" in another database of this process");
    }
  }

  /// The ICU locale of a collation, null when it is bytewise.
  public static @Nullable String locale(int collationOid) {
    IcuCollation collation = find(collationOid);
    return collation == null ? null : collation.locale;
  }

  /// Fails with 22023 unless ICU knows the locale.
  public static void checkLocale(String icuLocale) {
    collator(icuLocale);
  }

  public static int compare(String a, String b, int collationOid) {
    IcuCollation collation = collationOid == 0 || collationOid == PgTypes.DEFAULT_COLLATION ? null : resolve(collationOid);
    if (collation == null) {
      return compareUtf8(a, b);
    }
    int order = collation.frozen.compare(a, b);
    return order != 0 || !collation.deterministic ? order : compareUtf8(a, b);
  }

  public static boolean equal(String a, String b, int collationOid) {
    return a.equals(b) || !isDeterministic(collationOid) && compare(a, b, collationOid) == 0;
  }

  public static int hash(String text, int collationOid) {
    if (isDeterministic(collationOid)) {
      return text.hashCode();
    }
    return java.util.Arrays.hashCode(sortKey(text, collationOid));
  }

  /// The ICU sort key; bytewise comparison of sort keys is the collation's order without the tie-break.
  public static byte[] sortKey(String text, int collationOid) {
    IcuCollation collation = resolve(collationOid);
    if (collation == null) {
      throw new IllegalArgumentException("collation " + collationOid + " is bytewise");
    }
    RawCollationKey key = collation.frozen.getRawCollationKey(text, null);
    return java.util.Arrays.copyOf(key.bytes, key.size);
  }

  private static @Nullable IcuCollation resolve(int collationOid) {
    IcuCollation collation = find(collationOid);
    if (collation == null || collation.frozen != null) {
      return collation;
    }
    IcuCollation ready = new IcuCollation(collation.locale, collation.deterministic, collator(collation.locale));
    BY_OID.put(collationOid, ready);
    return ready;
  }

  private static RuleBasedCollator collator(String icuLocale) {
    try {
      Collator collator = Collator.getInstance(ULocale.forLanguageTag(icuLocale.replace('_', '-')));
      return (RuleBasedCollator) collator.freeze();
    } catch (RuntimeException e) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "could not open collator for locale \"" + icuLocale + "\"");
    }
  }
}
