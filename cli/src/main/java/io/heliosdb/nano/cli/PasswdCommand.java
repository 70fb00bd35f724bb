package io.heliosdb.nano.cli;

import io.heliosdb.nano.wire.PasswordVerifiers;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Prints a verifier for `[[auth.users]] password_hash` or CREATE ROLE … PASSWORD.
@Command(name = "passwd", description = "Make a password hash or SCRAM verifier.", mixinStandardHelpOptions = true)
final class PasswdCommand implements Callable<Integer> {
  enum Method { SCRAM, ARGON2ID }

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Option(names = "--method", paramLabel = "scram|argon2id", description = "Kind of verifier (default scram, which serves every method).")
  Method method = Method.SCRAM;

  @Override
  public Integer call() throws IOException {
    Console console = System.console();
    String password;
    if (console != null && console.isTerminal()) {
      password = new String(console.readPassword("Password: "));
    } else {
      password = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    }
    if (password == null || password.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "no password given on standard input");
    }
    spec.commandLine().getOut().println(method == Method.SCRAM ? PasswordVerifiers.makeScram(password) : PasswordVerifiers.makeArgon2id(password));
    return 0;
  }
}
