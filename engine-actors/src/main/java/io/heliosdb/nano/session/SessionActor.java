package io.heliosdb.nano.session;

import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The owner of one [SessionCore]: takes what a front end asks, one message at a time, on the thread that asks.
/// An error of a statement is the reply; it never ends the actor.
final class SessionActor {
  /// Nothing to say but that it is done.
  enum Done { DONE }

  record PortalColumns(@Nullable List<OutputColumn> columns) {}

  sealed interface Command {}

  record SimpleQuery(String text, ResultSink sink, ReplySlot<Done> replyTo) implements Command {}

  record CopyData(byte[] bytes, int offset, int length, ReplySlot<Done> replyTo) implements Command {}

  record CopyDone(ResultSink sink, ReplySlot<Done> replyTo) implements Command {}

  record CopyFail(String reason, ReplySlot<Done> replyTo) implements Command {}

  record Parse(String name, String text, int[] typeOids, ReplySlot<Done> replyTo) implements Command {}

  record Bind(String portal, String statement, @Nullable Object[] values, ReplySlot<Done> replyTo) implements Command {}

  record DescribeStatement(String name, ReplySlot<StatementDescription> replyTo) implements Command {}

  record DescribePortal(String name, ReplySlot<PortalColumns> replyTo) implements Command {}

  record Execute(String portal, long rowsMax, ResultSink sink, ReplySlot<Done> replyTo) implements Command {}

  record ClosePortal(String name, ReplySlot<Done> replyTo) implements Command {}

  record Sync(ResultSink sink, ReplySlot<Done> replyTo) implements Command {}

  record ExecuteDirect(String text, Function<List<PgType>, @Nullable Object[]> arguments, ResultSink sink, ReplySlot<Done> replyTo) implements Command {}

  record BindDirect(String portal, String text, Function<List<PgType>, @Nullable Object[]> arguments, ReplySlot<Done> replyTo) implements Command {}

  record Work<R>(Function<SessionWork, R> work, ReplySlot<Worked<R>> replyTo) implements Command {}

  /// What a [Work] gave.
  record Worked<R>(R result) {}

  record Verify(ReplySlot<VerificationReport> replyTo) implements Command {}

  /// Calls of one turn, which come back to the actor as direct calls. Errors of the work are the asker's.
  record Turn(Runnable work, ReplySlot<Done> replyTo) implements Command {}

  record Close(ReplySlot<Done> replyTo) implements Command {}

  private final SessionCore core;

  private SessionActor(SessionCore core) {
    this.core = core;
  }

  /// The handler of the session's messages.
  static Consumer<Command> handler(SessionCore core) {
    return new SessionActor(core)::onCommand;
  }

  private void onCommand(Command command) {
    core.timeouts().active();
    switch (command) {
      case SimpleQuery c -> run(c.replyTo(), () -> core.simple().query(c.text(), c.sink()));
      case CopyData c -> run(c.replyTo(), () -> core.simple().copyData(c.bytes(), c.offset(), c.length()));
      case CopyDone c -> run(c.replyTo(), () -> core.simple().copyDone(c.sink()));
      case CopyFail c -> run(c.replyTo(), () -> core.simple().copyFail(c.reason()));
      case Parse c -> run(c.replyTo(), () -> core.extended().parse(c.name(), c.text(), c.typeOids()));
      case Bind c -> run(c.replyTo(), () -> core.extended().bind(c.portal(), c.statement(), c.values()));
      case DescribeStatement c -> answer(c.replyTo(), () -> core.extended().describeStatement(c.name()));
      case DescribePortal c -> answer(c.replyTo(), () -> new PortalColumns(core.extended().describePortal(c.name())));
      case Execute c -> run(c.replyTo(), () -> core.extended().execute(c.portal(), c.rowsMax(), c.sink()));
      case ClosePortal c -> run(c.replyTo(), () -> core.extended().closePortal(c.name()));
      case Sync c -> run(c.replyTo(), () -> core.extended().sync(c.sink()));
      case ExecuteDirect c -> run(c.replyTo(), () -> core.direct().execute(c.text(), c.arguments(), c.sink()));
      case BindDirect c -> run(c.replyTo(), () -> core.extended().bindDirect(c.portal(), c.text(), c.arguments()));
      case Work<?> c -> work(c);
      case Verify c -> answer(c.replyTo(), () -> new DatabaseVerification(core).run());
      case Turn c -> turn(c.work(), c.replyTo());
      case Close c -> close(c.replyTo());
    }
  }

  /// Closing twice is fine: the owner closes what a termination has closed already.
  private void close(ReplySlot<Done> replyTo) {
    try {
      core.close();
      replyTo.complete(Done.DONE);
    } catch (Throwable e) {
      replyTo.fail(e);
    }
  }

  private <R> void work(Work<R> command) {
    answer(command.replyTo(), () -> new Worked<>(core.direct().work(command.work())));
  }

  /// Not refused when the session has ended: each call of the turn is.
  private static void turn(Runnable work, ReplySlot<Done> replyTo) {
    try {
      work.run();
    } catch (Throwable e) {
      replyTo.fail(e);
      return;
    }
    replyTo.complete(Done.DONE);
  }

  private void run(ReplySlot<Done> replyTo, Runnable work) {
    answer(replyTo, () -> {
      work.run();
      return Done.DONE;
    });
  }

  private <R> void answer(ReplySlot<R> replyTo, Supplier<R> work) {
    R result;
    try {
      if (core.isClosed()) {
        throw core.closedError();
      }
      result = work.get();
    } catch (Throwable e) {
      replyTo.fail(e);
      return;
    }
    replyTo.complete(result);
  }
}
