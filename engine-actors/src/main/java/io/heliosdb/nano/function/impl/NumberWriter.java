package io.heliosdb.nano.function.impl;

/// Lays the digits of a number out by a template: the writing half of to_char for numbers. One use per value.
///
/// `digits` has no sign; `padding` says by how many places the integer part is shorter than the template.
final class NumberWriter {
  private final NumberFormat format;
  private final String digits;
  private final char sign;
  private final int post;
  private final int zeroStart;
  private final boolean bracket;
  private final NumberFormat.SignPlace signPlace;
  private final StringBuilder out = new StringBuilder();
  private final int padding;
  private final int count;
  /// Index of the last digit worth writing under FM; -1 when all are.
  private final int lastRelevant;
  private boolean signWritten;
  private int position;
  private int next;
  private boolean inNumber;

  private NumberWriter(NumberFormat format, int pre, int post, String digits, char sign, int padding) {
    this.format = format;
    this.post = post;
    this.digits = digits;
    this.sign = sign;
    this.padding = padding;
    this.zeroStart = format.zeroStart() > 0 ? format.zeroStart() - 1 : 0;
    boolean ownSign = format.plus() || format.minus();
    this.bracket = format.bracket() && (ownSign || sign == '-' || !format.fillMode());
    if (ownSign) {
      signWritten = !(format.plus() && !format.minus());
    } else {
      signWritten = sign == '+' && format.fillMode() && !format.signed();
    }
    this.signPlace = !ownSign && format.signPlace() == NumberFormat.SignPlace.BEFORE && pre == format.preBeforeSign()
        ? NumberFormat.SignPlace.AFTER : format.signPlace();
    this.lastRelevant = format.fillMode() && format.decimal() ? lastRelevant() : -1;
    this.count = post + pre - 1 + (!signWritten && padding == 0 ? 1 : 0);
  }

  /// `pre` and `post` as the value's kind corrected them.
  static String write(NumberFormat format, int pre, int post, String digits, char sign, int padding) {
    return new NumberWriter(format, pre, post, digits, sign, padding).run();
  }

  static String writeRoman(NumberFormat format, String roman) {
    StringBuilder out = new StringBuilder();
    for (FormatPattern.Element element : format.elements()) {
      if (element.kind() != FormatPattern.Kind.KEYWORD) {
        out.append(element.text());
      } else if (element.text().equalsIgnoreCase("RN")) {
        String shown = element.text().equals("rn") ? roman.toLowerCase(java.util.Locale.ROOT) : roman;
        out.repeat(' ', format.fillMode() ? 0 : Math.max(0, 15 - shown.length())).append(shown);
      } else if (element.text().equals(",") && !format.fillMode()) {
        out.append(' ');
      } else if ("gG".contains(element.text()) && !format.fillMode() || "lL".contains(element.text())) {
        out.append(' ');
      }
    }
    return out.toString();
  }

  private int lastRelevant() {
    int point = digits.indexOf('.');
    if (point < 0) {
      return -1;
    }
    int last = point;
    for (int i = point + 1; i < digits.length(); i++) {
      if (digits.charAt(i) != '0') {
        last = i;
      }
    }
    if (format.zeroEnd() > padding) {
      last = Math.max(last, Math.min(digits.length() - 1, format.zeroEnd() - padding));
    }
    return last;
  }

  private boolean lastRelevantIsPoint() {
    return lastRelevant >= 0 && digits.charAt(lastRelevant) == '.';
  }

  private String run() {
    for (FormatPattern.Element element : format.elements()) {
      if (element.kind() != FormatPattern.Kind.KEYWORD) {
        out.append(element.text());
        continue;
      }
      switch (element.text()) {
        case "9", "0", ".", "D", "d" -> digit(element.text().charAt(0));
        case ",", "G", "g" -> {
          if (inNumber) {
            out.append(',');
          } else if (!format.fillMode()) {
            out.append(' ');
          }
        }
        case "L", "l" -> out.append(' ');
        case "th", "TH" -> {
          if (!digits.startsWith("#") && sign != '-' && !format.decimal()) {
            out.append(FormatPattern.ordinalEnding(digits, element.text().equals("TH")));
          }
        }
        case "MI", "mi" -> signOr('-');
        case "PL", "pl" -> signOr('+');
        case "SG", "sg" -> out.append(sign);
        default -> { }
      }
    }
    return out.toString();
  }

  private void signOr(char wanted) {
    if (sign == wanted) {
      out.append(wanted);
    } else if (!format.fillMode()) {
      out.append(' ');
    }
  }

  /// The number is at its first digit, a zero before the point that the template does not ask for.
  private boolean skipsLeadingZero() {
    return !format.zero() && next == 0 && digits.startsWith("0") && post != 0;
  }

  private void digit(char id) {
    inNumber = false;
    writeSignBefore();
    if (position < padding && (zeroStart > position || !format.zero())) {
      if (!format.fillMode()) {
        out.append(' ');
      }
    } else if (format.zero() && position < padding) {
      out.append('0');
      inNumber = true;
    } else {
      if (next < digits.length() && digits.charAt(next) == '.') {
        if (!lastRelevantIsPoint() || format.fillMode()) {
          out.append('.');
        }
      } else {
        writeDigit(id);
      }
      if (next < digits.length()) {
        next++;
      }
    }
    int end = count + (padding > 0 ? 1 : 0) + (format.decimal() ? 1 : 0);
    if (lastRelevant >= 0 && lastRelevant == next) {
      end = position;
    }
    if (position + 1 == end) {
      if (signWritten && bracket) {
        out.append(sign == '+' ? ' ' : '>');
      } else if (format.signed() && signPlace == NumberFormat.SignPlace.AFTER) {
        out.append(sign);
      }
    }
    position++;
  }

  private void writeSignBefore() {
    if (signWritten || !(position >= padding || format.zero() && zeroStart == position)
        || skipsLeadingZero() && !lastRelevantIsPoint()) {
      return;
    }
    if (format.signed()) {
      if (signPlace == NumberFormat.SignPlace.BEFORE) {
        out.append(sign);
        signWritten = true;
      }
    } else if (bracket) {
      out.append(sign == '+' ? ' ' : '<');
      signWritten = true;
    } else if (sign == '+') {
      if (!format.fillMode()) {
        out.append(' ');
      }
      signWritten = true;
    } else if (sign == '-') {
      out.append('-');
      signWritten = true;
    }
  }

  private void writeDigit(char id) {
    if (lastRelevant >= 0 && next > lastRelevant && id != '0') {
      return;
    }
    if (skipsLeadingZero()) {
      if (!format.fillMode()) {
        out.append(' ');
      } else if (lastRelevantIsPoint()) {
        out.append('0');
      }
      return;
    }
    if (next < digits.length()) {
      out.append(digits.charAt(next));
    }
    inNumber = true;
  }
}
