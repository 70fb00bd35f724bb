package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Environment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// How what is written reaches the device: the one seam between the store and it.
///
/// With a redo log a commit is durable once its record is forced; the data file follows behind and is flushed by
/// checkpoints. An exception closes the store with 58030.
public interface Durability {
  /// Whether commits go through a redo log. If not, nothing is ever flushed.
  boolean isLogged();

  /// Flushes the content of a log or checkpoint file.
  void force(Path path, FileChannel channel) throws IOException;

  /// Flushes the data file.
  void syncData(Environment environment) throws IOException;

  Durability DISK =
      new Durability() {
        @Override
        public boolean isLogged() {
          return true;
        }

        @Override
        public void force(Path path, FileChannel channel) throws IOException {
          channel.force(false);
        }

        @Override
        public void syncData(Environment environment) {
          environment.sync();
        }
      };

  /// Logged, but left to the operating system to flush.
  Durability UNFLUSHED =
      new Durability() {
        @Override
        public boolean isLogged() {
          return true;
        }

        @Override
        public void force(Path path, FileChannel channel) {}

        @Override
        public void syncData(Environment environment) {}
      };

  /// In memory, or on disk by the user's choice.
  Durability NONE =
      new Durability() {
        @Override
        public boolean isLogged() {
          return false;
        }

        @Override
        public void force(Path path, FileChannel channel) {}

        @Override
        public void syncData(Environment environment) {}
      };
}
