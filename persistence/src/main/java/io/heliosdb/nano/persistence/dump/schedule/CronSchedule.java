package io.heliosdb.nano.persistence.dump.schedule;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// Times by a cron expression of five fields: minute, hour, day of month, month, day of week (0 and 7 are Sunday; names of months and days work).
/// A field is `*`, `a`, `a-b`, each with `/step`, or a list of these. When both day fields are restricted a day counts that matches either,
/// as in Vixie's cron.
public final class CronSchedule {
  private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /// A time that satisfies an expression comes within this many years (29 February), or never (31 April).
  private static final int YEARS_MAX = 9;

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet daysOfMonth;
  private final BitSet months;
  private final BitSet daysOfWeek;
  private final boolean anyDayOfMonth;
  private final boolean anyDayOfWeek;
  private final String expression;

  private CronSchedule(String expression, String[] fields) {
    this.expression = expression;
    minutes = field(fields[0], 0, 59, List.of(), 0);
    hours = field(fields[1], 0, 23, List.of(), 0);
    daysOfMonth = field(fields[2], 1, 31, List.of(), 0);
    months = field(fields[3], 1, 12, MONTHS, 1);
    daysOfWeek = field(fields[4], 0, 7, DAYS, 0);
    if (daysOfWeek.get(7)) {
      daysOfWeek.set(0);
    }
    anyDayOfMonth = fields[2].startsWith("*");
    anyDayOfWeek = fields[4].startsWith("*");
  }

  /// @throws SqlException 22023
  public static CronSchedule parse(String expression) {
    String[] fields = expression.strip().split("\\s+");
    if (fields.length != 5) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "a schedule has five fields (minute hour day month weekday), not \"" + expression + "\"");
    }
    return new CronSchedule(expression, fields);
  }

  private BitSet field(String text, int minimum, int maximum, List<String> names, int firstName) {
    BitSet result = new BitSet();
    for (String item : text.split(",", -1)) {
      String[] parts = item.split("/", -1);
      int step = parts.length == 2 ? number(parts[1], 1, maximum, List.of(), 0) : 1;
      String[] range = parts[0].split("-", -1);
      boolean any = parts[0].equals("*");
      int from = any ? minimum : number(range[0], minimum, maximum, names, firstName);
      int to = any || range.length == 1 && parts.length == 2 ? maximum : range.length == 2 ? number(range[1], minimum, maximum, names, firstName) : from;
      if (parts.length > 2 || range.length > 2 || to < from) {
        throw malformed(item);
      }
      for (int i = from; i <= to; i += step) {
        result.set(i);
      }
    }
    return result;
  }

  private int number(String text, int minimum, int maximum, List<String> names, int firstName) {
    int name = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (name >= 0) {
      return name + firstName;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= minimum && number <= maximum) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw malformed(text);
    }
    throw malformed(text);
  }

  private SqlException malformed(String part) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "\"" + part + "\" in the schedule \"" + expression + "\" is not possible");
  }

  /// The first time after `time`.
  ///
  /// @throws SqlException 22023 when there is none (31 April)
  public ZonedDateTime next(ZonedDateTime time) {
    ZonedDateTime at = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    ZonedDateTime end = time.plusYears(YEARS_MAX);
    while (at.isBefore(end)) {
      if (!months.get(at.getMonthValue())) {
        at = at.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).plusMonths(1);
      } else if (!isDay(at)) {
        at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.get(at.getHour())) {
        at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(at.getMinute())) {
        at = at.plusMinutes(1);
      } else {
        return at;
      }
    }
    throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "the schedule \"" + expression + "\" names no time");
  }

  private boolean isDay(ZonedDateTime at) {
    boolean ofMonth = daysOfMonth.get(at.getDayOfMonth());
    boolean ofWeek = daysOfWeek.get(at.getDayOfWeek().getValue() % 7);
    return anyDayOfMonth || anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
  }

  @Override
  public String toString() {
    return expression;
  }
}
