package io.heliosdb.nano.cli;

import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.storage.crypto.EncryptionKey;

/// Prints a new random key for an encrypted database.
final class GenerateKeyCommand implements Command.Single {
  @Override
  public void declare(OptionTable options) {}

  @Override
  public int run(Printers printers) {
    printers.out().println(EncryptionKey.generate().toText());
    printers.out().flush();
    return 0;
  }
}
