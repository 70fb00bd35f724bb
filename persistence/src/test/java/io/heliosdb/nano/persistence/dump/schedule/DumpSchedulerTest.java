package io.heliosdb.nano.persistence.dump.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.Props;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cron expressions, and what the scheduler makes of them.
final class DumpSchedulerTest {
  @TempDir Path directory;

  private static String next(String expression, String time) {
    return CronSchedule.parse(expression).next(ZonedDateTime.parse(time)).toString();
  }

  @Test
  void the_next_time_of_an_expression() {
    assertEquals("2026-11-22T02:00Z", next("0 2 * * *", "2026-11-21T02:00:00Z"));
    assertEquals("2026-11-21T10:15Z", next("*/15 * * * *", "2026-11-21T10:00:59Z"));
    assertEquals("2026-11-23T09:30Z", next("30 9 * * mon-fri", "2026-11-20T10:00:00Z"));
    assertEquals("2028-02-29T00:00Z", next("0 0 29 2 *", "2026-01-01T00:00:00Z"));
    assertEquals("2026-11-22T00:00Z", next("0 0 13 * 7", "2026-11-21T00:00:00Z"));
    assertEquals("2027-01-01T05:07Z", next("7 5 1 jan,jul *", "2026-07-01T05:07:00Z"));
    for (String bad : List.of("", "* * * *", "60 * * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "a * * * *", "0 0 31 4 *")) {
      assertThrows(SqlException.class, () -> next(bad, "2026-01-01T00:00:00Z"), bad);
    }
  }

  /// A clock that is one minute further whenever it is asked.
  private static final class Rushing extends Clock {
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public synchronized Instant instant() {
      now = now.plusSeconds(60);
      return now;
    }
  }

  @Test
  void dumps_come_one_after_the_other_and_old_ones_go() throws Exception {
    LinkedBlockingQueue<Path> made = new LinkedBlockingQueue<>();
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (a integer)");
      var system = database.engine().system().actorSystem();
      var scheduler = system.systemActorOf(
          DumpScheduler.create(new DumpScheduler.Settings(CronSchedule.parse("* * * * *"), directory.resolve("dumps"), 2), new Rushing(), file ->
              CompletableFuture.supplyAsync(() -> {
                DumpReport report = new DumpManager(database).dump(DumpOptions.to(file));
                made.add(file);
                return report;
              })), "test-scheduler", Props.empty());
      Path last = null;
      for (int i = 0; i < 4; i++) {
        last = made.poll(30, TimeUnit.SECONDS);
      }
      scheduler.tell(DumpScheduler.Stop.STOP);
      try (var files = Files.list(directory.resolve("dumps"))) {
        List<String> names = files.map(f -> f.getFileName().toString()).filter(f -> f.startsWith("heliosdb-")).sorted().toList();
        assertTrue(names.contains(last.getFileName().toString()), names.toString());
        // Two are kept; the newest may not have been counted yet.
        assertTrue(names.size() <= 3, names.toString());
      }
    }
  }
}
