package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Names of fixed-offset zones as PostgreSQL builds them: `<+05:30>-05:30`, the sign of POSIX behind.
final class ZoneNames {
  private ZoneNames() {}

  static String ofHoursEast(String hours) {
    try {
      if (Math.abs(Double.parseDouble(hours)) > 167) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"TimeZone\": \"" + hours + "\"")
            .withDetail("UTC timezone offset is out of range.");
      }
      return ofSecondsEast((int) Math.round(Double.parseDouble(hours) * 3600));
    } catch (NumberFormatException e) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"TimeZone\": \"" + hours + "\"");
    }
  }

  static String ofSecondsEast(int seconds) {
    String shown = offset(seconds, seconds >= 0 ? '+' : '-');
    return "<" + shown + ">" + offset(seconds, seconds >= 0 ? '-' : '+');
  }

  private static String offset(int seconds, char sign) {
    int absolute = Math.abs(seconds);
    StringBuilder text = new StringBuilder().append(sign).append(String.format("%02d", absolute / 3600));
    if (absolute % 3600 != 0) {
      text.append(String.format(":%02d", absolute / 60 % 60));
      if (absolute % 60 != 0) {
        text.append(String.format(":%02d", absolute % 60));
      }
    }
    return text.toString();
  }
}
