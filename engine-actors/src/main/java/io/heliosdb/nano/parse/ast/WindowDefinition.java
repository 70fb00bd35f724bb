package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `( [base] [PARTITION BY …] [ORDER BY …] [frame] )`, named in a WINDOW clause (`name` not null) or after OVER.
public record WindowDefinition(
    @Nullable String name,
    @Nullable String base,
    List<Expression> partitionBy,
    List<SortItem> orderBy,
    @Nullable Frame frame,
    int position)
    implements WindowReference {

  /// The frame clause; `end` is CURRENT ROW when not written.
  public record Frame(FrameMode mode, FrameBound start, FrameBound end, FrameExclusion exclusion, boolean between, int position) {}

  public enum FrameMode { RANGE, ROWS, GROUPS }

  public enum FrameExclusion { NO_OTHERS, CURRENT_ROW, GROUP, TIES }

  /// One end of a frame; `offset` only for the two OFFSET kinds.
  public record FrameBound(BoundKind kind, @Nullable Expression offset, int position) {}

  public enum BoundKind { UNBOUNDED_PRECEDING, OFFSET_PRECEDING, CURRENT_ROW, OFFSET_FOLLOWING, UNBOUNDED_FOLLOWING }
}
