package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Counts the built-in functions that run. Those that take or give `internal` values, triggers and handlers cannot be called from
/// SQL and do not count. The bound only ever grows.
class FunctionCoverageTest {
  private static final int IMPLEMENTED_AT_LEAST = 2030;

  @Test
  void implemented_functions_do_not_get_fewer() {
    List<String> missing = new ArrayList<>();
    int implemented = 0;
    for (FunctionDef function : BuiltinCatalog.functions()) {
      if (!isCallable(function)) {
        continue;
      }
      if (Builtins.find(function) != null || function.body() instanceof FunctionDef.SqlBody) {
        implemented++;
      } else {
        missing.add(Builtins.signature(function));
      }
    }
    String message = implemented + " of " + (implemented + missing.size()) + " built-in functions run; missing: " + missing;
    System.getLogger("function.coverage").log(System.Logger.Level.DEBUG, message);
    assertTrue(implemented >= IMPLEMENTED_AT_LEAST, message);
  }

  private static boolean isCallable(FunctionDef function) {
    List<Integer> types = new ArrayList<>(function.argumentTypes());
    types.add(function.returnType());
    return types.stream().noneMatch(oid -> switch (oid) {
      case 2281, 2279, 2280, 3838, 3115, 3310, 325, 269, 32 -> true;
      default -> false;
    });
  }
}
