package io.heliosdb.nano.function.regex;

import java.util.List;

/// The parts of a parsed regular expression. Character sets and anchors are kept in the syntax of `java.util.regex`.
sealed interface RegexNode {
  record Sequence(List<RegexNode> parts) implements RegexNode {}

  record Alternation(List<RegexNode> branches) implements RegexNode {}

  /// `index` from 1 for a capturing group, 0 otherwise.
  record Group(RegexNode body, int index) implements RegexNode {}

  /// `max` -1 for no limit; `fixed` when written `{m}`, which leaves the body's preference for long or short matches.
  record Repeat(RegexNode body, int min, int max, boolean greedy, boolean fixed) implements RegexNode {}

  /// One character out of a set; `literal` is the character when there is only one, else -1.
  record CharacterSet(String java, int literal) implements RegexNode {}

  /// Matches a place, not a character.
  record Anchor(String java) implements RegexNode {}

  record BackReference(int group) implements RegexNode {}

  record Look(boolean ahead, boolean negative, RegexNode body) implements RegexNode {}
}
