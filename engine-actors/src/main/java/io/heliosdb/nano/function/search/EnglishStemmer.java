package io.heliosdb.nano.function.search;

import java.util.Map;
import java.util.Set;

/// The stemmer for English of the Snowball project ("Porter2"). One use per word; words arrive in lower case.
///
/// Source: Porter, "The English (Porter2) stemming algorithm", snowballstem.org.
final class EnglishStemmer {
  private static final Map<String, String> IRREGULAR = Map.ofEntries(Map.entry("skis", "ski"), Map.entry("skies", "sky"),
      Map.entry("dying", "die"), Map.entry("lying", "lie"), Map.entry("tying", "tie"), Map.entry("idly", "idl"),
      Map.entry("gently", "gentl"), Map.entry("ugly", "ugli"), Map.entry("early", "earli"), Map.entry("only", "onli"),
      Map.entry("singly", "singl"), Map.entry("sky", "sky"), Map.entry("news", "news"), Map.entry("howe", "howe"),
      Map.entry("atlas", "atlas"), Map.entry("cosmos", "cosmos"), Map.entry("bias", "bias"), Map.entry("andes", "andes"));
  private static final Set<String> KEPT_AFTER_1A =
      Set.of("inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed");
  private static final String[] STEP_2 = {"ization", "ational", "fulness", "ousness", "iveness", "tional", "biliti", "lessli", "entli",
    "ation", "alism", "aliti", "ousli", "iviti", "fulli", "enci", "anci", "abli", "izer", "ator", "alli", "bli", "ogi", "li"};
  private static final String[] STEP_3 = {"ational", "tional", "alize", "icate", "iciti", "ative", "ical", "ness", "ful"};
  private static final String[] STEP_4 = {"ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive",
    "ize", "ion", "al", "er", "ic"};

  private final StringBuilder word;
  private int r1;
  private int r2;

  private EnglishStemmer(String text) {
    this.word = new StringBuilder(text);
  }

  static String stem(String text) {
    if (text.length() <= 2) {
      return text;
    }
    String irregular = IRREGULAR.get(text);
    return irregular != null ? irregular : new EnglishStemmer(text).run();
  }

  private String run() {
    if (word.charAt(0) == '\'') {
      word.deleteCharAt(0);
    }
    markConsonantY();
    findRegions();
    step0();
    step1a();
    if (!KEPT_AFTER_1A.contains(word.toString())) {
      step1b();
      step1c();
      step2();
      step3();
      step4();
      step5();
    }
    return word.toString().replace('Y', 'y');
  }

  private static boolean isVowel(char c) {
    return "aeiouy".indexOf(c) >= 0;
  }

  private boolean vowelAt(int index) {
    return isVowel(word.charAt(index));
  }

  private void markConsonantY() {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) == 'y' && (i == 0 || isVowel(word.charAt(i - 1)))) {
        word.setCharAt(i, 'Y');
      }
    }
  }

  private void findRegions() {
    String text = word.toString();
    r1 = text.startsWith("gener") || text.startsWith("arsen") ? 5 : text.startsWith("commun") ? 6 : regionAfter(0);
    r2 = regionAfter(r1);
  }

  /// The place after the first non-vowel that follows a vowel, from `from` on.
  private int regionAfter(int from) {
    int i = from;
    while (i < word.length() && !vowelAt(i)) {
      i++;
    }
    while (i < word.length() && vowelAt(i)) {
      i++;
    }
    return Math.min(i + 1, word.length());
  }

  private boolean ends(String suffix) {
    int at = word.length() - suffix.length();
    return at >= 0 && word.indexOf(suffix, at) == at;
  }

  private boolean inR1(String suffix) {
    return word.length() - suffix.length() >= r1;
  }

  private boolean inR2(String suffix) {
    return word.length() - suffix.length() >= r2;
  }

  private void replace(String suffix, String with) {
    word.setLength(word.length() - suffix.length());
    word.append(with);
  }

  private boolean hasVowel(int to) {
    for (int i = 0; i < to; i++) {
      if (vowelAt(i)) {
        return true;
      }
    }
    return false;
  }

  private void step0() {
    for (String suffix : new String[] {"'s'", "'s", "'"}) {
      if (ends(suffix)) {
        replace(suffix, "");
        return;
      }
    }
  }

  private void step1a() {
    if (ends("sses")) {
      replace("sses", "ss");
    } else if (ends("ied") || ends("ies")) {
      replace("ies", word.length() > 4 ? "i" : "ie");
    } else if (!ends("us") && !ends("ss") && ends("s") && hasVowel(word.length() - 2)) {
      replace("s", "");
    }
  }

  private void step1b() {
    if (ends("eedly") || ends("eed")) {
      String suffix = ends("eed") ? "eed" : "eedly";
      if (inR1(suffix)) {
        replace(suffix, "ee");
      }
      return;
    }
    for (String suffix : new String[] {"ingly", "edly", "ing", "ed"}) {
      if (ends(suffix)) {
        if (hasVowel(word.length() - suffix.length())) {
          replace(suffix, "");
          afterStep1b();
        }
        return;
      }
    }
  }

  private void afterStep1b() {
    if (ends("at") || ends("bl") || ends("iz")) {
      word.append('e');
    } else if (endsInDouble()) {
      word.setLength(word.length() - 1);
    } else if (isShort()) {
      word.append('e');
    }
  }

  private boolean endsInDouble() {
    int n = word.length();
    return n >= 2 && word.charAt(n - 1) == word.charAt(n - 2) && "bdfgmnprt".indexOf(word.charAt(n - 1)) >= 0;
  }

  /// Ends in a short syllable, and R1 is empty.
  private boolean isShort() {
    return r1 >= word.length() && endsInShortSyllable(word.length());
  }

  private boolean endsInShortSyllable(int length) {
    if (length < 2) {
      return false;
    }
    if (length == 2) {
      return vowelAt(0) && !vowelAt(1);
    }
    char last = word.charAt(length - 1);
    return !isVowel(last) && "wxY".indexOf(last) < 0 && vowelAt(length - 2) && !vowelAt(length - 3);
  }

  private void step1c() {
    int n = word.length();
    if (n > 2 && (word.charAt(n - 1) == 'y' || word.charAt(n - 1) == 'Y') && !vowelAt(n - 2)) {
      word.setCharAt(n - 1, 'i');
    }
  }

  private void step2() {
    for (String suffix : STEP_2) {
      if (!ends(suffix)) {
        continue;
      }
      if (!inR1(suffix)) {
        return;
      }
      switch (suffix) {
        case "tional" -> replace(suffix, "tion");
        case "enci" -> replace(suffix, "ence");
        case "anci" -> replace(suffix, "ance");
        case "abli" -> replace(suffix, "able");
        case "entli" -> replace(suffix, "ent");
        case "izer", "ization" -> replace(suffix, "ize");
        case "ational", "ation", "ator" -> replace(suffix, "ate");
        case "alism", "aliti", "alli" -> replace(suffix, "al");
        case "fulness" -> replace(suffix, "ful");
        case "ousli", "ousness" -> replace(suffix, "ous");
        case "iveness", "iviti" -> replace(suffix, "ive");
        case "biliti", "bli" -> replace(suffix, "ble");
        case "ogi" -> {
          if (word.length() > 3 && word.charAt(word.length() - 4) == 'l') {
            replace(suffix, "og");
          }
        }
        case "fulli" -> replace(suffix, "ful");
        case "lessli" -> replace(suffix, "less");
        default -> {
          if (word.length() > 2 && "cdeghkmnrt".indexOf(word.charAt(word.length() - 3)) >= 0) {
            replace(suffix, "");
          }
        }
      }
      return;
    }
  }

  private void step3() {
    for (String suffix : STEP_3) {
      if (!ends(suffix)) {
        continue;
      }
      if (!inR1(suffix)) {
        return;
      }
      switch (suffix) {
        case "tional" -> replace(suffix, "tion");
        case "ational" -> replace(suffix, "ate");
        case "alize" -> replace(suffix, "al");
        case "icate", "iciti", "ical" -> replace(suffix, "ic");
        case "ful", "ness" -> replace(suffix, "");
        default -> {
          if (inR2(suffix)) {
            replace(suffix, "");
          }
        }
      }
      return;
    }
  }

  private void step4() {
    for (String suffix : STEP_4) {
      if (!ends(suffix)) {
        continue;
      }
      if (inR2(suffix)) {
        int before = word.length() - suffix.length() - 1;
        if (!suffix.equals("ion") || before >= 0 && (word.charAt(before) == 's' || word.charAt(before) == 't')) {
          replace(suffix, "");
        }
      }
      return;
    }
  }

  private void step5() {
    if (ends("e")) {
      if (inR2("e") || inR1("e") && !endsInShortSyllable(word.length() - 1)) {
        replace("e", "");
      }
    } else if (ends("l") && inR2("l") && word.length() > 1 && word.charAt(word.length() - 2) == 'l') {
      replace("l", "");
    }
  }
}
