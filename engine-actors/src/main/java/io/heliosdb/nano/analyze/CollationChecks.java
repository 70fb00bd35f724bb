package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import org.jspecify.annotations.Nullable;

/// What functions over text ask of their collation: that there is one, and that pattern matching and searching have a deterministic
/// one. Errors: 42P22, 0A000. Source: PostgreSQL 15 manual, "Collation Support".
final class CollationChecks {
  private CollationChecks() {}

  static void check(FunctionDef function, int collation, boolean conflict, Analysis analysis) {
    if (!(function.body() instanceof FunctionDef.BuiltinBody body)) {
      return;
    }
    if (conflict) {
      String use = use(body.symbol());
      if (use != null) {
        throw new SqlException(SqlState.INDETERMINATE_COLLATION, "could not determine which collation to use for " + use)
            .withHint("Use the COLLATE clause to set the collation explicitly.");
      }
      return;
    }
    Catalog.CollationDef definition = collation == 0 ? null : analysis.catalog.collation(collation);
    if (definition != null && !definition.deterministic()) {
      String search = search(body.symbol());
      if (search != null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "nondeterministic collations are not supported for " + search);
      }
    }
  }

  private static @Nullable String use(String symbol) {
    return switch (symbol) {
      case "texteq", "textne", "text_lt", "text_le", "text_gt", "text_ge", "bttextcmp", "text_larger", "text_smaller", "bpchareq", "bpcharne",
          "bpcharlt", "bpcharle", "bpchargt", "bpcharge", "bpcharcmp", "bpchar_larger", "bpchar_smaller", "nameeqtext", "namenetext",
          "namelttext", "nameletext", "namegttext", "namegetext", "texteqname", "textnename", "textltname", "textlename", "textgtname",
          "textgename", "agg:min", "agg:max" -> "string comparison";
      case "lower" -> "lower() function";
      case "upper" -> "upper() function";
      case "initcap" -> "initcap() function";
      case "texticlike", "texticnlike", "nameiclike", "nameicnlike" -> "ILIKE";
      default -> "regular expressions".equals(search(symbol)) ? "regular expression" : null;
    };
  }

  /// How messages call what the function does, null when any collation does for it.
  private static @Nullable String search(String symbol) {
    return switch (symbol) {
      case "textlike", "textnlike", "namelike", "namenlike" -> "LIKE";
      case "texticlike", "texticnlike", "nameiclike", "nameicnlike" -> "ILIKE";
      case "replace_text", "split_part", "text_starts_with", "text_to_array", "text_to_array_null", "text_to_table", "text_to_table_null",
          "textpos" -> "substring searches";
      default -> symbol.startsWith("regexp_") || symbol.startsWith("textregex") || symbol.startsWith("nameregex")
          || symbol.startsWith("texticregex") || symbol.startsWith("nameicregex") ? "regular expressions" : null;
    };
  }
}
