package io.heliosdb.nano.txn;

import io.heliosdb.nano.lock.ReplySlot;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/// An actor whose messages run on the thread that asks, when the actor is idle; on a virtual thread otherwise.
public interface InlineActor<C> {
  ActorRef<C> ref();

  /// Sends the message made for a reply slot and waits for the answer. While it runs, this thread also runs the lock table
  /// and the committer, and no other session. An error given as answer is thrown.
  <R> R ask(Function<ReplySlot<R>, C> message);

  /// Sends without waiting; the message runs on a virtual thread.
  void tell(C message);

  /// Stops the actor once its queued messages are done.
  void stop();
}
