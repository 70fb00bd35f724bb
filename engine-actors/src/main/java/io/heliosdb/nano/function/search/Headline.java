package io.heliosdb.nano.function.search;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.TsQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `ts_headline`: an excerpt of a text around the words of a query, with those words marked. One use per text.
/// Source: PostgreSQL 15 manual, "Highlighting Results". Several fragments (`MaxFragments`) are not supported.
public final class Headline {
  /// The options, with PostgreSQL's defaults.
  public record Options(String startSel, String stopSel, int maxWords, int minWords, int shortWord, boolean highlightAll) {
    public static final Options DEFAULT = new Options("<b>", "</b>", 35, 15, 3, false);

    /// Reads `Name=value, Name="value"`.
    public static Options parse(String text) {
      String start = DEFAULT.startSel;
      String stop = DEFAULT.stopSel;
      int maxWords = DEFAULT.maxWords;
      int minWords = DEFAULT.minWords;
      int shortWord = DEFAULT.shortWord;
      boolean all = false;
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
          case "maxfragments" -> {
            if (integer(given) != 0) {
              throw SqlException.notSupported("MaxFragments of ts_headline");
            }
          }
          case "fragmentdelimiter" -> { }
          default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized headline parameter: \"" + name + "\"");
        }
      }
      if (!all) {
        check(minWords < maxWords, "MinWords should be less than MaxWords");
        check(minWords > 0, "MinWords should be positive");
        check(shortWord >= 0, "ShortWord should be >= 0");
      }
      return new Options(start, stop, maxWords, minWords, shortWord, all);
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

  /// A token, its lexeme (null without) and its place, and whether the query has it.
  private record Word(TextTokens.Type type, String text, @Nullable String lexeme, int position, boolean wanted) {}

  private final List<Word> words = new ArrayList<>();
  private final TsQuery query;
  private final Options options;

  private Headline(SearchConfiguration configuration, String text, TsQuery query, Options options) {
    this.query = query;
    this.options = options;
    int position = 0;
    for (TextTokens.Token token : TextTokens.of(text)) {
      String lexeme = null;
      if (token.type().indexed()) {
        position++;
        lexeme = configuration.lexeme(token.type(), token.text());
      }
      boolean wanted = lexeme != null && query.root() != null && mentions(query.root(), lexeme);
      // Parts of a hyphenated word follow the whole, whose text is left out.
      words.add(new Word(token.type(), token.text(), lexeme, position, wanted));
    }
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
      case SCIENTIFIC, VERSION, FLOAT, INT, UNSIGNED, PROTOCOL -> true;
      default -> false;
    };
    return (!counts(index) || number || word.text.length() <= options.shortWord) && !word.wanted;
  }

  private boolean satisfied(int from, int to) {
    return query.root() != null && new QueryMatcher(operand -> {
      int[] found = words.subList(from, to + 1).stream().filter(w -> w.lexeme != null
          && (operand.prefix() ? w.lexeme.startsWith(operand.text()) : w.lexeme.equals(operand.text()))).mapToInt(Word::position).toArray();
      return found.length == 0 ? null : found;
    }).matches(query.root());
  }

  private String run() {
    int begin = 0;
    int end = words.size() - 1;
    if (!options.highlightAll) {
      int[] best = best();
      begin = best[0];
      end = best[1];
    }
    StringBuilder out = new StringBuilder();
    for (int i = begin; i <= end; i++) {
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

  private int[] best() {
    int bestBegin = -1;
    int bestEnd = 0;
    int bestCount = -1;
    for (int p = 0; p < words.size(); p++) {
      if (!words.get(p).wanted) {
        continue;
      }
      int q = coverEnd(p);
      if (q < 0) {
        continue;
      }
      int[] candidate = excerpt(p, q);
      boolean better = candidate[2] > bestCount
          || candidate[2] == bestCount && !badEnd(candidate[1]) && badEnd(bestEnd);
      if (better) {
        bestBegin = candidate[0];
        bestEnd = candidate[1];
        bestCount = candidate[2];
      }
    }
    if (bestBegin >= 0) {
      return new int[] {bestBegin, bestEnd};
    }
    int length = 0;
    int end = 0;
    for (int i = 0; i < words.size() && length < options.minWords; i++) {
      length += counts(i) ? 1 : 0;
      end = i;
    }
    return new int[] {0, Math.min(end, words.size() - 1)};
  }

  private int coverEnd(int p) {
    for (int q = p; q < words.size(); q++) {
      if (words.get(q).wanted && satisfied(p, q)) {
        return q;
      }
    }
    return -1;
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
        if (i != q) {
          length += counts(i) ? 1 : 0;
          wanted += words.get(i).wanted ? 1 : 0;
        }
        end = i;
        if (!badEnd(i) && length >= options.minWords) {
          break;
        }
      }
      if (length < options.minWords && i >= words.size()) {
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
}
