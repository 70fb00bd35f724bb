package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.GatherNode;
import io.heliosdb.nano.execute.ParallelPlan;
import io.heliosdb.nano.execute.TableScanNode;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Decides whether a node reads its input in several threads, by PostgreSQL's settings: `max_parallel_workers_per_gather`,
/// `max_parallel_workers`, `parallel_setup_cost`, `min_parallel_table_scan_size`.
final class ParallelPlanner {
  private static final double PAGE_BYTES = 8192;

  private final PlannerContext context;
  private final Estimates estimates;

  ParallelPlanner(PlannerContext context, Estimates estimates) {
    this.context = context;
    this.estimates = estimates;
  }

  /// @param resultRows what every thread hands over
  /// @return null when one thread is to read it
  @Nullable ParallelPlan plan(PhysicalPlan input, double resultRows) {
    double setup = setting("parallel_setup_cost", 1000);
    if (input.totalCost() <= setup) {
      return null;
    }
    int workers = (int) Math.min(setting("max_parallel_workers_per_gather", 2), setting("max_parallel_workers", 8));
    TableScanNode scan = workers == 0 ? null : input.sharedScan();
    if (scan == null) {
      return null;
    }
    double pages = estimates.rows(scan.table()) * estimates.rowBytes(scan.table()) / PAGE_BYTES;
    double repeated = input.repeatedCost();
    double divided = input.totalCost() - repeated;
    double saved = divided * workers / (workers + 1) - setup - resultRows * workers * setting("parallel_tuple_cost", 0.1);
    if (pages < setting("min_parallel_table_scan_size", 1024) || saved <= 0 || repeated > divided / 2) {
      return null;
    }
    scan.share();
    return new ParallelPlan(scan, workers, divided / (workers + 1) + repeated + setup);
  }

  /// The input read by several threads where that pays, for nodes that keep all its rows anyway.
  PhysicalPlan gather(PhysicalPlan input, BitSet needed) {
    ParallelPlan parallel = plan(input, input.rows());
    return parallel == null ? input : new GatherNode(input, parallel, needed);
  }

  private double setting(String name, double otherwise) {
    String value = context.settings().get(name);
    return value == null ? otherwise : Double.parseDouble(value);
  }
}
