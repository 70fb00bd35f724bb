package io.heliosdb.nano.function.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns a token into lexemes. Immutable; safe to share.
public interface SearchDictionary {
  /// What a dictionary makes of a token.
  ///
  /// @param variant lexemes of one variant are needed together; different variants stand for each other
  /// @param prefix matches whatever begins with it
  /// @param advances takes a place of its own after the lexeme before
  record Lexeme(String text, int variant, boolean prefix, boolean advances) {
    static Lexeme of(String text) {
      return new Lexeme(text, 0, false, false);
    }
  }

  /// Null when the dictionary does not know the token; an empty list for a stop word.
  @Nullable List<Lexeme> lexize(String token);

  /// How many tokens a phrase takes at most; more than one for a thesaurus only.
  default int phraseTokens() {
    return 1;
  }

  /// A phrase at the head of `tokens` and what stands for it, the longest one; null when none is there.
  default @Nullable Phrase phrase(List<String> tokens) {
    return null;
  }

  /// @param tokens how many tokens it took
  record Phrase(int tokens, List<Lexeme> lexemes) {}
}
