package io.heliosdb.nano.cli;

import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.cli.usage.UsageException;
import io.heliosdb.nano.wire.PasswordVerifiers;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Prints a verifier for `[[auth.users]] password_hash` or CREATE ROLE … PASSWORD.
final class PasswdCommand implements Command.Single {
  enum Method { SCRAM, ARGON2ID }

  Method method = Method.SCRAM;

  @Override
  public void declare(OptionTable options) {
    options.choice(
        Method.class, "scram|argon2id", "Kind of verifier (default scram, which serves every method).",
        value -> method = value, "--method");
  }

  @Override
  public int run(Printers printers) throws IOException {
    Console console = System.console();
    String password;
    if (console != null && console.isTerminal()) {
      password = new String(console.readPassword("Password: "));
    } else {
      password = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    }
    if (password == null || password.isEmpty()) {
      throw new UsageException("no password given on standard input");
    }
    printers.out().println(method == Method.SCRAM ? PasswordVerifiers.makeScram(password) : PasswordVerifiers.makeArgon2id(password));
    return 0;
  }
}
