package io.heliosdb.nano.persistence.transfer;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.DatabaseEngine;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/// Streams with back-pressure between a blocking source and a blocking sink: read on one thread, worked on by several, written on one, in
/// order.
///
/// At most `parallelism` + 2 items exist at a time. The caller waits for the end; what goes wrong anywhere stops all stages and is thrown
/// here.
public final class Transfers {
  private static final int READ_AHEAD = 1;

  /// The last step for an item; runs on one thread at a time.
  public interface Writer<T> {
    void write(T item) throws Exception;
  }

  private Transfers() {}

  public static int parallelism() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 16);
  }

  /// @param work may run on any thread and for several items at a time
  public static <A, B> void run(DatabaseEngine engine, Iterator<A> source, Function<A, B> work, Writer<B> writer) {
    ActorSystem<Void> system = engine.system().actorSystem();
    Executor executor = system.dispatchers().lookup(DispatcherSelector.blocking());
    Attributes blocking = ActorAttributes.dispatcher("pekko.actor.default-blocking-io-dispatcher").and(Attributes.inputBuffer(READ_AHEAD,
        READ_AHEAD));
    CompletionStage<org.apache.pekko.Done> end =
        Source.fromIterator(() -> source)
            .withAttributes(blocking)
            .async()
            .mapAsync(parallelism(), item -> CompletableFuture.supplyAsync(() -> work.apply(item), executor))
            .async()
            .runWith(
                Sink.<B>foreach(
                        item -> {
                          try {
                            writer.write(item);
                          } catch (Exception e) {
                            throw e instanceof RuntimeException r ? r : new CompletionException(e);
                          }
                        })
                    .withAttributes(blocking),
                SystemMaterializer.get(system).materializer());
    await(end.toCompletableFuture());
  }

  /// Runs independent pieces of work side by side, at most `parallelism` at a time.
  public static <A> void runAll(DatabaseEngine engine, Iterable<A> items, int parallelism, java.util.function.Consumer<A> work) {
    ActorSystem<Void> system = engine.system().actorSystem();
    Executor executor = system.dispatchers().lookup(DispatcherSelector.blocking());
    CompletionStage<org.apache.pekko.Done> end =
        Source.from(items)
            .mapAsyncUnordered(
                parallelism,
                item ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          work.accept(item);
                          return Boolean.TRUE;
                        },
                        executor))
            .runWith(Sink.ignore(), SystemMaterializer.get(system).materializer());
    await(end.toCompletableFuture());
  }

  private static void await(CompletableFuture<?> end) {
    try {
      end.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(SqlState.QUERY_CANCELED, "the transfer was interrupted");
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  public static RuntimeException unwrapped(Throwable error) {
    Throwable cause = error;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof java.io.IOException io) {
      return ioError(io);
    }
    return cause instanceof RuntimeException r ? r : new SqlException(SqlState.INTERNAL_ERROR, "the transfer failed: " + cause, cause);
  }

  /// An I/O error as an SQL error: 53100 when the disk is full.
  public static SqlException ioError(java.io.IOException e) {
    String message = String.valueOf(e.getMessage());
    boolean full = message.contains("No space left") || message.contains("Disk quota exceeded") || message.contains("not enough space");
    return full
        ? new SqlException(SqlState.DISK_FULL, "could not write the dump: " + message, e)
        : new SqlException(SqlState.IO_ERROR, "could not write the dump: " + message, e);
  }
}
