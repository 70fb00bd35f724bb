package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.RegObjects;
import io.heliosdb.nano.type.TypeIo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Calls functions with the arguments of `cases.txt` and compares with what PostgreSQL 15 answered: a value, `\N`, or `!` with
/// SQLSTATE and message. A set-returning function answers with the array of its rows.
class StringAndSearchCasesTest {
  /// Knows the names of text search configurations and dictionaries.
  private static final RegObjects NAMES = new RegObjects() {
    @Override
    public long lookup(PgType regType, String name) {
      String table = regType.equals(PgTypes.REGCONFIG) ? "pg_ts_config" : "pg_ts_dict";
      for (FactTable.Row row : BuiltinCatalog.facts(table).rows()) {
        if (row.text(1).equals(name)) {
          return row.oid("oid");
        }
      }
      throw new IllegalArgumentException(name);
    }

    @Override
    public String display(PgType regType, long oid) {
      return Long.toString(oid);
    }
  };
  private static final IoContext IO = IoContext.builder().regObjects(NAMES).build();

  private final CallContext context = new PlainCallContext(IO);

  @Test
  void answers_are_those_of_postgresql() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (String line : lines("cases.txt")) {
      int arrow = line.lastIndexOf(" => ");
      String actual = evaluate(line.substring(0, arrow));
      if (!actual.equals(line.substring(arrow + 4))) {
        wrong.add(line + "\n    but: " + actual);
      }
      count++;
    }
    assertEquals("", String.join("\n", wrong), wrong.size() + " of " + count + " differ");
  }

  private static List<String> lines(String resource) throws IOException {
    try (BufferedReader in = new BufferedReader(
        new InputStreamReader(StringAndSearchCasesTest.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      return in.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private String evaluate(String call) {
    try {
      String[] parts = call.split(" \\| ", -1);
      String[] head = parts[0].split(" ");
      String[] typeNames = head.length > 1 ? head[1].split(",") : new String[0];
      List<PgType> types = new ArrayList<>();
      @Nullable Object[] arguments = new Object[typeNames.length];
      boolean variadic = false;
      for (int i = 0; i < typeNames.length; i++) {
        variadic |= typeNames[i].startsWith("variadic:");
        PgType type = PgTypes.byName(typeNames[i].replace("variadic:", ""));
        types.add(type);
        String text = parts[i + 1];
        arguments[i] = text.equals("\\N") ? null
            : TypeIo.parse(type, -1, text.replace("\\n", "\n").replace("\\t", "\t"), IO);
      }
      return call(find(head[0], types), types, arguments, variadic);
    } catch (SqlException e) {
      return "!" + e.state().code() + " " + e.getMessage();
    } catch (RuntimeException e) {
      return "!" + e;
    }
  }

  private static FunctionDef find(String name, List<PgType> types) {
    FunctionDef best = null;
    int bestScore = -1;
    for (FunctionDef function : BuiltinCatalog.functions(name)) {
      int score = score(function, types);
      if (score > bestScore) {
        bestScore = score;
        best = function;
      }
    }
    if (best == null) {
      throw new IllegalArgumentException("no function " + name + types);
    }
    return best;
  }

  private static int score(FunctionDef function, List<PgType> types) {
    int fixed = function.argumentTypes().size() - (function.variadicType() == 2276 ? 1 : 0);
    if (function.variadicType() == 2276 ? types.size() < fixed : types.size() != fixed) {
      return -1;
    }
    int score = 0;
    for (int i = 0; i < fixed; i++) {
      int declared = function.argumentTypes().get(i);
      if (declared == types.get(i).oid()) {
        score += 2;
      } else if (declared == 2277 && !types.get(i).isArray() || declared == 4537 && !types.get(i).isMultirange()) {
        return -1;
      } else if (!PgTypes.isPolymorphic(declared) && !(declared == 25 && types.get(i).oid() == 1042)) {
        return -1;
      }
    }
    return score;
  }

  private String call(FunctionDef function, List<PgType> types, @Nullable Object[] arguments, boolean variadic) {
    PgType declared = PgTypes.byOid(function.returnType());
    PgType result = PgTypes.isPolymorphic(declared.oid()) ? resolved(declared, function, types) : declared;
    CallSite site = new CallSite(function, types, result, -1, 100, variadic);
    Implementation implementation = Builtins.implementation(function);
    for (Object argument : arguments) {
      if (argument == null && function.strict()) {
        return function.returnsSet() ? "{}" : "\\N";
      }
    }
    if (implementation instanceof Implementation.SetReturning set) {
      Implementation.RowSource rows = set.open(context, site, arguments);
      List<@Nullable Object> all = new ArrayList<>();
      for (Object row = rows.next(); row != Implementation.RowSource.END; row = rows.next()) {
        all.add(row);
      }
      if (!all.isEmpty() && all.getFirst() instanceof PgArray first) {
        PgArray stacked = PgArray.of(first.elementType(), new int[] {all.size(), first.size()}, new int[] {1, 1},
            all.stream().flatMap(a -> java.util.Arrays.stream(((PgArray) a).elements())).toArray());
        return shown(PgTypes.byOid(first.elementType().arrayOid()), stacked);
      }
      return shown(PgTypes.byOid(result.arrayOid()), PgArray.of(result, all.toArray()));
    }
    Object value = switch (implementation) {
      case Implementation.Nullary f -> f.call(context);
      case Implementation.Unary f -> f.call(arguments[0]);
      case Implementation.Binary f -> f.call(arguments[0], arguments[1]);
      case Implementation.Ternary f -> f.call(arguments[0], arguments[1], arguments[2]);
      case Implementation.Contextual f -> f.call(context, site, arguments);
      default -> throw new IllegalStateException("not callable: " + function.name());
    };
    return value == null ? "\\N" : shown(result, value);
  }

  private static String shown(PgType type, Object value) {
    String text = type.oid() == 16 ? value.toString() : TypeIo.toText(type, value, IO);
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static PgType resolved(PgType declared, FunctionDef function, List<PgType> types) {
    boolean array = declared.oid() == 2277 || declared.oid() == 5078;
    for (int i = 0; i < types.size(); i++) {
      int argument = function.argumentTypes().get(Math.min(i, function.argumentTypes().size() - 1));
      PgType type = types.get(i);
      if (argument == 2277 || argument == 5078) {
        return array ? type : PgTypes.byOid(type.elementOid());
      }
      if (PgTypes.isPolymorphic(argument)) {
        return array ? PgTypes.byOid(type.arrayOid()) : type;
      }
    }
    throw new IllegalStateException(function.name());
  }
}
