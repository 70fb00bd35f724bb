package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// The other end of COPY … PROGRAM: a shell command of the server's user. Refused unless `heliosdb.copy_program` allows it.
final class CopyProgram implements AutoCloseable {
  private static final int COMMAND_NOT_FOUND = 127;

  private final String command;
  private final Process process;

  CopyProgram(SessionCore session, String command, boolean from) {
    if (!session.settings().isOn("heliosdb.copy_program")) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "COPY with PROGRAM is not enabled")
          .withHint("The key \"program_enabled\" in [copy] of the configuration enables it.");
    }
    this.command = command;
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT);
    if (!from) {
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    }
    try {
      process = builder.start();
    } catch (IOException e) {
      throw CopyFiles.failed("could not execute command \"" + command + "\"", e);
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  void write(byte[] bytes, int offset, int length) {
    try {
      process.getOutputStream().write(bytes, offset, length);
    } catch (IOException e) {
      complete();
      throw CopyFiles.failed("could not write to COPY program", e);
    }
  }

  /// Waits for the end of the program.
  void complete() {
    try (OutputStream input = process.getOutputStream()) {
      input.flush();
    } catch (IOException e) {
      // It has closed its input before the end; its exit code says whether that was meant.
      process.descendants().forEach(ProcessHandle::destroy);
    }
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }
    if (code != 0) {
      throw new SqlException(SqlState.EXTERNAL_ROUTINE_EXCEPTION, "program \"" + command + "\" failed")
          .withDetail(code == COMMAND_NOT_FOUND ? "command not found" : "child process exited with exit code " + code);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
