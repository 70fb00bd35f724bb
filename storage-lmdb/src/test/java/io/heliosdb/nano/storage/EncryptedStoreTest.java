package io.heliosdb.nano.storage;

import static io.heliosdb.nano.storage.StoreTestSupport.KEY;
import static io.heliosdb.nano.storage.StoreTestSupport.TABLE;
import static io.heliosdb.nano.storage.StoreTestSupport.commit;
import static io.heliosdb.nano.storage.StoreTestSupport.count;
import static io.heliosdb.nano.storage.StoreTestSupport.insert;
import static io.heliosdb.nano.storage.StoreTestSupport.key;
import static io.heliosdb.nano.storage.StoreTestSupport.onDisk;
import static io.heliosdb.nano.storage.StoreTestSupport.row;
import static io.heliosdb.nano.storage.StoreTestSupport.unit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.internal.Durability;
import io.heliosdb.nano.storage.internal.StoreHandle;
import io.heliosdb.nano.storage.lmdb.Environment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class EncryptedStoreTest {
  private static final EncryptionKey OTHER = EncryptionKey.generate();

  @TempDir Path directory;

  private StoreHandle open() {
    return open(Durability.UNFLUSHED);
  }

  private StoreHandle open(Durability durability) {
    return StoreHandle.open(onDisk(directory, true), durability);
  }

  private SqlException refusal(StoreOptions options) {
    return assertThrows(SqlException.class, () -> Store.open(options).close());
  }

  private StoreOptions withKey(EncryptionKey key) {
    return StoreOptions.onDisk(directory).withEncryption(new StoreEncryption(key));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---- what is on disk ----

  @Test
  void nothing_that_was_written_can_be_read_in_any_file() throws Exception {
    StoreHandle store = open();
    byte[] large = text("plantedlarge".repeat(20_000));
    commit(
        store,
        new CommitUnit(
            Branches.MAIN, 0, 10, 0, List.of(RowWrite.insert(TABLE, text("plantedkey1"), rowOf(text("plantedrow1")), 1), RowWrite.insert(TABLE, key(5), rowOf(large), 1)),
            List.of(new IndexWrite(TABLE + 1, text("plantedindex1"), text("plantedkey1"), true)), List.of()));
    try (BulkWriter bulk = store.bulkWriter(Branches.MAIN)) {
      bulk.row(2_000, text("plantedkey2"), rowOf(text("plantedrow2")), 1);
      bulk.index(2_001, text("plantedindex2"), text("plantedkey2"));
      BulkLoad load = bulk.finish();
      commit(store, new CommitUnit(Branches.MAIN, 0, 10, 0, List.of(), List.of(), List.of(), List.of(), List.of(load)));
    }
    checkNothingPlanted();
    store.checkpoint();
    commit(store, unit(RowWrite.delete(TABLE, text("plantedkey1"))));
    checkNothingPlanted();
    store.rotateDataKey();
    checkNothingPlanted();
    store.close();
    checkNothingPlanted();
    try (Store reopened = open()) {
      assertEquals(1, count(reopened, 2_000));
      checkNothingPlanted();
    }
  }

  private static byte[] rowOf(byte[] value) {
    io.heliosdb.nano.storage.row.RowWriter writer = new io.heliosdb.nano.storage.row.RowWriter(StoreTestSupport.LAYOUT);
    writer.setInt64(0, 1);
    writer.setVarlen(1, value);
    return writer.toRow();
  }

  private void checkNothingPlanted() throws IOException {
    List<Path> files = files();
    assertTrue(files.size() >= 3);
    for (Path file : files) {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertFalse(content.contains("planted"), () -> file + " has plaintext");
      assertFalse(content.contains("current"), () -> file + " has names of trees");
    }
    assertFalse(Files.exists(directory.resolve("data.mdb")));
  }

  // ---- keys ----

  @Test
  void only_the_right_key_opens() throws Exception {
    try (Store store = open()) {
      commit(store, insert(1));
      assertEquals(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, refusal(withKey(OTHER)).state());
      assertEquals(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, refusal(StoreOptions.onDisk(directory)).state());
    }
    SqlException wrong = refusal(withKey(OTHER));
    assertEquals(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, wrong.state());
    assertTrue(wrong.detail().contains(KEY.id()) && wrong.detail().contains(OTHER.id()));
    SqlException missing = refusal(StoreOptions.onDisk(directory));
    assertEquals(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, missing.state());
    assertTrue(missing.hint().contains("HELIOSDB_KEY"));
    try (Store store = open()) {
      assertEquals(1, count(store, TABLE));
    }
  }

  @Test
  void a_plain_database_does_not_open_with_a_key() {
    Store.open(StoreOptions.onDisk(directory)).close();
    assertEquals(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, refusal(withKey(KEY)).state());
    try (Store store = Store.open(StoreOptions.onDisk(directory))) {
      assertThrows(SqlException.class, store::rotateDataKey);
      assertEquals(null, store.encryptionKey());
    }
  }

  @Test
  void keys_are_read_from_text_files_and_commands() throws Exception {
    Path file = directory.resolve("key");
    Files.writeString(file, OTHER.toText() + "\n");
    assertEquals(OTHER, EncryptionKey.fromFile(file));
    Files.write(file, OTHER.toByteArray());
    assertEquals(OTHER, EncryptionKey.fromFile(file));
    assertEquals(OTHER, EncryptionKey.parse(java.util.Base64.getEncoder().encodeToString(OTHER.toByteArray())));
    assertEquals(OTHER, EncryptionKey.fromCommand("echo " + OTHER.toText()));
    assertFalse(OTHER.toString().contains(OTHER.toText()));
    assertEquals(SqlState.EXTERNAL_ROUTINE_EXCEPTION, assertThrows(SqlException.class, () -> EncryptionKey.fromCommand("exit 3")).state());
    SqlException password = assertThrows(SqlException.class, () -> EncryptionKey.parse("correct horse battery staple"));
    assertEquals(SqlState.INVALID_PARAMETER_VALUE, password.state());
    assertFalse(password.getMessage().contains("horse"));
    assertEquals(SqlState.UNDEFINED_FILE, assertThrows(SqlException.class, () -> EncryptionKey.fromFile(directory.resolve("none"))).state());
  }

  // ---- changed files ----

  /// A store that was left like by a dying process: a checkpoint and two segments of log.
  private int leaveBehind() {
    StoreHandle store = open(Durability.UNFLUSHED);
    for (int i = 0; i < 20; i++) {
      commit(store, insert(i));
    }
    store.checkpoint();
    for (int i = 20; i < 40; i++) {
      commit(store, insert(i));
    }
    store.abandon();
    return 40;
  }

  @Test
  void a_changed_byte_anywhere_is_found() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    int commits = leaveBehind();
    int found = 0;
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.startsWith("heliosdb.")) {
        continue;
      }
      byte[] whole = Files.readAllBytes(file);
      int written = whole.length;
      while (whole[written - 1] == 0) {
        written--;
      }
      for (int i = 0; i < 25; i++) {
        byte[] changed = whole.clone();
        int at = i == 0 ? written - 1 : random.nextInt(written);
        changed[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, changed);
        String where = "seed " + seed + ", byte " + at + " of " + name;
        try (StoreHandle store = openCopy()) {
          // What a power failure could have left: the newest record is not known to be on the device.
          assertTrue(name.startsWith("redo.") && count(store, TABLE) == commits - 1, where);
        } catch (SqlException e) {
          boolean mayBeOtherKey = name.equals("encryption") && at < 16;
          assertTrue(
              e.state() == SqlState.DATA_CORRUPTED || (mayBeOtherKey && e.state() == SqlState.INVALID_AUTHORIZATION_SPECIFICATION),
              () -> where + ": " + e);
          found++;
        }
      }
      Files.write(file, whole);
    }
    assertTrue(found > 50, "found " + found);
    try (Store store = open()) {
      assertEquals(commits, count(store, TABLE));
    }
  }

  private StoreHandle openCopy() throws IOException {
    Path copy = Files.createTempDirectory(directory.getParent(), "copy");
    for (Path file : files()) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    return StoreHandle.open(onDisk(copy, true), Durability.UNFLUSHED);
  }

  @Test
  void files_that_were_cut_exchanged_or_taken_away_are_found() throws Exception {
    leaveBehind();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.startsWith("heliosdb.")) {
        continue;
      }
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(whole, name.startsWith("redo.") ? 40 : whole.length / 2));
      assertDamaged(name + " cut");
      Files.delete(file);
      assertDamaged(name + " deleted");
      Files.write(file, whole);
    }
    // Blocks of the checkpoint change places.
    Path checkpoint = directory.resolve("checkpoint");
    byte[] whole = Files.readAllBytes(checkpoint);
    int start = 48 + 80 + 16;
    int block = (16 << 10) + 16;
    assertTrue(whole.length > start + 2 * block, "the checkpoint is long enough");
    byte[] swapped = whole.clone();
    System.arraycopy(whole, start, swapped, start + block, block);
    System.arraycopy(whole, start + block, swapped, start, block);
    Files.write(checkpoint, swapped);
    assertDamaged("blocks exchanged");
    Files.write(checkpoint, whole);
    // The log of another life of the same database.
    Path other = Files.createTempDirectory(directory.getParent(), "other");
    for (Path file : files()) {
      Files.copy(file, other.resolve(file.getFileName()));
    }
    try (Store store = StoreHandle.open(onDisk(other, true), Durability.UNFLUSHED)) {
      commit(store, insert(100));
    }
    try (Stream<Path> segments = Files.list(other)) {
      Path segment = segments.filter(file -> file.getFileName().toString().startsWith("redo.")).findFirst().orElseThrow();
      Path mine = files().stream().filter(file -> file.getFileName().toString().startsWith("redo.")).findFirst().orElseThrow();
      Files.write(mine, Files.readAllBytes(segment));
    }
    assertDamaged("log of another life");
  }

  private void assertDamaged(String how) {
    SqlException damaged = assertThrows(SqlException.class, () -> openCopy().close(), how);
    assertEquals(SqlState.DATA_CORRUPTED, damaged.state(), how);
  }

  // ---- rotation ----

  @Test
  void data_keys_change_while_commits_and_readers_go_on() throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    AtomicLong committed = new AtomicLong();
    try (Store store = open()) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!ends.get()) {
                      commit(store, insert(committed.get()));
                      committed.incrementAndGet();
                    }
                  });
      for (int i = 0; i < 5; i++) {
        byte[] before = Files.readAllBytes(directory.resolve("encryption"));
        store.rotateDataKey();
        assertFalse(java.util.Arrays.equals(before, Files.readAllBytes(directory.resolve("encryption"))));
        assertTrue(count(store, TABLE) <= committed.get() + 1);
      }
      ends.set(true);
      writer.join();
      store.changeEncryptionKey(OTHER);
      assertEquals(OTHER, store.encryptionKey());
      ((StoreHandle) store).abandon();
    }
    assertEquals(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, refusal(withKey(KEY)).state());
    try (Store store = Store.open(withKey(OTHER))) {
      assertEquals(committed.get(), count(store, TABLE));
    }
  }

  /// Lets the process die at each flush of a rotation in turn.
  @Test
  void a_rotation_cut_off_anywhere_loses_nothing_and_is_ended_by_the_next_start() throws Exception {
    AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    Durability dying =
        new Durability() {
          @Override
          public boolean isLogged() {
            return true;
          }

          @Override
          public void force(Path path, FileChannel channel) throws IOException {
            if (left.getAndDecrement() <= 0) {
              throw new IOException("the process is gone");
            }
          }

          @Override
          public void syncData(Environment environment) {}
        };
    int rows = 0;
    for (int step = 0; ; step++) {
      left.set(Integer.MAX_VALUE);
      StoreHandle store = open(dying);
      assertEquals(rows, count(store, TABLE));
      commit(store, insert(rows++));
      left.set(step);
      boolean isDone = false;
      try {
        store.rotateDataKey();
        isDone = true;
      } catch (SqlException cutOff) {
        assertEquals(SqlState.IO_ERROR, cutOff.state());
      }
      boolean wasCut = left.get() < 0;
      store.abandon();
      if (isDone && !wasCut) {
        assertTrue(step >= 4, "a rotation has several steps, not " + step);
        break;
      }
    }
    left.set(Integer.MAX_VALUE);
    try (Store store = open()) {
      assertEquals(rows, count(store, TABLE));
    }
    // header, one key, tag
    assertEquals(8 + 8 + 32 + 4 + 36 + 16, Files.size(directory.resolve("encryption")));
  }

  // ---- checkpoints ----

  @Test
  void a_long_log_is_cut_by_a_checkpoint_beside_the_commits() {
    StoreHandle store = open();
    Path first = directory.resolve("redo.1");
    int number = 0;
    for (; number < 400 && Files.exists(first); number++) {
      commit(store, unit(RowWrite.insert(TABLE, key(number), row(number, 1 << 20), 1)));
    }
    assertFalse(Files.exists(first), "after " + number + " MB");
    assertTrue(number > 60, "not before it is due: " + number);
    commit(store, unit(RowWrite.insert(TABLE, key(number++), row(number, 10), 1)));
    store.abandon();
    try (Store reopened = open()) {
      assertEquals(number, count(reopened, TABLE));
    }
  }

  // ---- room ----

  @Test
  void a_full_device_puts_a_checkpoint_off_and_the_store_goes_on() {
    AtomicBoolean isFull = new AtomicBoolean();
    Durability full =
        new Durability() {
          @Override
          public boolean isLogged() {
            return true;
          }

          @Override
          public void force(Path path, FileChannel channel) throws IOException {
            if (isFull.get() && path.endsWith("checkpoint.new")) {
              throw new IOException("No space left on device");
            }
          }

          @Override
          public void syncData(Environment environment) {}
        };
    StoreHandle store = open(full);
    commit(store, insert(1));
    isFull.set(true);
    for (int i = 2; i < 5; i++) {
      assertEquals(SqlState.DISK_FULL, assertThrows(SqlException.class, store::checkpoint).state());
      assertFalse(Files.exists(directory.resolve("checkpoint.new")));
      commit(store, insert(i));
    }
    assertEquals(SqlState.DISK_FULL, assertThrows(SqlException.class, store::rotateDataKey).state());
    commit(store, insert(5));
    store.abandon();
    isFull.set(false);
    try (Store reopened = open(full)) {
      assertEquals(5, count(reopened, TABLE));
      reopened.checkpoint();
      commit(reopened, insert(6));
    }
    try (Store reopened = open(full)) {
      assertEquals(6, count(reopened, TABLE));
    }
  }

  // ---- memory ----

  @Test
  void past_the_memory_limit_commits_fail_with_53200_and_the_rest_goes_on() {
    StoreOptions options = StoreOptions.onDisk(directory).withSync(false).withEncryption(new StoreEncryption(KEY, 4 << 20));
    try (Store store = Store.open(options)) {
      commit(store, insert(1));
      RowWrite[] tooMuch = IntStream.range(10, 5_000).mapToObj(i -> RowWrite.insert(TABLE, key(i), row(i, 2_000), 1)).toArray(RowWrite[]::new);
      List<CommitOutcome> outcomes = store.commit(List.of(insert(2), unit(tooMuch), insert(3)), true);
      assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(0));
      SqlException full = assertInstanceOf(CommitOutcome.Failed.class, outcomes.get(1)).error();
      assertEquals(SqlState.OUT_OF_MEMORY, full.state());
      assertTrue(full.hint().contains("encryption_memory_limit"));
      assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(2));
      assertEquals(3, count(store, TABLE));
      ((StoreHandle) store).abandon();
    }
    try (Store store = Store.open(options)) {
      assertEquals(3, count(store, TABLE));
    }
  }

  /// Takes more memory and time than the others: `-Dheliosdb.test.long=true`.
  @Test
  @EnabledIfSystemProperty(named = "heliosdb.test.long", matches = "true")
  void a_group_larger_than_what_is_logged_comes_back_too() {
    StoreHandle store = open();
    // More than the bound, which goes with the heap.
    int count = (int) (Runtime.getRuntime().maxMemory() / 16 >> 20) + 8;
    List<CommitUnit> group = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      group.add(unit(RowWrite.insert(TABLE, key(i), row(i, 1 << 20), 1)));
    }
    store.commit(group, true).forEach(outcome -> assertInstanceOf(CommitOutcome.Committed.class, outcome));
    store.abandon();
    try (Store reopened = open()) {
      assertEquals(count, count(reopened, TABLE));
    }
  }
}
