package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.PlanStatistics;
import io.heliosdb.nano.plan.ExplainOptions.Format;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans in the forms of PostgreSQL's EXPLAIN. Source: PostgreSQL 15 manual, "Using EXPLAIN".
final class ExplainWriter {
  private final ExplainOptions options;
  private final @Nullable PlanStatistics statistics;
  private final List<String> lines = new ArrayList<>();

  private ExplainWriter(ExplainOptions options, @Nullable PlanStatistics statistics) {
    this.options = options;
    this.statistics = statistics;
  }

  static List<String> write(PhysicalPlan plan, ExplainOptions options, @Nullable PlanStatistics statistics) {
    ExplainWriter writer = new ExplainWriter(options, statistics);
    if (options.format() == Format.TEXT) {
      writer.text(plan, 0, true);
      return writer.lines;
    }
    Map<String, Object> tree = writer.tree(plan, null);
    StringBuilder out = new StringBuilder();
    switch (options.format()) {
      case JSON -> {
        out.append("[\n  {\n    \"Plan\": ");
        json(tree, 4, out);
        out.append("\n  }\n]");
      }
      case YAML -> {
        out.append("- Plan: ");
        yaml(tree, 4, out);
      }
      default -> {
        out.append("<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n  <Query>\n");
        xml("Plan", tree, 4, out);
        out.append("  </Query>\n</explain>");
      }
    }
    return List.of(out.toString());
  }

  private static ExplainNode describe(PhysicalPlan plan) {
    ExplainNode node = new ExplainNode();
    plan.explain(node);
    return node;
  }

  private void text(PhysicalPlan plan, int indent, boolean root) {
    ExplainNode node = describe(plan);
    StringBuilder line = new StringBuilder();
    line.append(" ".repeat(indent)).append(root ? "" : "->  ").append(node.type());
    if (node.suffix() != null) {
      line.append(' ').append(node.suffix());
    }
    if (options.costs()) {
      line.append(String.format(Locale.ROOT, "  (cost=%.2f..%.2f rows=%.0f width=%d)", plan.startupCost(), plan.totalCost(),
          Math.max(1, Math.rint(plan.rows())), plan.width()));
    }
    if (options.analyze()) {
      line.append(actual(plan));
    }
    lines.add(line.toString());
    int inner = indent + (root ? 2 : 6);
    if (options.verbose() && !plan.output().isEmpty()) {
      List<String> names = new ArrayList<>();
      plan.output().forEach(c -> names.add(c.name()));
      lines.add(" ".repeat(inner) + "Output: " + String.join(", ", names));
    }
    node.properties().forEach((name, value) -> lines.add(" ".repeat(inner) + name + ": " + inline(value)));
    PlanStatistics.Node measured = statistics == null ? null : statistics.find(plan.statisticsSource());
    if (measured != null && options.analyze()) {
      measured.details.forEach((name, value) -> lines.add(" ".repeat(inner) + name + ": " + perLoop(value, measured)));
    }
    for (ExplainNode.Child child : node.children()) {
      if (child.label() != null) {
        lines.add(" ".repeat(inner) + child.label());
        text(child.plan(), inner + 2, false);
      } else {
        text(child.plan(), inner, false);
      }
    }
  }

  private static String inline(Object value) {
    return value instanceof List<?> list ? String.join(", ", list.stream().map(String::valueOf).toList()) : String.valueOf(value);
  }

  private static Object perLoop(Object value, PlanStatistics.Node node) {
    return value instanceof Long count && node.loops > 1 ? (Object) Math.round((double) count / node.loops) : value;
  }

  private String actual(PhysicalPlan plan) {
    PlanStatistics.Node node = statistics == null ? null : statistics.find(plan.statisticsSource());
    if (node == null || node.loops == 0) {
      return " (never executed)";
    }
    double loops = node.loops;
    String rows = String.format(Locale.ROOT, "rows=%.0f loops=%d", Math.rint(node.rows / loops), node.loops);
    return options.timing()
        ? String.format(Locale.ROOT, " (actual time=%.3f..%.3f %s)", node.startupNanos / 1e6 / loops, node.totalNanos / 1e6 / loops, rows)
        : " (actual " + rows + ")";
  }

  private Map<String, Object> tree(PhysicalPlan plan, @Nullable String label) {
    ExplainNode node = describe(plan);
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("Node Type", node.type());
    if (label != null) {
      map.put("Subplan Name", label);
    }
    map.putAll(node.structured());
    if (options.costs()) {
      map.put("Startup Cost", round(plan.startupCost()));
      map.put("Total Cost", round(plan.totalCost()));
      map.put("Plan Rows", (long) Math.max(1, Math.rint(plan.rows())));
      map.put("Plan Width", (long) plan.width());
    }
    PlanStatistics.Node measured = statistics == null ? null : statistics.find(plan.statisticsSource());
    if (options.analyze()) {
      long loops = measured == null ? 0 : measured.loops;
      if (options.timing()) {
        map.put("Actual Startup Time", loops == 0 ? 0.0 : Math.round(measured.startupNanos / 1e3 / loops) / 1e3);
        map.put("Actual Total Time", loops == 0 ? 0.0 : Math.round(measured.totalNanos / 1e3 / loops) / 1e3);
      }
      map.put("Actual Rows", loops == 0 ? 0L : Math.round((double) measured.rows / loops));
      map.put("Actual Loops", loops);
    }
    map.putAll(node.properties());
    if (measured != null && options.analyze()) {
      map.putAll(measured.details);
    }
    if (!node.children().isEmpty()) {
      List<Object> plans = new ArrayList<>();
      node.children().forEach(child -> plans.add(tree(child.plan(), child.label())));
      map.put("Plans", plans);
    }
    return map;
  }

  private static double round(double value) {
    return Math.round(value * 100) / 100.0;
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  private static String scalar(Object value) {
    return value instanceof Number || value instanceof Boolean ? String.valueOf(value) : quoted(String.valueOf(value));
  }

  private static void json(Object value, int indent, StringBuilder out) {
    String pad = " ".repeat(indent);
    if (value instanceof Map<?, ?> map) {
      out.append("{\n");
      int i = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(pad).append("  ").append(quoted(String.valueOf(entry.getKey()))).append(": ");
        json(entry.getValue(), indent + 2, out);
        out.append(++i < map.size() ? ",\n" : "\n");
      }
      out.append(pad).append('}');
    } else if (value instanceof List<?> list) {
      boolean nested = !list.isEmpty() && list.getFirst() instanceof Map;
      out.append('[');
      for (int i = 0; i < list.size(); i++) {
        out.append(nested ? "\n" + pad + "  " : i > 0 ? " " : "");
        json(list.get(i), indent + 2, out);
        out.append(i + 1 < list.size() ? "," : "");
      }
      out.append(nested ? "\n" + pad + "]" : "]");
    } else {
      out.append(scalar(value));
    }
  }

  private static void yaml(Map<String, Object> map, int indent, StringBuilder out) {
    String pad = " ".repeat(indent);
    map.forEach((name, value) -> {
      out.append('\n').append(pad).append(name).append(": ");
      if (value instanceof List<?> list) {
        for (Object item : list) {
          out.append('\n').append(pad).append("  - ");
          if (item instanceof Map<?, ?> child) {
            StringBuilder inner = new StringBuilder();
            @SuppressWarnings("unchecked")
            Map<String, Object> typed = (Map<String, Object>) child;
            yaml(typed, indent + 4, inner);
            out.append(inner.toString().stripLeading());
          } else {
            out.append(scalar(item));
          }
        }
      } else {
        out.append(scalar(value));
      }
    });
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void xml(String tag, Object value, int indent, StringBuilder out) {
    String pad = " ".repeat(indent);
    String name = tag.replace(' ', '-');
    out.append(pad).append('<').append(name).append('>');
    if (value instanceof Map<?, ?> map) {
      out.append('\n');
      map.forEach((key, child) -> xml(String.valueOf(key), child, indent + 2, out));
      out.append(pad);
    } else if (value instanceof List<?> list) {
      out.append('\n');
      list.forEach(item -> xml(item instanceof Map ? "Plan" : "Item", item, indent + 2, out));
      out.append(pad);
    } else {
      out.append(escaped(String.valueOf(value)));
    }
    out.append("</").append(name).append(">\n");
  }
}
