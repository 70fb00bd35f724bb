package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A numeric template of to_char and to_number: its elements and what they add up to. Immutable, cached (bounded, emptied when full).
///
/// @param pre digits before the point, `multi` included once a value is scaled
/// @param multi digits after `V`
/// @param zeroStart number of the first `0` before the point, from 1; 0 for none
record NumberFormat(List<FormatPattern.Element> elements, int pre, int post, int multi, int zeroStart, int zeroEnd, boolean zero,
    boolean decimal, boolean fillMode, boolean bracket, boolean minus, boolean plus, boolean blank, boolean roman, boolean exponent,
    SignPlace signPlace, int preBeforeSign) {
  /// Where `S` puts the sign.
  enum SignPlace { NONE, BEFORE, AFTER }

  private static final String[] KEYWORDS = {
    ",", ".", "0", "9", "B", "D", "EEEE", "FM", "G", "L", "MI", "PL", "PR", "RN", "SG", "SP", "S", "TH", "V",
    "b", "d", "eeee", "fm", "g", "l", "mi", "pl", "pr", "rn", "sg", "sp", "s", "th", "v"};

  private static final int CACHE_ENTRIES = 256;
  private static final Map<String, NumberFormat> CACHE = new ConcurrentHashMap<>();

  static NumberFormat of(String pattern) {
    NumberFormat known = CACHE.get(pattern);
    if (known == null) {
      known = new Builder().read(FormatPattern.parse(pattern, KEYWORDS, false));
      if (CACHE.size() >= CACHE_ENTRIES) {
        CACHE.clear();
      }
      CACHE.put(pattern, known);
    }
    return known;
  }

  boolean multiplied() {
    return multi > 0 || elements.stream().anyMatch(e -> e.is("V") || e.is("v"));
  }

  boolean signed() {
    return signPlace != SignPlace.NONE;
  }

  private static final class Builder {
    int pre;
    int post;
    int multi;
    int zeroStart;
    int zeroEnd;
    boolean zero;
    boolean decimal;
    boolean fillMode;
    boolean bracket;
    boolean minus;
    boolean plus;
    boolean blank;
    boolean roman;
    boolean exponent;
    boolean v;
    SignPlace signPlace = SignPlace.NONE;
    int preBeforeSign;

    NumberFormat read(List<FormatPattern.Element> elements) {
      for (FormatPattern.Element element : elements) {
        if (element.kind() == FormatPattern.Kind.KEYWORD) {
          add(element.text().toUpperCase(java.util.Locale.ROOT));
        }
      }
      return new NumberFormat(List.copyOf(elements), pre, post, multi, zeroStart, zeroEnd, zero, decimal, fillMode, bracket, minus, plus,
          blank, roman, exponent, signPlace, preBeforeSign);
    }

    private static SqlException invalid(String message) {
      return new SqlException(SqlState.SYNTAX_ERROR, message);
    }

    private boolean signed() {
      return signPlace != SignPlace.NONE;
    }

    private void add(String keyword) {
      if (exponent && !keyword.equals("EEEE")) {
        throw invalid("\"EEEE\" must be the last pattern used");
      }
      switch (keyword) {
        case "9" -> {
          if (bracket) {
            throw invalid("\"9\" must be ahead of \"PR\"");
          }
          if (v) {
            multi++;
          } else if (decimal) {
            post++;
          } else {
            pre++;
          }
        }
        case "0" -> {
          if (bracket) {
            throw invalid("\"0\" must be ahead of \"PR\"");
          }
          if (!zero && !decimal) {
            zero = true;
            zeroStart = pre + 1;
          }
          if (decimal) {
            post++;
          } else {
            pre++;
          }
          zeroEnd = pre + post;
        }
        case "B" -> blank |= pre == 0 && post == 0 && !zero;
        case "D", "." -> {
          if (decimal) {
            throw invalid("multiple decimal points");
          }
          if (v) {
            throw invalid("cannot use \"V\" and decimal point together");
          }
          decimal = true;
        }
        case "FM" -> fillMode = true;
        case "S" -> sign();
        case "MI" -> {
          if (signed()) {
            throw invalid("cannot use \"S\" and \"MI\" together");
          }
          minus = true;
        }
        case "PL" -> {
          if (signed()) {
            throw invalid("cannot use \"S\" and \"PL\" together");
          }
          plus = true;
        }
        case "SG" -> {
          if (signed()) {
            throw invalid("cannot use \"S\" and \"SG\" together");
          }
          minus = true;
          plus = true;
        }
        case "PR" -> {
          if (signed() || plus || minus) {
            throw invalid("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together");
          }
          bracket = true;
        }
        case "RN" -> roman = true;
        case "V" -> {
          if (decimal) {
            throw invalid("cannot use \"V\" and decimal point together");
          }
          v = true;
        }
        case "EEEE" -> {
          if (exponent) {
            throw invalid("cannot use \"EEEE\" twice");
          }
          if (blank || fillMode || signed() || bracket || minus || plus || roman || v) {
            throw invalid("\"EEEE\" is incompatible with other formats")
                .withDetail("\"EEEE\" may only be used together with digit and decimal point patterns.");
          }
          exponent = true;
        }
        default -> { }
      }
    }

    private void sign() {
      if (signed()) {
        throw invalid("cannot use \"S\" twice");
      }
      if (plus || minus || bracket) {
        throw invalid("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together");
      }
      signPlace = decimal ? SignPlace.AFTER : SignPlace.BEFORE;
      preBeforeSign = decimal ? preBeforeSign : pre;
    }
  }
}
