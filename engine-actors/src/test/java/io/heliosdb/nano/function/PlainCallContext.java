package io.heliosdb.nano.function;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.IoContext;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A context without session and catalog, with a clock that stands still.
final class PlainCallContext implements CallContext {
  private final IoContext io;
  private final Random random = new Random(1);

  PlainCallContext(IoContext io) {
    this.io = io;
  }

  @Override
  public IoContext io() {
    return io;
  }

  @Override
  public Catalog catalog() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transactionTimestampMicros() {
    return 0;
  }

  @Override
  public long statementTimestampMicros() {
    return 0;
  }

  @Override
  public long clockTimestampMicros() {
    return 0;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void setSeed(double seed) {
    random.setSeed(Double.doubleToLongBits(seed));
  }

  @Override
  public SessionServices session() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkCancelled() {}

  @Override
  public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {}

  @Override
  public void accountMemory(long bytes) {}
}
