package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The data keys of an encrypted database, in the file `encryption`, sealed under its master key.
///
/// ```
/// file   := header, sealed keys
/// header := "HDBKEYS" 1, key id of the master key (8 bytes), salt (32 bytes), count u32 BE
/// keys   := { number u32 BE, secret (32 bytes) }          the last is the one that new files are sealed with
/// ```
///
/// More than one key is there only while data keys change: until the files under the former one are gone. The file is replaced as a whole,
/// so whichever of two states a crash leaves has the keys of all files. Thread-safe.
final class KeyRing {
  static final String FILE = "encryption";

  private static final long MAGIC = 0x48444B45_59530001L;
  private static final int ID_BYTES = 8;
  private static final int HEADER_BYTES = 8 + ID_BYTES + FileCipher.SALT_BYTES + 4;
  private static final int ENTRY_BYTES = 4 + EncryptionKey.BYTES;
  private static final int COUNT_MAX = 1_000;
  private static final byte[] CONTEXT = "heliosdb key ring".getBytes(StandardCharsets.US_ASCII);

  /// A key that files are sealed with.
  record DataKey(int number, EncryptionKey key) {}

  private record State(EncryptionKey master, List<DataKey> keys) {}

  private final Path directory;
  private final Durability durability;
  private volatile State state;

  private KeyRing(Path directory, Durability durability, State state) {
    this.directory = directory;
    this.durability = durability;
    this.state = state;
  }

  static boolean exists(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  static KeyRing create(Path directory, Durability durability, EncryptionKey master) throws IOException {
    KeyRing ring = new KeyRing(directory, durability, new State(master, List.of()));
    ring.add();
    return ring;
  }

  /// 28000 when it is another key's, XX001 when it is damaged.
  static KeyRing open(Path directory, Durability durability, EncryptionKey master) throws IOException {
    byte[] content;
    try (InputStream in = new FileInputStream(directory.resolve(FILE).toFile())) {
      content = in.readNBytes(HEADER_BYTES + COUNT_MAX * ENTRY_BYTES + FileCipher.TAG_BYTES + 1);
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    if (content.length < HEADER_BYTES || bytes.getLong() != MAGIC) {
      throw damaged("is not one of a database's keys");
    }
    byte[] id = new byte[ID_BYTES];
    bytes.get(id);
    String expectedId = HexFormat.of().formatHex(id);
    if (!expectedId.equals(master.id())) {
      throw wrongKey(directory, expectedId, master);
    }
    byte[] salt = new byte[FileCipher.SALT_BYTES];
    bytes.get(salt);
    int count = bytes.getInt();
    int sealedBytes = content.length - HEADER_BYTES;
    if (count < 1 || count > COUNT_MAX || sealedBytes != count * ENTRY_BYTES + FileCipher.TAG_BYTES) {
      throw damaged("has not the length of its keys");
    }
    byte[] plain = new byte[count * ENTRY_BYTES];
    byte[] header = java.util.Arrays.copyOf(content, HEADER_BYTES);
    if (!master.cipher(salt, CONTEXT).open(0, header, content, HEADER_BYTES, sealedBytes, plain, 0)) {
      throw damaged("was changed");
    }
    ByteBuffer entries = ByteBuffer.wrap(plain);
    List<DataKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = entries.getInt();
      byte[] secret = new byte[EncryptionKey.BYTES];
      entries.get(secret);
      keys.add(new DataKey(number, EncryptionKey.of(secret)));
    }
    return new KeyRing(directory, durability, new State(master, List.copyOf(keys)));
  }

  static SqlException wrongKey(Path directory, String expectedId, EncryptionKey given) {
    return new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "the encryption key is not the one of this database")
        .withDetail("The database in \"" + directory + "\" has key " + expectedId + ", the key given is " + given.id() + ".")
        .withHint("Give the key that the database was created with or last rotated to.");
  }

  private static SqlException damaged(String how) {
    return StoreFailure.corrupted("the file \"" + FILE + "\" " + how);
  }

  EncryptionKey master() {
    return state.master();
  }

  /// What new files are sealed with.
  DataKey current() {
    return state.keys().getLast();
  }

  @Nullable DataKey find(int number) {
    return state.keys().stream().filter(key -> key.number() == number).findFirst().orElse(null);
  }

  boolean isChanging() {
    return state.keys().size() > 1;
  }

  /// Makes a new data key the current one.
  synchronized void add() throws IOException {
    List<DataKey> keys = new ArrayList<>(state.keys());
    if (keys.size() == COUNT_MAX) {
      throw new SqlException(SqlState.PROGRAM_LIMIT_EXCEEDED, "too many data keys are in use");
    }
    keys.add(new DataKey(keys.isEmpty() ? 1 : keys.getLast().number() + 1, EncryptionKey.generate()));
    replace(new State(state.master(), List.copyOf(keys)));
  }

  /// Forgets data keys before this one: no file under them is needed any more.
  synchronized void retireBefore(int number) throws IOException {
    List<DataKey> kept = state.keys().stream().filter(key -> key.number() >= number).toList();
    if (kept.size() < state.keys().size()) {
      replace(new State(state.master(), kept));
    }
  }

  /// Seals the data keys under another master key; the files stay as they are.
  synchronized void rewrap(EncryptionKey newMaster) throws IOException {
    replace(new State(newMaster, state.keys()));
  }

  private void replace(State next) throws IOException {
    byte[] salt = EncryptionKey.randomBytes(FileCipher.SALT_BYTES);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(MAGIC).put(HexFormat.of().parseHex(next.master().id())).put(salt).putInt(next.keys().size());
    ByteBuffer plain = ByteBuffer.allocate(next.keys().size() * ENTRY_BYTES);
    next.keys().forEach(key -> plain.putInt(key.number()).put(key.key().toByteArray()));
    byte[] sealed = next.master().cipher(salt, CONTEXT).seal(0, header.array(), plain.array());
    FileReplacement.write(
        directory, FILE, durability, ByteBuffer.allocate(HEADER_BYTES + sealed.length).put(header.array()).put(sealed).flip());
    state = next;
  }
}
