package io.heliosdb.nano.type;

import com.ibm.icu.text.Collator;
import com.ibm.icu.text.RawCollationKey;
import com.ibm.icu.text.RuleBasedCollator;
import com.ibm.icu.util.ULocale;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Order of text. Oids 100 (default), 950 (C), 951 (POSIX) and 0 are bytewise UTF-8 order; others are ICU collations that
/// the catalog registers under their oid. Thread-safe.
///
/// A deterministic collation breaks ties bytewise, so only identical strings are equal; a nondeterministic one does not.
public final class Collations {
  /// An ICU collation. `locale` is the ICU name, such as `de-u-co-phonebk`.
  public record IcuCollation(String locale, boolean deterministic, @Nullable RuleBasedCollator frozen) {}

  private static final ConcurrentHashMap<Integer, IcuCollation> BY_OID = new ConcurrentHashMap<>();

  private Collations() {}

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
        || collationOid == PgTypes.POSIX_COLLATION || !BY_OID.containsKey(collationOid);
  }

  public static boolean isDeterministic(int collationOid) {
    IcuCollation collation = BY_OID.get(collationOid);
    return collation == null || collation.deterministic;
  }

  /// Makes an ICU collation known under its oid; the catalog calls it when a collation is loaded or created.
  public static void register(int collationOid, String icuLocale, boolean deterministic) {
    BY_OID.put(collationOid, new IcuCollation(icuLocale, deterministic, null));
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
    IcuCollation collation = BY_OID.get(collationOid);
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
