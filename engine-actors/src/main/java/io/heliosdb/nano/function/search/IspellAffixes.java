package io.heliosdb.nano.function.search;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// An affix file, in the form of Ispell or of MySpell and Hunspell. Immutable after reading.
final class IspellAffixes {
  static final int ONLY = 0x01;
  static final int BEGIN = 0x02;
  static final int MIDDLE = 0x04;
  static final int LAST = 0x08;
  static final int COMPOUND = BEGIN | MIDDLE | LAST;
  static final int PLACES = 0x0f;
  private static final int PERMIT = 0x10;
  private static final int FORBID = 0x20;
  private static final int CROSS = 0x40;

  /// `stripped` and `added` by the affix; `mask` is what the word without it looks like, null for any.
  record Affix(String flag, int flags, boolean suffix, String stripped, String added, @Nullable Pattern mask) {
    boolean crossProduct() {
      return (flags & CROSS) != 0;
    }

    /// The word without this affix, null when it cannot have it.
    ///
    /// @param unchanged the length of what a suffix left alone: set by suffixes, looked at by prefixes
    @Nullable String undone(String word, int place, int @Nullable [] unchanged) {
      if (!allowed(place)) {
        return null;
      }
      String base;
      if (suffix) {
        base = word.substring(0, word.length() - added.length()) + stripped;
        if (unchanged != null) {
          unchanged[0] = word.length() - added.length();
        }
      } else {
        if (unchanged != null && unchanged[0] + stripped.length() <= added.length()) {
          return null;
        }
        base = stripped + word.substring(added.length());
      }
      return mask == null || mask.matcher(base).find() ? base : null;
    }

    private boolean allowed(int place) {
      if (place == 0) {
        return (flags & ONLY) == 0;
      }
      if ((flags & FORBID) != 0) {
        return false;
      }
      if ((place & BEGIN) != 0) {
        return (flags & BEGIN) != 0 || !suffix;
      }
      if ((place & MIDDLE) != 0) {
        return (flags & MIDDLE) != 0;
      }
      return (flags & LAST) != 0 || suffix;
    }
  }

  /// An affix between the parts of a compound.
  record CompoundAffix(String text, boolean suffix) {
    /// How many characters of `rest` belong to the part before, -1 when the affix is not there.
    int length(String rest, boolean here) {
      int at = here ? (rest.startsWith(text) ? 0 : -1) : rest.indexOf(text);
      if (at < 0 || rest.length() <= text.length()) {
        return -1;
      }
      return suffix ? at + text.length() : 0;
    }
  }

  private enum FlagForm { CHAR, LONG, NUM }

  private final List<Affix> affixes = new ArrayList<>();
  private final Map<String, List<Affix>> suffixes = new HashMap<>();
  private final Map<String, List<Affix>> prefixes = new HashMap<>();
  private final Map<String, Integer> compoundFlags = new HashMap<>();
  private final List<String> aliases = new ArrayList<>();
  private FlagForm form = FlagForm.CHAR;
  private boolean useAliases;
  private boolean compounds;

  IspellAffixes(List<String> lines) {
    if (!oldForm(lines)) {
      affixes.clear();
      newForm(lines);
    }
    for (Affix affix : affixes) {
      (affix.suffix ? suffixes : prefixes).computeIfAbsent(affix.added, key -> new ArrayList<>()).add(affix);
    }
  }

  boolean compounds() {
    return compounds;
  }

  List<Affix> suffixesOf(String word) {
    List<Affix> found = new ArrayList<>();
    for (int length = 0; length <= word.length(); length++) {
      found.addAll(suffixes.getOrDefault(word.substring(word.length() - length), List.of()));
    }
    return found;
  }

  List<Affix> prefixesOf(String word) {
    List<Affix> found = new ArrayList<>();
    for (int length = 0; length <= word.length(); length++) {
      found.addAll(prefixes.getOrDefault(word.substring(0, length), List.of()));
    }
    return found;
  }

  List<CompoundAffix> compoundAffixes(Predicate<String> inUse) {
    List<Affix> sorted = new ArrayList<>(affixes);
    sorted.sort(Comparator.comparing((Affix affix) -> affix.suffix).thenComparing(affix ->
        affix.suffix ? new StringBuilder(affix.added).reverse().toString() : affix.added));
    List<CompoundAffix> out = new ArrayList<>();
    for (Affix affix : sorted) {
      if ((affix.flags & COMPOUND) == 0 || affix.added.isEmpty() || !inUse.test(affix.flag)) {
        continue;
      }
      CompoundAffix last = out.isEmpty() ? null : out.getLast();
      if (last == null || last.suffix != affix.suffix || !affix.added.endsWith(last.text)) {
        out.add(new CompoundAffix(affix.added, affix.suffix));
      }
    }
    return out;
  }

  /// The flags of a word or affix as written after `/`.
  Set<String> flags(String text) {
    if (useAliases && !text.isEmpty()) {
      int number = digits(text);
      if (number > aliases.size() || !Character.isDigit(text.charAt(0))) {
        throw bad("invalid affix alias \"" + text + "\"");
      }
      return number > 0 ? separated(aliases.get(number - 1)) : Set.of();
    }
    return separated(text);
  }

  private static int digits(String text) {
    int end = 0;
    while (end < text.length() && end < 9 && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end == 0 ? 0 : Integer.parseInt(text.substring(0, end));
  }

  private Set<String> separated(String text) {
    Set<String> flags = new HashSet<>();
    int at = 0;
    while (at < text.length()) {
      switch (form) {
        case CHAR -> {
          flags.add(text.substring(at, at + 1));
          at++;
        }
        case LONG -> {
          if (at + 1 >= text.length()) {
            throw bad("invalid affix flag \"" + text.substring(at) + "\" with \"long\" flag value");
          }
          flags.add(text.substring(at, at + 2));
          at += 2;
        }
        case NUM -> {
          int comma = text.indexOf(',', at);
          int end = comma < 0 ? text.length() : comma;
          if (!Character.isDigit(text.charAt(at))) {
            throw bad("invalid affix flag \"" + text.substring(at) + "\"");
          }
          flags.add(String.valueOf(digits(text.substring(at, end).strip())));
          at = end + 1;
        }
      }
    }
    return flags;
  }

  int compoundFlags(Set<String> flags) {
    return allFlags(flags) & PLACES;
  }

  private int allFlags(Set<String> flags) {
    int all = 0;
    for (String flag : flags) {
      all |= compoundFlags.getOrDefault(flag, 0);
    }
    return all;
  }

  private static SqlException bad(String message) {
    return new SqlException(SqlState.CONFIG_FILE_ERROR, message);
  }

  // Ispell

  /// Reads the file as one of Ispell; false when it turns out to be one of MySpell or Hunspell.
  private boolean oldForm(List<String> lines) {
    boolean old = false;
    boolean inSuffixes = false;
    boolean inPrefixes = false;
    String flag = "";
    int flags = 0;
    for (String line : lines) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (lower.startsWith("compoundwords")) {
        int l = lower.indexOf('l', "compoundwords".length());
        if (l >= 0) {
          String[] rest = line.substring(l).split("\\s+", 2);
          if (rest.length > 1 && !rest[1].isEmpty()) {
            compoundFlags.merge(rest[1].substring(0, 1), COMPOUND, (a, b) -> a | b);
          }
          compounds = true;
        }
        old = true;
      } else if (lower.startsWith("suffixes") || lower.startsWith("prefixes")) {
        inSuffixes = lower.startsWith("suffixes");
        inPrefixes = !inSuffixes;
        old = true;
      } else if (lower.startsWith("flag")) {
        String rest = line.substring(4).stripLeading();
        flags = 0;
        if (rest.startsWith("*")) {
          flags = CROSS;
          rest = rest.substring(1);
        } else if (rest.startsWith("~")) {
          flags = ONLY;
          rest = rest.substring(1);
        }
        if (rest.startsWith("\\") && rest.length() > 1) {
          rest = rest.substring(1);
        }
        boolean single = !rest.isEmpty() && (rest.length() == 1 || rest.charAt(1) == ':' || rest.charAt(1) == '#' || Character.isWhitespace(rest.charAt(1)));
        if (!single) {
          return newFormAfter(old);
        }
        flag = rest.substring(0, 1);
        old = true;
      } else if (line.startsWith("COMPOUNDFLAG") || line.startsWith("COMPOUNDMIN") || line.startsWith("PFX") || line.startsWith("SFX")) {
        return newFormAfter(old);
      } else if (inSuffixes || inPrefixes) {
        oldEntry(lower, flag, flags, inSuffixes);
      }
    }
    return true;
  }

  private static boolean newFormAfter(boolean old) {
    if (old) {
      throw bad("affix file contains both old-style and new-style commands");
    }
    return false;
  }

  /// `mask > [-stripped,] added`.
  private void oldEntry(String line, String flag, int flags, boolean suffix) {
    int hash = line.indexOf('#');
    String entry = (hash < 0 ? line : line.substring(0, hash)).replaceAll("\\s+", "");
    int arrow = entry.indexOf('>');
    if (arrow < 0) {
      return;
    }
    String mask = entry.substring(0, arrow);
    String change = entry.substring(arrow + 1);
    String stripped = "";
    if (change.startsWith("-")) {
      int comma = change.indexOf(',');
      stripped = change.substring(1, comma < 0 ? change.length() : comma);
      change = comma < 0 ? "" : change.substring(comma + 1);
    }
    if (!mask.isEmpty() && (!change.isEmpty() || !stripped.isEmpty())) {
      add(flag, flags, suffix, stripped, change, mask);
    }
  }

  private void add(String flag, int flags, boolean suffix, String stripped, String added, String mask) {
    Pattern pattern = null;
    if (!mask.equals(".") && !mask.isEmpty()) {
      try {
        pattern = Pattern.compile(suffix ? "(?:" + mask + ")$" : "^(?:" + mask + ")");
      } catch (PatternSyntaxException e) {
        throw new SqlException(SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + e.getDescription());
      }
    }
    int all = flags;
    if ((all & ONLY) != 0 || (all & PERMIT) != 0) {
      all |= (all & COMPOUND) == 0 ? COMPOUND : 0;
    }
    affixes.add(new Affix(flag, all, suffix, stripped, added, pattern));
  }

  // MySpell and Hunspell

  private void newForm(List<String> lines) {
    for (String line : lines) {
      String[] f = line.strip().split("\\s+");
      if (f.length < 2 || line.startsWith("#")) {
        continue;
      }
      switch (f[0]) {
        case "COMPOUNDFLAG" -> compound(f[1], COMPOUND);
        case "COMPOUNDBEGIN" -> compound(f[1], BEGIN);
        case "COMPOUNDLAST", "COMPOUNDEND" -> compound(f[1], LAST);
        case "COMPOUNDMIDDLE" -> compound(f[1], MIDDLE);
        case "ONLYINCOMPOUND" -> compound(f[1], ONLY);
        case "COMPOUNDPERMITFLAG" -> compound(f[1], PERMIT);
        case "COMPOUNDFORBIDFLAG" -> compound(f[1], FORBID);
        case "FLAG" -> form = switch (f[1]) {
          case "long" -> FlagForm.LONG;
          case "num" -> FlagForm.NUM;
          case "default" -> FlagForm.CHAR;
          default -> throw bad("Ispell dictionary supports only \"default\", \"long\", and \"num\" flag values");
        };
        default -> { }
      }
    }
    int headers = 0;
    int flags = 0;
    for (String line : lines) {
      String[] f = line.strip().split("\\s+");
      if (f.length < 2 || line.startsWith("#")) {
        continue;
      }
      if (f[0].equals("AF")) {
        if (!useAliases) {
          useAliases = true;
          if (digits(f[1]) == 0) {
            throw bad("invalid number of flag vector aliases");
          }
        } else {
          aliases.add(f[1]);
        }
      } else if ((f[0].equals("SFX") || f[0].equals("PFX")) && f.length >= 4) {
        if (f.length == 4 || f.length > 4 && f[4].startsWith("#")) {
          flags = f[2].startsWith("Y") || f[2].startsWith("y") ? CROSS : 0;
          headers++;
        } else {
          newEntry(f, headers == 0 ? 0 : flags);
        }
      }
    }
  }

  private void compound(String text, int value) {
    for (String flag : separated(text)) {
      compoundFlags.merge(flag, value, (a, b) -> a | b);
    }
    compounds = true;
  }

  private void newEntry(String[] f, int flags) {
    String added = f[3];
    int all = flags;
    int slash = added.indexOf('/');
    if (slash >= 0) {
      all |= allFlags(flags(added.substring(slash + 1)));
      added = added.substring(0, slash);
    }
    String stripped = f[2].equals("0") ? "" : f[2].toLowerCase(Locale.ROOT);
    added = added.equals("0") ? "" : added.toLowerCase(Locale.ROOT);
    String flag = separated(f[1]).stream().findFirst().orElse("");
    add(flag, all, f[0].equals("SFX"), stripped, added, f[4].toLowerCase(Locale.ROOT));
  }
}
