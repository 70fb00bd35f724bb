package io.heliosdb.nano.cli;

import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Prints a new random key for an encrypted database.
@Command(name = "generate-key", description = "Make a key for an encrypted database.", mixinStandardHelpOptions = true)
final class GenerateKeyCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(EncryptionKey.generate().toText());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
