package io.heliosdb.nano.type;

import java.util.List;

/// A sorted set of lexemes with their positions. Immutable; lexemes ordered by UTF-8 length-independent bytewise order as
/// PostgreSQL does, positions ascending.
public record TsVector(List<Lexeme> lexemes) {
  public static final TsVector EMPTY = new TsVector(List.of());
  public static final int MAX_POSITION = 16383;
  public static final int MAX_POSITIONS_PER_LEXEME = 256;

  /// A lexeme and where it stands. Each position is `position | weight << 14` with weights D=0, C=1, B=2, A=3.
  public record Lexeme(String text, int[] positions) {
    public static int position(int entry) {
      return entry & 0x3fff;
    }

    public static int weight(int entry) {
      return entry >>> 14;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Lexeme l && l.text.equals(text) && java.util.Arrays.equals(positions, l.positions);
    }

    @Override
    public int hashCode() {
      return text.hashCode() * 31 + java.util.Arrays.hashCode(positions);
    }
  }

  public TsVector {
    lexemes = List.copyOf(lexemes);
  }

  /// The place of a lexeme, or a negative number as `Collections.binarySearch` gives it.
  public int find(String text) {
    int low = 0;
    int high = lexemes.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Collations.compareUtf8(lexemes.get(middle).text, text);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  @Override
  public String toString() {
    return TypeIo.toText(PgTypes.TSVECTOR, this, IoContext.DEFAULT);
  }
}
