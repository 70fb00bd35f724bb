package io.heliosdb.nano.function.search;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.TsQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `ts_headline`: an excerpt of a text around the words of a query, with those words marked. One use per text.
/// Source: PostgreSQL 15 manual, "Highlighting Results", and its answers.
public final class Headline {
  /// The options, with PostgreSQL's defaults.
  public record Options(String startSel, String stopSel, int maxWords, int minWords, int shortWord, boolean highlightAll, int maxFragments,
      String fragmentDelimiter) {
    public static final Options DEFAULT = new Options("<b>", "</b>", 35, 15, 3, false, 0, " ... ");

    /// Reads `Name=value, Name="value"`.
    public static Options parse(String text) {
      String start = DEFAULT.startSel;
      String stop = DEFAULT.stopSel;
      int maxWords = DEFAULT.maxWords;
      int minWords = DEFAULT.minWords;
      int shortWord = DEFAULT.shortWord;
      boolean all = false;
      int fragments = 0;
      String delimiter = DEFAULT.fragmentDelimiter;
      int at = 0;
      while (at < text.length()) {
        while (at < text.length() && (text.charAt(at) == ',' || Character.isWhitespace(text.charAt(at)))) {
          at++;
        }
        int equals = text.indexOf('=', at);
        if (at >= text.length()) {
          break;
        }
        if (equals < 0) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid parameter list format: \"" + text + "\"");
        }
        String name = text.substring(at, equals).strip();
        at = equals + 1;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
          at++;
        }
        StringBuilder value = new StringBuilder();
        char quote = at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'') ? text.charAt(at++) : 0;
        while (at < text.length() && (quote != 0 ? text.charAt(at) != quote : text.charAt(at) != ',')) {
          value.append(text.charAt(at++));
        }
        at += quote != 0 ? 1 : 0;
        String given = quote != 0 ? value.toString() : value.toString().strip();
        switch (name.toLowerCase(Locale.ROOT)) {
          case "startsel" -> start = given;
          case "stopsel" -> stop = given;
          case "maxwords" -> maxWords = integer(given);
          case "minwords" -> minWords = integer(given);
          case "shortword" -> shortWord = integer(given);
          case "highlightall" -> all = given.matches("(?i)1|on|true|t|y|yes");
          case "maxfragments" -> fragments = integer(given);
          case "fragmentdelimiter" -> delimiter = given;
          default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized headline parameter: \"" + name + "\"");
        }
      }
      if (!all) {
        check(minWords < maxWords, "MinWords should be less than MaxWords");
        check(minWords > 0, "MinWords should be positive");
        check(shortWord >= 0, "ShortWord should be >= 0");
        check(fragments >= 0, "MaxFragments should be >= 0");
      }
      check(start.length() <= Short.MAX_VALUE, "value for \"StartSel\" is too long");
      check(stop.length() <= Short.MAX_VALUE, "value for \"StopSel\" is too long");
      check(delimiter.length() <= Short.MAX_VALUE, "value for \"FragmentDelimiter\" is too long");
      return new Options(start, stop, maxWords, minWords, shortWord, all, fragments, delimiter);
    }

    private static void check(boolean holds, String message) {
      if (!holds) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
      }
    }

    private static int integer(String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type integer: \"" + text + "\"");
      }
    }
  }

  /// A token, the lexemes it gave with their place, and whether the query has one of them.
  private record Word(TextTokens.Type type, String text, List<String> lexemes, int position, boolean wanted) {}

  private final List<Word> words = new ArrayList<>();
  private final TsQuery query;
  private final Options options;
  private final boolean[] shown;
  private int coverBegin;
  private int coverEnd;
  private int next;

  private Headline(SearchConfiguration configuration, String text, TsQuery query, Options options) {
    this.query = query;
    this.options = options;
    int position = 0;
    List<TextTokens.Token> tokens = TextTokens.of(text);
    for (int i = 0; i < tokens.size(); ) {
      SearchConfiguration.Lexized lexized = configuration.lexize(tokens, i);
      position += lexized.lexemes() == null ? 0 : 1;
      List<String> lexemes = lexized.lexemes() == null ? List.of() : lexized.lexemes().stream().map(SearchDictionary.Lexeme::text).toList();
      boolean wanted = query.root() != null && lexemes.stream().anyMatch(lexeme -> mentions(query.root(), lexeme));
      for (int end = i + lexized.tokens(); i < end; i++) {
        words.add(new Word(tokens.get(i).type(), tokens.get(i).text(), lexemes, position, wanted));
      }
    }
    shown = new boolean[words.size()];
  }

  public static String of(SearchConfiguration configuration, String text, TsQuery query, Options options) {
    return new Headline(configuration, text, query, options).run();
  }

  private static boolean mentions(TsQuery.Node node, String lexeme) {
    return switch (node) {
      case TsQuery.Operand o -> o.prefix() ? lexeme.startsWith(o.text()) : lexeme.equals(o.text());
      case TsQuery.Not n -> mentions(n.argument(), lexeme);
      case TsQuery.And a -> mentions(a.left(), lexeme) || mentions(a.right(), lexeme);
      case TsQuery.Or o -> mentions(o.left(), lexeme) || mentions(o.right(), lexeme);
      case TsQuery.Phrase p -> mentions(p.left(), lexeme) || mentions(p.right(), lexeme);
    };
  }

  private static boolean skipped(TextTokens.Type type) {
    return switch (type) {
      case URL, NUM_HYPHENATED, ASCII_HYPHENATED, HYPHENATED -> true;
      default -> false;
    };
  }

  private boolean counts(int index) {
    TextTokens.Type type = words.get(index).type;
    return type != TextTokens.Type.BLANK && type != TextTokens.Type.TAG && !skipped(type);
  }

  private boolean badEnd(int index) {
    Word word = words.get(index);
    boolean number = switch (word.type) {
      case SCIENTIFIC, VERSION, FLOAT, INT, UNSIGNED, PROTOCOL, ENTITY -> true;
      default -> false;
    };
    int bytes = word.text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    return (!counts(index) || number || bytes <= options.shortWord) && !word.wanted;
  }

  /// The places of an operand among the words of a range.
  private QueryMatcher matcher(int from, int to) {
    return new QueryMatcher(operand -> {
      int[] found = words.subList(from, to + 1).stream().filter(word -> word.lexemes.stream().anyMatch(lexeme ->
          operand.prefix() ? lexeme.startsWith(operand.text()) : lexeme.equals(operand.text()))).mapToInt(Word::position).distinct().toArray();
      return found.length == 0 ? null : found;
    });
  }

  /// Moves on to the next shortest range of words that matches the query: from one wanted word to another, at most `coverMax` tokens.
  private boolean nextCover() {
    int coverMax = Math.max(options.maxWords * 10, 100) * Math.max(options.maxFragments, 1);
    for (int begin = firstWanted(next); begin >= 0; begin = firstWanted(begin + 1)) {
      for (int end = begin; end >= 0 && end - begin < coverMax; end = firstWanted(end + 1)) {
        if (matcher(begin, end).matches(query.root())) {
          coverBegin = begin;
          coverEnd = end;
          next = begin + 1;
          return true;
        }
      }
    }
    return false;
  }

  private int firstWanted(int from) {
    for (int i = from; i < words.size(); i++) {
      if (words.get(i).wanted) {
        return i;
      }
    }
    return -1;
  }

  private String run() {
    if (words.isEmpty()) {
      return "";
    }
    if (options.maxFragments > 0) {
      fragments();
    } else {
      int[] best = options.highlightAll ? new int[] {0, words.size() - 1} : best();
      show(best[0], best[1]);
    }
    StringBuilder out = new StringBuilder();
    boolean inFragment = false;
    int count = 0;
    for (int i = 0; i < words.size(); i++) {
      if (!shown[i]) {
        inFragment = false;
        continue;
      }
      if (!inFragment) {
        inFragment = true;
        out.append(++count > 1 ? options.fragmentDelimiter : "");
      }
      Word word = words.get(i);
      if (skipped(word.type)) {
        continue;
      }
      if (word.type == TextTokens.Type.TAG && !options.highlightAll) {
        out.append(' ');
      } else {
        out.append(word.wanted ? options.startSel + word.text + options.stopSel : word.text);
      }
    }
    return out.toString();
  }

  private void show(int begin, int end) {
    for (int i = begin; i <= end; i++) {
      shown[i] = true;
    }
  }

  private int[] best() {
    int bestBegin = -1;
    int bestEnd = -1;
    int bestCount = -1;
    boolean bestCovers = false;
    while (nextCover()) {
      int[] candidate = excerpt(coverBegin, coverEnd);
      boolean covers = candidate[0] <= coverBegin && candidate[1] >= coverEnd;
      boolean same = covers == bestCovers;
      if (covers && !bestCovers || same && candidate[2] > bestCount
          || same && candidate[2] == bestCount && !badEnd(candidate[1]) && badEnd(bestEnd)) {
        bestBegin = candidate[0];
        bestEnd = candidate[1];
        bestCount = candidate[2];
        bestCovers = covers;
      }
    }
    return bestCount >= 0 ? new int[] {bestBegin, bestEnd} : new int[] {0, firstWords()};
  }

  /// Where the first `MinWords` words end.
  private int firstWords() {
    int length = 0;
    int end = -1;
    for (int i = 0; i < words.size() && length < options.minWords; i++) {
      length += counts(i) ? 1 : 0;
      end = i;
    }
    return end;
  }

  /// Begin, end and number of wanted words of the excerpt around a cover.
  private int[] excerpt(int p, int q) {
    int length = 0;
    int wanted = 0;
    int begin = p;
    int end = p;
    int i = p;
    for (; i <= q && length < options.maxWords; i++) {
      length += counts(i) ? 1 : 0;
      wanted += words.get(i).wanted ? 1 : 0;
      end = i;
    }
    if (length < options.maxWords) {
      for (i = i - 1; i < words.size() && length < options.maxWords; i++) {
        if (i > q) {
          length += counts(i) ? 1 : 0;
          wanted += words.get(i).wanted ? 1 : 0;
        }
        end = i;
        if (!badEnd(i) && length >= options.minWords) {
          break;
        }
      }
      if (length < options.minWords) {
        for (i = p - 1; i >= 0; i--) {
          length += counts(i) ? 1 : 0;
          wanted += words.get(i).wanted ? 1 : 0;
          if (length >= options.maxWords || !badEnd(i) && length >= options.minWords) {
            break;
          }
        }
        begin = Math.max(i, 0);
      }
    } else {
      i = Math.min(i, q);
      for (; length > options.minWords && badEnd(i); i--) {
        length -= counts(i) ? 1 : 0;
        wanted -= words.get(i).wanted ? 1 : 0;
        end = i - 1;
      }
    }
    return new int[] {begin, end, wanted};
  }

  private static final class Fragment {
    int begin;
    int end;
    int length;
    int wanted;
    boolean done;
  }

  /// Marks the best `MaxFragments` pieces around covers.
  private void fragments() {
    List<Fragment> covers = new ArrayList<>();
    while (nextCover()) {
      for (int begin = coverBegin; begin <= coverEnd; ) {
        Fragment fragment = fragment(begin, coverEnd);
        covers.add(fragment);
        begin = fragment.end + 1;
      }
    }
    int found = 0;
    for (int f = 0; f < options.maxFragments; f++) {
      Fragment best = null;
      for (Fragment cover : covers) {
        if (!cover.done && (best == null || cover.wanted > best.wanted || cover.wanted == best.wanted && cover.length < best.length)) {
          best = cover;
        }
      }
      if (best == null) {
        break;
      }
      best.done = true;
      stretch(best);
      show(best.begin, best.end);
      found++;
      for (Fragment other : covers) {
        boolean overlaps = other.begin >= best.begin && other.begin <= best.end || other.end >= best.begin && other.end <= best.end
            || other.begin < best.begin && other.end > best.end;
        other.done |= overlaps;
      }
    }
    if (found == 0) {
      show(0, firstWords());
    }
  }

  /// The first piece of a cover with at most `MaxWords` words and a wanted word at either end.
  private Fragment fragment(int from, int to) {
    Fragment fragment = new Fragment();
    fragment.begin = from;
    while (fragment.begin < to && !words.get(fragment.begin).wanted) {
      fragment.begin++;
    }
    fragment.end = to;
    int i = fragment.begin;
    for (; i <= fragment.end && fragment.length < options.maxWords; i++) {
      fragment.length += counts(i) ? 1 : 0;
      fragment.wanted += words.get(i).wanted ? 1 : 0;
    }
    if (fragment.end > i) {
      fragment.end = i;
      for (; i >= fragment.begin; i--) {
        fragment.end = i;
        if (words.get(i).wanted) {
          break;
        }
        fragment.length -= counts(i) ? 1 : 0;
      }
    }
    return fragment;
  }

  private void stretch(Fragment fragment) {
    if (fragment.length >= options.maxWords) {
      return;
    }
    int most = (options.maxWords - fragment.length) / 2;
    int stretched = 0;
    int marker = fragment.begin;
    for (int i = fragment.begin - 1; i >= 0 && stretched < most && !shown[i]; i--) {
      if (counts(i)) {
        fragment.length++;
        stretched++;
      }
      marker = i;
    }
    int begin = marker;
    for (; begin < fragment.begin && badEnd(begin); begin++) {
      fragment.length -= counts(begin) ? 1 : 0;
    }
    fragment.begin = begin;
    marker = fragment.end;
    for (int i = fragment.end + 1; i < words.size() && fragment.length < options.maxWords && !shown[i]; i++) {
      fragment.length += counts(i) ? 1 : 0;
      marker = i;
    }
    int end = marker;
    for (; end > fragment.end && badEnd(end); end--) {
      fragment.length -= counts(end) ? 1 : 0;
    }
    fragment.end = end;
  }
}
