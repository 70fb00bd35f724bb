package io.heliosdb.nano.cli.usage;

/// Wrong arguments of a command. Leads to exit code 2 and a hint at the command's help.
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
