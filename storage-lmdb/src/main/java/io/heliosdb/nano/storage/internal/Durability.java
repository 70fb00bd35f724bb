package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import java.io.IOException;

/// How a commit becomes durable: the one seam between the store and its device.
///
/// Life of a group: the LMDB transaction is committed with [#transactionFlags], then [#committed] is called, then the
/// SCNs are published. An exception from [#committed] closes the store with 58030.
public interface Durability {
  /// Flags the environment is opened with.
  int environmentFlags();

  /// Flags of one write transaction.
  int transactionFlags(boolean sync);

  /// The transaction is in the environment; returns when it is as durable as `sync` asks for.
  void committed(Environment environment, boolean sync) throws IOException;

  /// LMDB flushes data, then the page that makes it current. Without `sync` only the second flush is left out: a power
  /// failure may undo the newest commits but never damages the file, which skipping the first flush could.
  Durability DISK =
      new Durability() {
        @Override
        public int environmentFlags() {
          return 0;
        }

        @Override
        public int transactionFlags(boolean sync) {
          return sync ? 0 : Lmdb.NOMETASYNC;
        }

        @Override
        public void committed(Environment environment, boolean sync) {}
      };

  /// Nothing is flushed: in memory, or on disk by the user's choice.
  Durability NONE =
      new Durability() {
        @Override
        public int environmentFlags() {
          return Lmdb.NOSYNC;
        }

        @Override
        public int transactionFlags(boolean sync) {
          return 0;
        }

        @Override
        public void committed(Environment environment, boolean sync) {}
      };
}
