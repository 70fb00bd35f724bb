package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.ResultSink;
import java.util.List;
import java.util.function.Consumer;

/// Takes the command tag of a statement.
record TagSink(Consumer<String> tag) implements ResultSink {
  @Override
  public void rowDescription(List<OutputColumn> columns) {}

  @Override
  public void rows(Batch batch, List<OutputColumn> columns) {}

  @Override
  public void commandComplete(String text) {
    tag.accept(text);
  }
}
