package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.TypeIo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Calls built-in functions and operators with the arguments of `function_cases.tsv` and compares with PostgreSQL's answers.
class FunctionCasesTest {
  private static final IoContext IO =
      IoContext.builder().zone(TimeZones.find("Europe/Berlin")).transactionMicros(800_000_000_000_000L).build();

  /// Only what these functions ask of a call's context.
  private static final CallContext CONTEXT = (CallContext) Proxy.newProxyInstance(
      FunctionCasesTest.class.getClassLoader(), new Class<?>[] {CallContext.class}, (proxy, method, arguments) -> switch (method.getName()) {
        case "io" -> IO;
        case "transactionTimestampMicros" -> IO.transactionMicros();
        case "checkCancelled" -> null;
        default -> throw new UnsupportedOperationException(method.getName());
      });

  @Test
  void functions_and_operators_answer_as_postgresql() throws IOException {
    List<Executable> checks = new ArrayList<>();
    try (BufferedReader reader = new BufferedReader(
        new InputStreamReader(FunctionCasesTest.class.getResourceAsStream("function_cases.tsv"), StandardCharsets.UTF_8))) {
      reader.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
        String[] sides = line.split("\t=>\t", -1);
        checks.add(() -> assertEquals(sides[1], answer(sides[0].split("\t", -1)), sides[0]));
      });
    }
    assertTrue(checks.size() > 500);
    assertAll(checks);
  }

  private static String answer(String[] call) {
    try {
      return call(call).replace("\n", "\\n");
    } catch (SqlException e) {
      return "ERROR " + e.state().code() + ": " + e.getMessage();
    }
  }

  private static PgType type(String name) {
    PgType type = PgTypes.byName(name.replace("[]", ""));
    return name.endsWith("[]") ? PgTypes.byOid(type.arrayOid()) : type;
  }

  private static String call(String[] call) {
    List<PgType> types = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (String argument : Arrays.asList(call).subList(2, call.length)) {
      int colon = argument.indexOf(':');
      PgType type = type(argument.substring(0, colon));
      String text = argument.substring(colon + 1);
      types.add(type);
      values.add(text.equals("NULL") ? null : TypeIo.parse(type, -1, text, IO));
    }
    FunctionDef function = call[0].equals("o") ? operator(call[1], types) : function(call[1], types);
    assertNotNull(function, () -> String.join(" ", call));
    if (function.strict() && values.contains(null)) {
      return "";
    }
    PgType result = resultType(function, types);
    CallSite site = new CallSite(function, types, result, -1, 0, false);
    @Nullable Object[] a = values.toArray();
    Implementation implementation = Builtins.implementation(function);
    if (implementation instanceof Implementation.SetReturning rows) {
      List<String> texts = new ArrayList<>();
      Implementation.RowSource source = rows.open(CONTEXT, site, a);
      for (Object row = source.next(); row != Implementation.RowSource.END; row = source.next()) {
        texts.add(text(result, row));
      }
      return String.join("\n", texts);
    }
    return text(result, switch (implementation) {
      case Implementation.Nullary f -> f.call(CONTEXT);
      case Implementation.Unary f -> f.call(a[0]);
      case Implementation.Binary f -> f.call(a[0], a[1]);
      case Implementation.Ternary f -> f.call(a[0], a[1], a[2]);
      case Implementation.Contextual f -> f.call(CONTEXT, site, a);
      default -> throw new IllegalStateException("not a scalar function");
    });
  }

  private static String text(PgType type, @Nullable Object value) {
    return value == null ? "" : TypeIo.toText(value instanceof PgRecord ? PgTypes.RECORD : type, value, IO);
  }

  private static @Nullable FunctionDef operator(String name, List<PgType> types) {
    FunctionDef found = null;
    int best = 0;
    for (OperatorDef operator : BuiltinCatalog.operators(name)) {
      List<Integer> declared = operator.left() != 0 ? List.of(operator.left(), operator.right()) : List.of(operator.right());
      int score = score(declared, types);
      if (score > best) {
        best = score;
        found = BuiltinCatalog.function(operator.functionOid());
      }
    }
    return found;
  }

  private static @Nullable FunctionDef function(String name, List<PgType> types) {
    FunctionDef found = null;
    int best = -1;
    for (FunctionDef function : BuiltinCatalog.functions(name)) {
      int score = score(function.argumentTypes(), types);
      if (score > best) {
        best = score;
        found = function;
      }
    }
    if (found == null) {
      found = BuiltinCatalog.functions(name).stream().filter(f -> f.variadicType() != 0).findFirst().orElse(null);
    }
    return found;
  }

  /// How well the arguments fit, -1 when they do not. Enough for the calls of the table; the analyzer knows the real rules.
  private static int score(List<Integer> declared, List<PgType> types) {
    if (declared.size() != types.size()) {
      return -1;
    }
    int score = 0;
    for (int i = 0; i < types.size(); i++) {
      PgType type = types.get(i);
      int fit = declared.get(i) == type.oid() ? 4 : switch (declared.get(i)) {
        case 2283, 5077, 2276 -> 1;
        case 2277, 5078 -> type.isArray() ? 2 : 0;
        case 3831, 5080 -> type.isRange() ? 2 : 0;
        case 4537, 4538 -> type.isMultirange() ? 2 : 0;
        case 869 -> type == PgTypes.CIDR ? 3 : 0;
        case 1560, 1562 -> type == PgTypes.VARBIT || type == PgTypes.BIT ? 3 : 0;
        default -> 0;
      };
      if (fit == 0) {
        return -1;
      }
      score += fit;
    }
    return score;
  }

  private static PgType resultType(FunctionDef function, List<PgType> types) {
    PgType declared = PgTypes.byOid(function.returnType());
    if (!PgTypes.isPolymorphic(declared.oid())) {
      return declared;
    }
    for (int i = 0; i < types.size(); i++) {
      PgType type = types.get(i);
      int parameter = function.argumentTypes().get(i);
      if (parameter == declared.oid()) {
        return type;
      }
      if (type.isRange() || type.isMultirange()) {
        return switch (declared.oid()) {
          case 3831 -> PgTypes.rangeInfo(type.oid()).range();
          case 4537 -> PgTypes.rangeInfo(type.oid()).multirange();
          default -> PgTypes.rangeInfo(type.oid()).subtype();
        };
      }
    }
    return types.getFirst();
  }
}
