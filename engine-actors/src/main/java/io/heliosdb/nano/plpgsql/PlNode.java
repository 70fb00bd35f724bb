package io.heliosdb.nano.plpgsql;

import org.jspecify.annotations.Nullable;

/// A compiled statement. Immutable apart from the plans its code keeps; confined to one session.
abstract class PlNode {
  /// How a statement ended.
  enum Flow { NEXT, EXIT, CONTINUE, RETURN }

  final int line;
  final String describe;

  PlNode(int line, String describe) {
    this.line = line;
    this.describe = describe;
  }

  abstract Flow run(PlFrame frame);

  /// Runs statements in order until one leaves.
  static Flow runAll(PlNode[] body, PlFrame frame) {
    PlNode outer = frame.current;
    for (PlNode node : body) {
      frame.current = node;
      Flow flow = node.run(frame);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    frame.current = outer;
    return Flow.NEXT;
  }

  /// Something that runs its body again and again.
  abstract static class Loop extends PlNode {
    final @Nullable String label;
    final PlNode[] body;

    Loop(@Nullable String label, PlNode[] body, int line, String describe) {
      super(line, describe);
      this.label = label;
      this.body = body;
    }

    /// Runs the body once: NEXT to go on, EXIT when this loop ends, otherwise what the statements around are to do (the loop
    /// returns it as [#leaving] says).
    final Step step(PlFrame frame) {
      frame.host.checkCancelled();
      Flow flow = runAll(body, frame);
      switch (flow) {
        case NEXT:
          return Step.GO_ON;
        case RETURN:
          return Step.RETURN;
        case EXIT:
          if (frame.exitLabel == null) {
            return Step.DONE;
          }
          if (frame.exitLabel.equals(label)) {
            frame.exitLabel = null;
            return Step.DONE;
          }
          return Step.EXIT;
        case CONTINUE:
          if (frame.exitLabel == null) {
            return Step.GO_ON;
          }
          if (frame.exitLabel.equals(label)) {
            frame.exitLabel = null;
            return Step.GO_ON;
          }
          return Step.CONTINUE;
      }
      throw new IllegalStateException();
    }

    /// What the loop is to do after one run of its body.
    enum Step {
      GO_ON(Flow.NEXT), DONE(Flow.NEXT), EXIT(Flow.EXIT), CONTINUE(Flow.CONTINUE), RETURN(Flow.RETURN);

      final Flow flow;

      Step(Flow flow) {
        this.flow = flow;
      }
    }
  }
}
