package io.heliosdb.nano.execute.dml;

import static io.heliosdb.nano.execute.dml.DmlFixture.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Constraints hold whatever other sessions do at the same time.
class WriteRaceTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 60;

  private final DmlFixture db = new DmlFixture();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, Thread.ofPlatform().daemon().factory());

  @AfterEach
  void close() {
    threads.shutdownNow();
    db.close();
  }

  private interface Work {
    void run(DmlFixture.Client client, int thread);
  }

  private void race(Work work) throws Exception {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      all.add(CompletableFuture.runAsync(
          () -> {
            try (DmlFixture.Client client = db.client()) {
              start.await();
              work.run(client, thread);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }, threads));
    }
    start.countDown();
    for (CompletableFuture<Void> one : all) {
      one.get(30, TimeUnit.SECONDS);
    }
  }

  private List<String> rows(String table) {
    try (DmlFixture.Client client = db.client()) {
      return client.rows(table);
    }
  }

  @Test
  void one_of_many_inserts_of_a_key_succeeds() throws Exception {
    TableBuilder t = db.define("t", "id int4; u int4; who int4");
    db.primaryKey(t, 1);
    db.index(t, "t_u_key", "unique", null, 2);
    db.put(t);
    AtomicInteger successes = new AtomicInteger();
    AtomicInteger ids = new AtomicInteger();
    race((client, thread) -> {
      for (int i = 0; i < ROUNDS; i++) {
        try {
          // Even rounds fight for the primary key, odd ones for the unique index.
          client.insert("t", i % 2 == 0 ? row(i, 100_000 + ids.incrementAndGet(), thread) : row(100_000 + ids.incrementAndGet(), i, thread));
          successes.incrementAndGet();
        } catch (SqlException e) {
          assertEquals("23505", e.state().code());
        }
      }
    });
    assertEquals(ROUNDS, successes.get());
    assertEquals(ROUNDS, rows("t").size());
  }

  @Test
  void no_row_refers_to_a_deleted_one() throws Exception {
    TableBuilder p = db.define("p", "id int4");
    db.primaryKey(p, 1);
    int parent = db.put(p).oid();
    TableBuilder c = db.define("c", "id int4; p int4");
    db.primaryKey(c, 1);
    db.foreignKey(c, "c_p_fkey", List.of(2), parent, List.of(1), "aas", false);
    db.put(c);
    try (DmlFixture.Client client = db.client()) {
      for (int i = 0; i < ROUNDS; i++) {
        client.insert("p", row(i));
      }
    }
    AtomicInteger inserted = new AtomicInteger();
    AtomicInteger deleted = new AtomicInteger();
    race((client, thread) -> {
      for (int i = 0; i < ROUNDS; i++) {
        int key = i;
        try {
          if (thread % 2 == 0) {
            client.insert("c", row(thread * 1000 + i, key));
            inserted.incrementAndGet();
          } else {
            int before = deleted.get();
            client.delete("p", r -> (int) r[0] == key);
            deleted.compareAndSet(before, before + 1);
          }
        } catch (SqlException e) {
          assertEquals("23503", e.state().code(), e.toString());
        }
      }
    });
    List<String> parents = rows("p");
    List<String> children = rows("c");
    assertEquals(inserted.get(), children.size());
    for (String child : children) {
      String key = child.substring(child.indexOf(' ') + 1, child.length() - 1);
      assertTrue(parents.contains("[" + key + "]"), child);
    }
  }

  @Test
  void upserts_count_every_time() throws Exception {
    TableBuilder t = db.define("t", "id int4; n int4");
    db.primaryKey(t, 1);
    db.put(t);
    // DO UPDATE SET n = t.n + 1
    Evaluator next = Evaluator.compile(
        ExpressionBinder.bind("n + 1", db.table("t"), ExpressionBinder.Use.OTHER, null, -1, WriteTarget.binderContext(db.catalog.current())).expression());
    BitSet assigned = new BitSet();
    assigned.set(1);
    LogicalPlan.OnConflict clause = new LogicalPlan.OnConflict(List.of(), true, List.of(), null);
    AtomicInteger conflicts = new AtomicInteger();
    race((client, thread) -> {
      for (int i = 0; i < ROUNDS; i++) {
        int key = i / 10;
        client.statement(run -> {
          RowModifier modifier = new RowModifier(run, db.table("t"), CheckOptions.NONE);
          RowInsertion insertion = new RowInsertion(run, db.table("t"), CheckOptions.NONE);
          ConflictResolution.Plan plan = new ConflictResolution.Plan(clause, new int[] {1}, assigned, new Evaluator[] {next}, null);
          insertion.setConflicts(new ConflictResolution(plan, run, db.table("t"), modifier, CheckOptions.NONE));
          Object[][] rows = {row(key, 1)};
          assertEquals(1, insertion.insert(rows, 1));
          conflicts.addAndGet((int) rows[0][1] > 1 ? 1 : 0);
        });
      }
    });
    int total = 0;
    for (String one : rows("t")) {
      total += Integer.parseInt(one.substring(one.indexOf(' ') + 1, one.length() - 1));
    }
    assertEquals(THREADS * ROUNDS, total);
    assertEquals(THREADS * ROUNDS - ROUNDS / 10, conflicts.get());
  }

  @Test
  void an_insert_waits_for_a_deleter_of_its_key() throws Exception {
    TableBuilder t = db.define("t", "id int4");
    db.primaryKey(t, 1);
    db.put(t);
    try (DmlFixture.Client first = db.client(); DmlFixture.Client second = db.client()) {
      first.insert("t", row(1));
      first.begin();
      first.delete("t", r -> true);
      CompletableFuture<Void> insert = CompletableFuture.runAsync(() -> second.insert("t", row(1)), threads);
      while (db.engine.locks().waits().isEmpty() && !insert.isDone()) {
        Thread.onSpinWait();
      }
      assertTrue(!insert.isDone());
      first.commit();
      insert.get(10, TimeUnit.SECONDS);
      assertEquals(List.of("[1]"), first.rows("t"));
    }
  }
}
