package io.heliosdb.nano.type;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Time zones by name and abbreviation, and offsets at an instant or a local time. Offsets are seconds **east** of UTC.
///
/// Names are those of the tz database in any case, and POSIX forms with a fixed offset such as `<-07>+07`. Abbreviations are
/// PostgreSQL 15's default set (`timezone_abbreviations.tsv`).
public final class TimeZones {
  /// A time zone abbreviation: a fixed offset, or the offset that `zone` gave it at the time, in standard or summer time.
  public record Abbreviation(String name, int offsetSeconds, @Nullable ZoneId zone, boolean daylight) {
    private static final int SUMMER_SECONDS = 3600;
    private static final Set<String> SUMMER = Set.of("ARST", "AMST", "ANAST", "AZST", "GEST", "IRKST", "KRAST", "MAGST", "NOVST", "OMSST",
        "PETST", "VLAST", "YAKST", "FKST", "LHDT", "EASST");

    /// Seconds east at an instant in microseconds since 2000-01-01 UTC, whether or not the abbreviation was the one in use then.
    public int offsetAt(long micros) {
      if (zone == null) {
        return offsetSeconds;
      }
      int standard = zone.getRules().getStandardOffset(
          Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L) + DateTimes.UNIX_EPOCH_SECONDS)).getTotalSeconds();
      return SUMMER.contains(name) ? standard + (name.equals("LHDT") ? SUMMER_SECONDS / 2 : SUMMER_SECONDS) : standard;
    }

    /// Seconds east at a local time in microseconds since 2000-01-01.
    public int offsetOfLocal(long localMicros) {
      return zone == null ? offsetSeconds : offsetAt(localMicros - offsetAt(localMicros) * 1_000_000L);
    }
  }

  /// Offsets beyond this are refused (PostgreSQL's MAX_TZDISP_HOUR is 15).
  public static final int MAX_DISPLACEMENT_HOURS = 15;

  private TimeZones() {}

  private static final class Names {
    static final Map<String, String> BY_LOWER_CASE = load();

    private static Map<String, String> load() {
      Map<String, String> map = new HashMap<>(1024);
      for (String id : ZoneId.getAvailableZoneIds()) {
        if (!id.startsWith("SystemV/")) {
          map.put(id.toLowerCase(Locale.ROOT), id);
        }
      }
      return map;
    }
  }

  private static final class Abbreviations {
    static final Map<String, Abbreviation> BY_NAME = load();

    private static Map<String, Abbreviation> load() {
      Map<String, Abbreviation> map = new TreeMap<>();
      try (InputStream in = TimeZones.class.getResourceAsStream("timezone_abbreviations.tsv");
          BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          String[] f = line.split("\t");
          boolean dynamic = Character.isLetter(f[1].charAt(0));
          map.put(f[0].toLowerCase(Locale.ROOT), new Abbreviation(
              f[0], dynamic ? 0 : Integer.parseInt(f[1]), dynamic ? ZoneId.of(f[1]) : null, f[2].equals("t")));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return map;
    }
  }

  /// The abbreviation in any case, or null.
  public static @Nullable Abbreviation abbreviation(String name) {
    return Abbreviations.BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  public static Iterable<Abbreviation> abbreviations() {
    return Abbreviations.BY_NAME.values();
  }

  /// The name as the tz database spells it; other names as they are.
  public static String canonicalName(String name) {
    return Names.BY_LOWER_CASE.getOrDefault(name.toLowerCase(Locale.ROOT), name);
  }

  /// The zone of that name, or null when there is none. Offsets in POSIX forms count west of UTC, as the form has it.
  public static @Nullable ZoneId find(String name) {
    String known = Names.BY_LOWER_CASE.get(name.toLowerCase(Locale.ROOT));
    if (known != null) {
      return ZoneId.of(known);
    }
    switch (name.toUpperCase(Locale.ROOT)) {
      case "EST":
        return ZoneOffset.ofHours(-5);
      case "MST":
        return ZoneOffset.ofHours(-7);
      case "HST":
        return ZoneOffset.ofHours(-10);
      case "UTC", "GMT":
        return ZoneOffset.UTC;
      default:
        return posix(name);
    }
  }

  private static @Nullable ZoneId posix(String name) {
    int i = 0;
    int end = name.length();
    if (end > 0 && name.charAt(0) == '<') {
      i = name.indexOf('>') + 1;
      if (i == 0) {
        return null;
      }
    } else {
      while (i < end && Character.isLetter(name.charAt(i))) {
        i++;
      }
    }
    if (i >= end) {
      return null;
    }
    int sign = -1;
    if (name.charAt(i) == '+' || name.charAt(i) == '-') {
      sign = name.charAt(i) == '-' ? 1 : -1;
      i++;
    }
    int seconds = 0;
    int unit = 3600;
    for (String part : name.substring(i).split(":", -1)) {
      if (part.isEmpty() || part.length() > 2 || !part.chars().allMatch(c -> c >= '0' && c <= '9') || unit == 0) {
        return null;
      }
      seconds += Integer.parseInt(part) * unit;
      unit /= 60;
    }
    try {
      return ZoneOffset.ofTotalSeconds(sign * seconds);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /// The offset at an instant given in microseconds since 2000-01-01 UTC.
  public static int offsetAt(ZoneId zone, long micros) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
    ZoneRules rules = zone.getRules();
    return rules.getOffset(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L) + DateTimes.UNIX_EPOCH_SECONDS)).getTotalSeconds();
  }

  /// The offset at a local time in microseconds since 2000-01-01: in a gap the one before it, in an overlap the one after.
  public static int offsetOfLocal(ZoneId zone, long localMicros) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
    ZoneRules rules = zone.getRules();
    LocalDateTime local = LocalDateTime.ofEpochSecond(
        Math.floorDiv(localMicros, 1_000_000L) + DateTimes.UNIX_EPOCH_SECONDS, 0, ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(local);
    ZoneOffset offset = transition == null ? rules.getOffset(local)
        : transition.isGap() ? transition.getOffsetBefore() : transition.getOffsetAfter();
    return offset.getTotalSeconds();
  }

  /// The zone's abbreviation at an instant, such as `CEST`, or null when it has none.
  public static @Nullable String abbreviationAt(ZoneId zone, long micros) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds() == 0 ? "UTC" : null;
    }
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L) + DateTimes.UNIX_EPOCH_SECONDS);
    List<ZoneOffsetTransition> transitions = zone.getRules().getTransitions();
    if (!transitions.isEmpty() && instant.isBefore(transitions.getFirst().getInstant())) {
      // Before its first rule a place kept local mean time.
      return "LMT";
    }
    boolean daylight = zone.getRules().isDaylightSavings(instant);
    String name = TimeZone.getTimeZone(zone).getDisplayName(daylight, TimeZone.SHORT, Locale.US);
    if (name.length() < 2 || name.length() > 5 || !name.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      return numericAbbreviation(zone.getRules().getOffset(instant).getTotalSeconds());
    }
    return name;
  }

  /// What the tz database calls a time that has no name: `+03`, `+0545`.
  private static String numericAbbreviation(int secondsEast) {
    int minutes = Math.abs(secondsEast) / 60;
    String text = String.format("%c%02d", secondsEast < 0 ? '-' : '+', minutes / 60);
    return minutes % 60 == 0 ? text : text + String.format("%02d", minutes % 60);
  }

  /// Appends an offset as PostgreSQL prints it: `+02`, `+05:30`, `-00:01:15`.
  public static void formatOffset(int secondsEast, ByteSink out) {
    int rest = Math.abs(secondsEast);
    out.put(secondsEast < 0 ? '-' : '+').putPadded(rest / 3600, 2);
    if (rest % 3600 != 0) {
      out.put(':').putPadded(rest / 60 % 60, 2);
      if (rest % 60 != 0) {
        out.put(':').putPadded(rest % 60, 2);
      }
    }
  }
}
