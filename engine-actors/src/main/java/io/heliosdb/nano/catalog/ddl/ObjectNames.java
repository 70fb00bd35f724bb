package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses names as PostgreSQL does: `t_pkey`, `t_a_key`, `t_a_idx`, `t_a_fkey`, `t_a_check`, `t_a_seq`, numbered when taken, cut to 63
/// bytes from the longer part. Source: PostgreSQL's `makeObjectName` and `ChooseIndexName`, as observed.
final class ObjectNames {
  static final int MAX_BYTES = 63;

  private ObjectNames() {}

  static String truncate(String name) {
    return cut(name, MAX_BYTES);
  }

  /// The longest prefix of whole characters that fits into so many bytes.
  private static String cut(String text, int bytes) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= bytes) {
      return text;
    }
    int end = bytes;
    while (end > 0 && (utf8[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(utf8, 0, end, StandardCharsets.UTF_8);
  }

  /// `name1_name2_label` with the two names shortened until the whole fits.
  static String make(String name1, @Nullable String name2, @Nullable String label) {
    int overhead = (name2 == null ? 0 : 1) + (label == null ? 0 : label.length() + 1);
    int available = MAX_BYTES - overhead;
    int length1 = bytes(name1);
    int length2 = name2 == null ? 0 : bytes(name2);
    while (length1 + length2 > available) {
      if (length1 > length2) {
        length1--;
      } else {
        length2--;
      }
    }
    String result = cut(name1, length1);
    if (name2 != null) {
      result += "_" + cut(name2, length2);
    }
    return label == null ? result : result + "_" + label;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// A name for a relation that is free in the schema; with `constraint` also free among the schema's constraints.
  static String relation(CatalogSnapshot catalog, String name1, @Nullable String name2, String label, int namespaceOid, boolean constraint) {
    String tried = label;
    for (int pass = 1; ; pass++) {
      String name = make(name1, name2, tried);
      if (catalog.relation(namespaceOid, name) == null && !(constraint && catalog.hasConstraint(namespaceOid, name))) {
        return name;
      }
      tried = label + pass;
    }
  }

  /// A name for a constraint that is free in the schema and among `others`, which the same command is about to make.
  static String constraint(CatalogSnapshot catalog, String name1, @Nullable String name2, String label, int namespaceOid,
      Collection<String> others) {
    String tried = label;
    for (int pass = 1; ; pass++) {
      String name = make(name1, name2, tried);
      if (!others.contains(name) && !catalog.hasConstraint(namespaceOid, name)) {
        return name;
      }
      tried = label + pass;
    }
  }

  /// The middle part of an index's or foreign key's name: the column names joined by `_`, as many as fit.
  static String columns(List<String> names) {
    StringBuilder result = new StringBuilder();
    for (String name : names) {
      if (!result.isEmpty()) {
        result.append('_');
      }
      result.append(name);
      if (bytes(result.toString()) >= MAX_BYTES) {
        break;
      }
    }
    return result.toString();
  }
}
