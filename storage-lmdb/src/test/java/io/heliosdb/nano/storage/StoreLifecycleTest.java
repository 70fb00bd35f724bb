package io.heliosdb.nano.storage;

import static io.heliosdb.nano.storage.StoreTestSupport.commit;
import static io.heliosdb.nano.storage.StoreTestSupport.count;
import static io.heliosdb.nano.storage.StoreTestSupport.has;
import static io.heliosdb.nano.storage.StoreTestSupport.insert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLifecycleTest {
  @TempDir Path directory;

  @Test
  void two_handles_of_one_directory_share_the_store_until_the_last_closes() throws IOException {
    Store first = Store.open(StoreOptions.onDisk(directory));
    Path alias = directory.resolveSibling(directory.getFileName() + "-alias");
    Files.createSymbolicLink(alias, directory);
    Store second = Store.open(StoreOptions.onDisk(alias));
    commit(first, insert(1));
    first.close();
    first.close();
    assertTrue(has(second, 1));
    second.close();
    assertEquals(SqlState.CANNOT_CONNECT_NOW, assertThrows(SqlException.class, second::acquireReader).state());
    try (Store third = Store.open(StoreOptions.onDisk(directory))) {
      assertEquals(1, third.visibleScn());
    }
  }

  @Test
  void a_path_that_cannot_be_a_data_directory_is_refused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertEquals(SqlState.WRONG_OBJECT_TYPE, openError(file).state());
    assertEquals(SqlState.WRONG_OBJECT_TYPE, openError(file.resolve("below")).state());
    Path garbage = Files.createDirectory(directory.resolve("garbage"));
    Files.write(garbage.resolve("data.mdb"), new byte[20_000]);
    assertEquals(SqlState.DATA_CORRUPTED, openError(garbage).state());
    // The failed attempt has let go of the directory.
    Files.delete(garbage.resolve("data.mdb"));
    Store.open(StoreOptions.onDisk(garbage)).close();
  }

  private static SqlException openError(Path path) {
    return assertThrows(SqlException.class, () -> Store.open(StoreOptions.onDisk(path)));
  }

  @Test
  void a_directory_written_by_a_newer_version_is_refused_and_left_alone() {
    Store.open(StoreOptions.onDisk(directory)).close();
    setFormatVersion(99);
    SqlException refused = openError(directory);
    assertEquals(SqlState.INVALID_PARAMETER_VALUE, refused.state());
    assertTrue(refused.detail().contains("written by a newer version"));
    setFormatVersion(1);
    Store.open(StoreOptions.onDisk(directory)).close();
  }

  private void setFormatVersion(int version) {
    Environment environment = Environment.open(directory, 1 << 28, 16, 16, 0);
    try (Arena arena = Arena.ofConfined()) {
      long txn = environment.begin(0);
      int meta = environment.openDatabase(txn, "meta", 0);
      long vals = arena.allocate(64, 8).address();
      Memory.putByte(vals + 32, 'V');
      Memory.putInt(vals + 40, version);
      Memory.putWord(vals, 1);
      Memory.putWord(vals + 8, vals + 32);
      Memory.putWord(vals + 16, 4);
      Memory.putWord(vals + 24, vals + 40);
      assertEquals(0, Lmdb.put(txn, meta, vals, vals + 16, 0));
      assertEquals(0, Lmdb.txnCommit(txn));
    }
    environment.close();
  }

  @Test
  void an_interrupted_thread_can_open_commit_read_and_close() {
    Thread.currentThread().interrupt();
    try (Store store = Store.open(StoreOptions.onDisk(directory))) {
      commit(store, insert(1));
      assertTrue(has(store, 1));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void virtual_threads_may_commit() throws InterruptedException {
    try (Store store = Store.open(StoreOptions.inMemory())) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread = Thread.ofVirtual().uncaughtExceptionHandler((t, e) -> failure.set(e)).start(() -> commit(store, insert(1)));
      thread.join();
      assertEquals(null, failure.get());
      commit(store, insert(2));
      assertEquals(2, count(store, StoreTestSupport.TABLE));
    }
  }

  @Test
  void what_outlives_its_reader_fails_instead_of_reading_freed_memory() {
    try (Store store = Store.open(StoreOptions.inMemory())) {
      commit(store, insert(1));
      StoreReader reader = store.acquireReader();
      RowCursor cursor = reader.scan(ReadView.MAIN_NEWEST, StoreTestSupport.TABLE, KeyRange.ALL, false);
      reader.close();
      assertThrows(IllegalStateException.class, cursor::next);
      cursor.close();
      assertThrows(IllegalStateException.class, () -> reader.get(ReadView.MAIN_NEWEST, 1, new byte[1], new RowSlot()));
      reader.close();
    }
  }

  @Test
  void a_reader_keeps_its_state_while_commits_go_on() {
    try (Store store = Store.open(StoreOptions.inMemory().withReaderCountMax(8))) {
      commit(store, insert(1));
      try (StoreReader reader = store.acquireReader()) {
        commit(store, insert(2));
        assertEquals(1, reader.scn());
        assertTrue(!reader.get(ReadView.MAIN_NEWEST, StoreTestSupport.TABLE, StoreTestSupport.key(2), new RowSlot()));
      }
      assertTrue(has(store, 2));
      List<StoreReader> all = new java.util.ArrayList<>();
      SqlException tooMany =
          assertThrows(
              SqlException.class,
              () -> {
                while (true) {
                  all.add(store.acquireReader());
                }
              });
      assertEquals(SqlState.TOO_MANY_CONNECTIONS, tooMany.state());
      all.forEach(StoreReader::close);
      assertTrue(has(store, 2));
    }
  }

  /// Commits until it is killed and says each SCN once it is acknowledged.
  static final class Victim {
    public static void main(String[] arguments) {
      Store store = Store.open(StoreOptions.onDisk(Path.of(arguments[0])));
      System.out.println("open");
      for (long next = store.visibleScn() + 1; ; next++) {
        System.out.println(commit(store, insert(next)));
      }
    }
  }

  @Test
  void kill_9_loses_nothing_acknowledged_and_another_process_is_kept_out() throws Exception {
    for (int cycle = 0; cycle < 3; cycle++) {
      Process victim =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                  Victim.class.getName(),
                  directory.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      long acknowledged = 0;
      try (BufferedReader output = new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
        assertEquals("open", output.readLine());
        SqlException inUse = openError(directory);
        assertEquals(SqlState.LOCK_FILE_EXISTS, inUse.state());
        assertTrue(inUse.hint().contains(Long.toString(victim.pid())));
        for (int i = 0; i < 100 + cycle * 77; i++) {
          acknowledged = Long.parseLong(output.readLine());
        }
        // Through the handle: the process's own method would close the output with what is still in it.
        victim.toHandle().destroyForcibly();
        victim.waitFor();
        for (String line = output.readLine(); line != null && line.matches("\\d+"); line = output.readLine()) {
          acknowledged = Math.max(acknowledged, Long.parseLong(line));
        }
      }
      try (Store store = Store.open(StoreOptions.onDisk(directory))) {
        assertTrue(store.visibleScn() >= acknowledged);
        assertEquals(store.visibleScn(), count(store, StoreTestSupport.TABLE));
        assertNotNull(store.commitInfo(acknowledged));
      }
    }
  }
}
