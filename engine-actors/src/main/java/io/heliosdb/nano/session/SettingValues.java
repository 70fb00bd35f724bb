package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads and prints the values of settings as PostgreSQL does: units, booleans, enums (manual, "Parameter Names and Values").
final class SettingValues {
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "kB", 1024L, "8kB", 8192L, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40, "16MB", 16L << 20);
  private static final Map<String, Long> MICROS =
      Map.of("us", 1L, "ms", 1_000L, "s", 1_000_000L, "min", 60_000_000L, "h", 3_600_000_000L, "d", 86_400_000_000L);
  private static final List<String> BYTE_STEPS = List.of("TB", "GB", "MB", "kB", "B");
  private static final List<String> TIME_STEPS = List.of("d", "h", "min", "s", "ms", "us");

  private SettingValues() {}

  /// The canonical stored form of a value given by a user.
  ///
  /// @throws SqlException 22023 when the value does not fit
  static String canonical(SettingDefinition definition, String value) {
    return switch (definition.type()) {
      case "bool" -> bool(definition, value);
      case "enum" -> enumeration(definition, value);
      case "integer" -> integer(definition, value);
      case "real" -> real(definition, value);
      default -> value;
    };
  }

  /// The value as SHOW prints it: numbers in the largest unit that divides them.
  static String display(SettingDefinition definition, String stored) {
    if (definition.type().equals("real") && !definition.unit().isEmpty() && !stored.isEmpty()) {
      return displayReal(definition, stored);
    }
    if (definition.unit().isEmpty() || !definition.type().equals("integer") || stored.isEmpty()) {
      return stored;
    }
    long number = Long.parseLong(stored);
    if (number <= 0) {
      return stored;
    }
    boolean memory = BYTES.containsKey(definition.unit());
    Map<String, Long> scale = memory ? BYTES : MICROS;
    long base = number * scale.get(definition.unit());
    for (String unit : memory ? BYTE_STEPS : TIME_STEPS) {
      if (base % scale.get(unit) == 0) {
        return base / scale.get(unit) + unit;
      }
    }
    return stored;
  }

  /// A fraction is shown in the largest unit in which it is none.
  private static String displayReal(SettingDefinition definition, String stored) {
    BigDecimal number = new BigDecimal(stored);
    if (number.signum() <= 0) {
      return stored;
    }
    boolean memory = BYTES.containsKey(definition.unit());
    Map<String, Long> scale = memory ? BYTES : MICROS;
    BigDecimal base = number.multiply(BigDecimal.valueOf(scale.get(definition.unit())));
    List<String> steps = memory ? BYTE_STEPS : TIME_STEPS;
    for (String unit : steps) {
      BigDecimal[] parts = base.divideAndRemainder(BigDecimal.valueOf(scale.get(unit)));
      if (parts[1].signum() == 0) {
        return parts[0].toBigInteger() + unit;
      }
    }
    return base.stripTrailingZeros().toPlainString() + steps.getLast();
  }

  private static String bool(SettingDefinition definition, String value) {
    String v = value.toLowerCase(Locale.ROOT).strip();
    if (!v.isEmpty()) {
      if ("true".startsWith(v) || "yes".startsWith(v) || v.equals("on") || v.equals("1")) {
        return "on";
      }
      if ("false".startsWith(v) || "no".startsWith(v) || "off".startsWith(v) && v.length() > 1 || v.equals("0")) {
        return "off";
      }
    }
    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "parameter \"" + definition.name() + "\" requires a Boolean value");
  }

  private static String enumeration(SettingDefinition definition, String value) {
    for (String allowed : definition.values()) {
      if (allowed.equalsIgnoreCase(value)) {
        return allowed;
      }
    }
    // Enum settings that are really booleans with extra values accept the boolean spellings too.
    if (definition.values().contains("on")) {
      String v = value.toLowerCase(Locale.ROOT);
      if (List.of("true", "yes", "1").contains(v)) {
        return "on";
      }
      if (List.of("false", "no", "0").contains(v)) {
        return "off";
      }
    }
    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + definition.name().toLowerCase(Locale.ROOT) + "\": \"" + value + "\"")
        .withHint("Available values: " + String.join(", ", definition.values()) + ".");
  }

  private static String integer(SettingDefinition definition, String value) {
    BigDecimal number = scaled(definition, value).setScale(0, RoundingMode.HALF_EVEN);
    if (number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0 || number.compareTo(BigDecimal.valueOf(Integer.MIN_VALUE)) < 0) {
      throw invalid(definition, value).withHint("Value exceeds integer range.");
    }
    checkRange(definition, number.doubleValue(), number.toPlainString());
    return number.toPlainString();
  }

  private static String real(SettingDefinition definition, String value) {
    BigDecimal number = scaled(definition, value);
    checkRange(definition, number.doubleValue(), number.toPlainString());
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static BigDecimal scaled(SettingDefinition definition, String value) {
    String v = value.strip();
    int end = v.length();
    while (end > 0 && Character.isLetter(v.charAt(end - 1))) {
      end--;
    }
    String unit = v.substring(end);
    String digits = v.substring(0, end).strip();
    try {
      if (digits.isEmpty() || unit.equalsIgnoreCase("e")) {
        throw new NumberFormatException();
      }
      BigDecimal number =
          digits.startsWith("0x") ? new BigDecimal(Long.parseLong(digits.substring(2), 16)) : new BigDecimal(digits);
      if (unit.isEmpty()) {
        return number;
      }
      boolean memory = BYTES.containsKey(definition.unit());
      Map<String, Long> scale = memory ? BYTES : MICROS;
      if (definition.unit().isEmpty() || !scale.containsKey(unit)) {
        throw invalid(definition, value)
            .withHint(
                memory
                    ? "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\"."
                    : MICROS.containsKey(definition.unit())
                        ? "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"."
                        : null);
      }
      return number
          .multiply(BigDecimal.valueOf(scale.get(unit)))
          .divide(BigDecimal.valueOf(scale.get(definition.unit())), 6, RoundingMode.HALF_EVEN);
    } catch (NumberFormatException e) {
      throw invalid(definition, value);
    }
  }

  private static SqlException invalid(SettingDefinition definition, String value) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + definition.name() + "\": \"" + value + "\"");
  }

  private static void checkRange(SettingDefinition definition, double number, String text) {
    if (definition.minimum() != null && number < definition.minimum() || definition.maximum() != null && number > definition.maximum()) {
      String unit = definition.unit().isEmpty() ? "" : " " + definition.unit();
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          text + unit + " is outside the valid range for parameter \"" + definition.name() + "\" ("
              + trim(definition.minimum()) + " .. " + trim(definition.maximum()) + ")");
    }
  }

  private static String trim(Double bound) {
    if (Math.abs(bound) > 1e300) {
      return String.format(Locale.ROOT, "%.5e", bound);
    }
    return bound == Math.rint(bound) ? String.valueOf(bound.longValue()) : bound.toString();
  }
}
