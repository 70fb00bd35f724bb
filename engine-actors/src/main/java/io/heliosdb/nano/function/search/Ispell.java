package io.heliosdb.nano.function.search;

import io.heliosdb.nano.function.search.IspellAffixes.Affix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Dictionaries of Ispell, MySpell and Hunspell: words with flags, and affixes that go with flags; compound words are taken apart.
/// Immutable after construction. Source: PostgreSQL 15 manual, "Ispell Dictionary", and its answers.
final class Ispell implements SearchDictionary {
  private static final int NORMAL_FORMS_MAX = 1024;
  private static final int WORD_CHARS_MAX = 256;

  /// A node of the tree of words.
  private static final class Node {
    final Map<Character, Node> next = new HashMap<>(4);
    boolean isWord;
    Set<String> flags = Set.of();
    int compound;
  }

  private final IspellAffixes affixes;
  private final Node root = new Node();
  private final Set<String> stopWords;
  private final List<IspellAffixes.CompoundAffix> compoundAffixes;

  Ispell(List<String> words, IspellAffixes affixes, Set<String> stopWords) {
    this.affixes = affixes;
    this.stopWords = stopWords;
    words.forEach(this::add);
    compoundAffixes = affixes.compoundAffixes(this::inUse);
  }

  private final Set<String> usedFlags = new java.util.HashSet<>();

  private boolean inUse(String flag) {
    return usedFlags.contains(flag);
  }

  private void add(String raw) {
    String line = raw;
    String flagText = "";
    int slash = line.indexOf('/');
    if (slash >= 0) {
      int end = slash + 1;
      while (end < line.length() && line.charAt(end) > ' ' && line.charAt(end) < 0x7f) {
        end++;
      }
      flagText = line.substring(slash + 1, end);
      line = line.substring(0, slash);
    }
    int space = 0;
    while (space < line.length() && !Character.isWhitespace(line.charAt(space))) {
      space++;
    }
    String word = line.substring(0, space).toLowerCase(Locale.ROOT);
    if (word.isEmpty()) {
      return;
    }
    Set<String> flags = affixes.flags(flagText);
    usedFlags.addAll(flags);
    Node node = root;
    for (char c : word.toCharArray()) {
      node = node.next.computeIfAbsent(c, k -> new Node());
    }
    boolean clearOnly = false;
    if (node.isWord) {
      clearOnly = (IspellAffixes.ONLY & node.compound & affixes.compoundFlags(flags)) == 0;
      Set<String> merged = new java.util.HashSet<>(node.flags);
      merged.addAll(flags);
      flags = merged;
    }
    node.isWord = true;
    node.flags = flags;
    int compound = affixes.compoundFlags(flags);
    if ((compound & IspellAffixes.ONLY) != 0 && (compound & IspellAffixes.COMPOUND) == 0) {
      compound |= IspellAffixes.COMPOUND;
    }
    node.compound = clearOnly ? compound & ~IspellAffixes.ONLY : compound;
  }

  @Override
  public @Nullable List<Lexeme> lexize(String token) {
    List<Lexeme> found = normalized(token.toLowerCase(Locale.ROOT));
    return found.isEmpty() ? null : found.stream().filter(lexeme -> !stopWords.contains(lexeme.text())).toList();
  }

  private List<Lexeme> normalized(String word) {
    List<Lexeme> lexemes = new ArrayList<>();
    int variant = 1;
    for (String form : forms(word, 0)) {
      lexemes.add(new Lexeme(form, variant++, false, false));
    }
    if (affixes.compounds() && word.length() <= WORD_CHARS_MAX) {
      List<List<String>> splits = new ArrayList<>();
      split(splits, null, List.of(), word, 0, -1);
      for (List<String> stems : splits) {
        if (stems.size() < 2) {
          continue;
        }
        for (String last : forms(stems.getLast(), IspellAffixes.LAST)) {
          for (String stem : stems.subList(0, stems.size() - 1)) {
            lexemes.add(new Lexeme(stem, variant, false, false));
          }
          lexemes.add(new Lexeme(last, variant++, false, false));
        }
      }
    }
    return lexemes;
  }

  private @Nullable Node find(String word) {
    Node node = root;
    for (int i = 0; i < word.length() && node != null; i++) {
      node = node.next.get(word.charAt(i));
    }
    return node;
  }

  /// Whether the word is there, goes with the affix's flag, and may stand at that place of a compound.
  private boolean knows(String word, String flag, int place) {
    Node node = word.isEmpty() ? null : find(word);
    if (node == null || !node.isWord) {
      return false;
    }
    int wanted = place & IspellAffixes.PLACES;
    if (wanted == 0 ? (node.compound & IspellAffixes.ONLY) != 0 : (wanted & node.compound) == 0) {
      return false;
    }
    return flag.isEmpty() || node.flags.contains(flag);
  }

  /// The normal forms of a word.
  private List<String> forms(String word, int place) {
    List<String> forms = new ArrayList<>();
    if (word.length() > WORD_CHARS_MAX) {
      return forms;
    }
    if (knows(word, "", place)) {
      forms.add(word);
    }
    for (Affix prefix : affixes.prefixesOf(word)) {
      String base = prefix.undone(word, place, null);
      if (base != null && knows(base, prefix.flag(), place)) {
        addForm(forms, base);
      }
    }
    int[] unchanged = new int[1];
    for (Affix suffix : affixes.suffixesOf(word)) {
      String base = suffix.undone(word, place, unchanged);
      if (base == null) {
        continue;
      }
      if (knows(base, suffix.flag(), place)) {
        addForm(forms, base);
      }
      for (Affix prefix : affixes.prefixesOf(base)) {
        String inner = prefix.undone(base, place, unchanged);
        boolean both = prefix.crossProduct() && suffix.crossProduct();
        if (inner != null && knows(inner, both ? "" : prefix.flag(), place)) {
          addForm(forms, inner);
        }
      }
    }
    return forms;
  }

  private static void addForm(List<String> forms, String form) {
    if (forms.size() < NORMAL_FORMS_MAX && (forms.isEmpty() || !forms.getLast().equals(form))) {
      forms.add(form);
    }
  }

  /// Where the part stands that begins at `begin` and ends at `level`.
  private static int place(int begin, int level, int length) {
    return begin == 0 ? IspellAffixes.BEGIN : level == length - 1 ? IspellAffixes.LAST : IspellAffixes.MIDDLE;
  }

  /// Adds the ways to take `word` apart from `start` on, after the stems found before it.
  private void split(List<List<String>> out, @Nullable Node from, List<String> before, String word, int start, int minimum) {
    List<String> stems = new ArrayList<>(before);
    out.add(stems);
    boolean[] probed = new boolean[word.length()];
    Node node = from != null ? from : root;
    int level = from != null ? minimum : start;
    int begin = start;
    while (level < word.length()) {
      int at = 0;
      while (level > begin && at < compoundAffixes.size()) {
        int length = -1;
        String rest = word.substring(level);
        while (at < compoundAffixes.size() && length < 0) {
          length = compoundAffixes.get(at++).length(rest, node != null);
        }
        if (length < 0) {
          break;
        }
        length = level - begin + length;
        if (probed[begin + length - 1] || level + length - 1 <= minimum) {
          continue;
        }
        List<String> parts = forms(word.substring(begin, begin + length), place(begin, level, word.length()));
        if (!parts.isEmpty()) {
          probed[begin + length - 1] = true;
          List<String> longer = new ArrayList<>(stems);
          longer.addAll(parts);
          split(out, null, longer, word, begin + length, begin + length);
        }
      }
      if (node == null) {
        break;
      }
      Node next = node.next.get(word.charAt(level));
      if (next != null && next.isWord && (next.compound & place(begin, level, word.length())) != 0 && !probed[level] && level > minimum) {
        if (word.length() == level + 1) {
          stems.add(word.substring(begin));
          return;
        }
        split(out, node, stems, word, begin, level);
        level++;
        stems.add(word.substring(begin, level));
        node = root;
        begin = level;
        continue;
      }
      node = next;
      level++;
    }
    stems.add(word.substring(Math.min(begin, word.length())));
  }

}
