package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Changes of an encrypted store's keys; commits go on meanwhile.
final class KeyChange {
  private final StoreEngine engine;
  private final KeyRing ring;
  private final Checkpointer checkpointer;

  KeyChange(StoreEngine engine, KeyRing ring, Checkpointer checkpointer) {
    this.engine = engine;
    this.ring = ring;
    this.checkpointer = checkpointer;
  }

  /// The new key is on the device before anything is sealed with it. The checkpoint, which begins a new segment too, forgets the former key
  /// when no file under it is needed any more.
  void rotateDataKey() {
    run(
        () -> {
          ring.add();
          checkpointer.checkpointBesideCommits(true);
          return null;
        });
    engine.checkUsable();
  }

  void changeMasterKey(EncryptionKey newKey) {
    run(
        () -> {
          ring.rewrap(newKey);
          return null;
        });
  }

  private static void run(Callable<@Nullable Void> change) {
    try {
      StoreFiles.onThreadOfItsOwn(change);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not change the encryption key: " + e.getMessage(), e);
    }
  }
}
