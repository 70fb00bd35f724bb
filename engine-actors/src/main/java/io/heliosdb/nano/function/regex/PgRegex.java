package io.heliosdb.nano.function.regex;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A compiled regular expression with PostgreSQL's syntax and rules of matching. Immutable and thread-safe.
///
/// PostgreSQL takes the leftmost match and of those the longest, or the shortest if the expression as a whole prefers that
/// (manual, "Regular Expression Matching Rules"); `java.util.regex` takes the first alternative that works. The start of a match is
/// the same. Where the end can differ (alternatives that share a beginning, repeated groups, greedy and non-greedy quantifiers mixed)
/// the end is searched for, within [#PROBE_CHARS] of the start. What groups capture inside a match follows Java's order of trying and
/// may differ from PostgreSQL for nested alternatives.
///
/// Matching polls for cancellation, so a pattern of exponential cost ends with the statement's timeout.
public final class PgRegex {
  private static final int CACHE_ENTRIES = 512;
  private static final int PROBE_CHARS = 4096;
  private static final int STEPS_PER_POLL = 1 << 16;

  private record Key(String pattern, RegexFlags flags) {}

  private static final Map<Key, PgRegex> CACHE = new ConcurrentHashMap<>();

  private enum End { AS_FOUND, LONGEST, SHORTEST }

  private final Pattern pattern;
  private final int groups;
  private final End end;
  private final boolean mayBacktrackALot;

  private PgRegex(Pattern pattern, int groups, End end, boolean mayBacktrackALot) {
    this.pattern = pattern;
    this.groups = groups;
    this.end = end;
    this.mayBacktrackALot = mayBacktrackALot;
  }

  /// One match: UTF-16 offsets; group 0 is the whole, -1 where a group took no part.
  public record Match(int[] starts, int[] ends) {
    public int start() {
      return starts[0];
    }

    public int end() {
      return ends[0];
    }

    public @Nullable String group(String text, int index) {
      return starts[index] < 0 ? null : text.substring(starts[index], ends[index]);
    }
  }

  /// The compiled expression, from a cache bounded by [#CACHE_ENTRIES] (emptied when full).
  ///
  /// @throws SqlException 2201B
  public static PgRegex compile(String pattern, RegexFlags flags) {
    Key key = new Key(pattern, flags.withoutGlobal());
    PgRegex known = CACHE.get(key);
    if (known != null) {
      return known;
    }
    PgRegex made = translate(pattern, key.flags);
    if (CACHE.size() >= CACHE_ENTRIES) {
      CACHE.clear();
    }
    CACHE.put(key, made);
    return made;
  }

  private static PgRegex translate(String pattern, RegexFlags flags) {
    RegexParser parser = new RegexParser(pattern, flags);
    RegexNode root = parser.parse();
    StringBuilder java = new StringBuilder(pattern.length() * 2);
    emit(root, java);
    int options = parser.flags().ignoreCase() ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    try {
      Shape shape = new Shape();
      shape.visit(root, false);
      return new PgRegex(Pattern.compile(java.toString(), options), parser.groupCount(), endRule(root, shape), shape.unbounded >= 2);
    } catch (PatternSyntaxException e) {
      throw SqlException.notSupported("this form of regular expression (" + e.getDescription() + ")");
    } catch (StackOverflowError e) {
      throw RegexParser.invalid("regular expression is too complex");
    }
  }

  // Translation

  private static void emit(RegexNode node, StringBuilder out) {
    switch (node) {
      case RegexNode.Sequence s -> s.parts().forEach(part -> emitPart(part, out));
      case RegexNode.Alternation a -> {
        for (int i = 0; i < a.branches().size(); i++) {
          if (i > 0) {
            out.append('|');
          }
          emit(a.branches().get(i), out);
        }
      }
      case RegexNode.Group g -> {
        out.append(g.index() > 0 ? "(" : "(?:");
        emit(g.body(), out);
        out.append(')');
      }
      case RegexNode.Repeat r -> emitRepeat(r, out);
      case RegexNode.CharacterSet c -> out.append(c.java());
      case RegexNode.Anchor a -> out.append(a.java());
      case RegexNode.BackReference b -> out.append("(?:\\").append(b.group()).append(')');
      case RegexNode.Look l -> {
        out.append("(?").append(l.ahead() ? "" : "<").append(l.negative() ? '!' : '=');
        emit(l.body(), out);
        out.append(')');
      }
    }
  }

  private static void emitPart(RegexNode part, StringBuilder out) {
    if (part instanceof RegexNode.Alternation) {
      out.append("(?:");
      emit(part, out);
      out.append(')');
    } else {
      emit(part, out);
    }
  }

  private static void emitRepeat(RegexNode.Repeat r, StringBuilder out) {
    boolean grouped = r.body() instanceof RegexNode.CharacterSet || r.body() instanceof RegexNode.Group
        || r.body() instanceof RegexNode.BackReference;
    if (!grouped) {
      out.append("(?:");
    }
    // What is matched once and as short as can be prefers short matches within, too.
    emit(r.min() == 1 && r.max() == 1 && !r.greedy() ? reluctant(r.body()) : r.body(), out);
    if (!grouped) {
      out.append(')');
    }
    if (r.min() == 0 && r.max() < 0) {
      out.append('*');
    } else if (r.min() == 1 && r.max() < 0) {
      out.append('+');
    } else if (r.min() == 0 && r.max() == 1) {
      out.append('?');
    } else {
      out.append('{').append(r.min());
      if (r.max() != r.min()) {
        out.append(',');
        if (r.max() >= 0) {
          out.append(r.max());
        }
      }
      out.append('}');
    }
    if (!r.greedy()) {
      out.append('?');
    }
  }

  private static RegexNode reluctant(RegexNode node) {
    return switch (node) {
      case RegexNode.Sequence s -> new RegexNode.Sequence(s.parts().stream().map(PgRegex::reluctant).toList());
      case RegexNode.Alternation a -> new RegexNode.Alternation(a.branches().stream().map(PgRegex::reluctant).toList());
      case RegexNode.Group g -> new RegexNode.Group(reluctant(g.body()), g.index());
      case RegexNode.Repeat r -> new RegexNode.Repeat(reluctant(r.body()), r.min(), r.max(), false, r.fixed());
      default -> node;
    };
  }

  // Which match PostgreSQL prefers

  /// +1 greedy, -1 not, 0 no preference.
  private static int preference(RegexNode node) {
    return switch (node) {
      case RegexNode.Sequence s -> {
        for (RegexNode part : s.parts()) {
          int preference = preference(part);
          if (preference != 0) {
            yield preference;
          }
        }
        yield 0;
      }
      case RegexNode.Alternation a -> 1;
      case RegexNode.Group g -> preference(g.body());
      case RegexNode.Repeat r -> r.fixed() ? preference(r.body()) : r.greedy() ? 1 : -1;
      case RegexNode.CharacterSet c -> 0;
      case RegexNode.Anchor a -> 0;
      case RegexNode.BackReference b -> 0;
      case RegexNode.Look l -> 0;
    };
  }

  /// What in an expression can make Java's match end elsewhere.
  private static final class Shape {
    boolean greedy;
    boolean nonGreedy;
    boolean ambiguousAlternatives;
    boolean repeatedGroup;
    int unbounded;

    void visit(RegexNode node, boolean inRepeat) {
      switch (node) {
        case RegexNode.Sequence s -> s.parts().forEach(part -> visit(part, inRepeat));
        case RegexNode.Alternation a -> {
          ambiguousAlternatives |= !disjoint(a.branches());
          a.branches().forEach(branch -> visit(branch, inRepeat));
        }
        case RegexNode.Group g -> visit(g.body(), inRepeat);
        case RegexNode.Repeat r -> {
          if (!r.fixed()) {
            greedy |= r.greedy();
            nonGreedy |= !r.greedy();
            repeatedGroup |= r.body() instanceof RegexNode.Group g && !(g.body() instanceof RegexNode.CharacterSet);
          }
          unbounded += r.max() < 0 ? inRepeat ? 2 : 1 : 0;
          visit(r.body(), true);
        }
        case RegexNode.Look l -> visit(l.body(), inRepeat);
        case RegexNode.CharacterSet c -> {}
        case RegexNode.Anchor a -> {}
        case RegexNode.BackReference b -> {}
      }
    }

    /// Whether each alternative starts with a character of its own.
    private static boolean disjoint(List<RegexNode> branches) {
      Set<Integer> first = new HashSet<>();
      for (RegexNode branch : branches) {
        RegexNode start = branch;
        while (true) {
          if (start instanceof RegexNode.Sequence s && !s.parts().isEmpty()) {
            start = s.parts().getFirst();
          } else if (start instanceof RegexNode.Group g) {
            start = g.body();
          } else {
            break;
          }
        }
        if (!(start instanceof RegexNode.CharacterSet c) || c.literal() < 0 || !first.add(Character.toLowerCase(c.literal()))) {
          return false;
        }
      }
      return true;
    }
  }

  private static End endRule(RegexNode root, Shape shape) {
    if (endsAtEnd(root)) {
      return End.AS_FOUND;
    }
    int preference = preference(root);
    if (preference < 0) {
      return shape.greedy || shape.ambiguousAlternatives ? End.SHORTEST : End.AS_FOUND;
    }
    return shape.nonGreedy || shape.ambiguousAlternatives || shape.repeatedGroup ? End.LONGEST : End.AS_FOUND;
  }

  private static boolean endsAtEnd(RegexNode root) {
    return root instanceof RegexNode.Sequence s && !s.parts().isEmpty() && s.parts().getLast() instanceof RegexNode.Anchor a
        && a.java().equals("\\z");
  }

  // Matching

  /// Number of capturing groups.
  public int groups() {
    return groups;
  }

  /// Whether it matches anywhere.
  public boolean matches(String text, @Nullable CallContext context) {
    try {
      return pattern.matcher(input(text, context)).find();
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  /// The first match at or after `from` (UTF-16 offset), or null.
  public @Nullable Match find(String text, int from, @Nullable CallContext context) {
    Matcher matcher = pattern.matcher(input(text, context));
    try {
      if (!matcher.find(from)) {
        return null;
      }
      if (end == End.AS_FOUND) {
        return match(matcher);
      }
      int start = matcher.start();
      int foundEnd = matcher.end();
      Match found = match(matcher);
      matcher.useAnchoringBounds(false).useTransparentBounds(true);
      return end == End.LONGEST ? longest(matcher, found, start, foundEnd, text.length()) : shortest(matcher, found, start, foundEnd);
    } catch (StackOverflowError e) {
      throw tooDeep();
    }
  }

  private static Match longest(Matcher matcher, Match found, int start, int foundEnd, int length) {
    for (int end = Math.min(length, start + PROBE_CHARS); end > foundEnd; end--) {
      if (matcher.region(start, end).matches()) {
        return match(matcher);
      }
    }
    return found;
  }

  private static Match shortest(Matcher matcher, Match found, int start, int foundEnd) {
    for (int end = start; end < Math.min(foundEnd, start + PROBE_CHARS); end++) {
      if (matcher.region(start, end).matches()) {
        return match(matcher);
      }
    }
    return found;
  }

  private static Match match(Matcher matcher) {
    int[] starts = new int[matcher.groupCount() + 1];
    int[] ends = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = matcher.start(i);
      ends[i] = matcher.end(i);
    }
    return new Match(starts, ends);
  }

  private static SqlException tooDeep() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "regular expression failed: out of memory");
  }

  private CharSequence input(String text, @Nullable CallContext context) {
    return mayBacktrackALot && context != null && text.length() > 16 ? new PolledText(text, context) : text;
  }

  /// A text that looks for cancellation while a matcher reads it.
  private static final class PolledText implements CharSequence {
    private final String text;
    private final CallContext context;
    private int steps = STEPS_PER_POLL;

    PolledText(String text, CallContext context) {
      this.text = text;
      this.context = context;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--steps == 0) {
        steps = STEPS_PER_POLL;
        context.checkCancelled();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
