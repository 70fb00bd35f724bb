package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.dml.TriggerFunctions;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.plpgsql.PlFunctionBody;
import io.heliosdb.nano.parse.plpgsql.PlpgsqlParser;
import io.heliosdb.nano.type.PgType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs PL/pgSQL for one session: keeps compiled functions and conversions, and the stack of running calls.
///
/// Compiled functions are kept by function, argument types and (for triggers) relation, at most [#FUNCTIONS_MAX] of them, least recently
/// used ones dropped. Calls nest at most [#DEPTH_MAX] deep (54001). Confined to the session's thread.
public final class PlInterpreter {
  /// Compiled functions kept by a session.
  static final int FUNCTIONS_MAX = 500;

  /// Calls inside one another; a thread with the usual stack of 1 MB holds that many with room to spare.
  static final int DEPTH_MAX = 200;

  /// What a compiled function depends on beside its definition.
  private record Key(int function, List<Integer> argumentTypes, int resultType, int columnsHash, int relation, int trigger) {}

  private record Kept(FunctionDef definition, @Nullable Relation relation, PlFunction compiled, long catalogVersion) {}

  private final PlHost host;
  private final PlCasts casts;
  private final Map<Key, Kept> functions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
          return size() > FUNCTIONS_MAX;
        }
      };
  private @Nullable PlFrame innermost;
  private int depth;
  private int triggerDepth;
  private int unnamedCursors;

  public PlInterpreter(PlHost host) {
    this.host = host;
    this.casts = new PlCasts(host);
  }

  PlHost host() {
    return host;
  }

  PlCasts casts() {
    return casts;
  }

  String unnamedCursor() {
    String name;
    do {
      name = "<unnamed portal " + ++unnamedCursors + ">";
    } while (host.cursorExists(name));
    return name;
  }

  /// The cursor that a variable of the running statement names (`WHERE CURRENT OF variable`); null when there is no such variable.
  public @Nullable String cursorOfVariable(String name) {
    PlFrame frame = innermost;
    PlScope.Found found = frame == null || frame.sqlScope == null ? null : frame.sqlScope.find(List.of(name));
    return found != null && frame.slots[found.variable().slot] instanceof String cursor ? cursor : null;
  }

  /// How many trigger functions run inside one another: `pg_trigger_depth()`.
  public int triggerDepth() {
    return triggerDepth;
  }

  // ---- the stack ----

  PlFrame enter(PlFunction function, boolean transactional) {
    if (depth >= DEPTH_MAX) {
      throw PlErrors.stackDepth();
    }
    PlFrame frame = new PlFrame(function, this, innermost);
    frame.transactional = transactional;
    depth++;
    innermost = frame;
    return frame;
  }

  void leave(PlFrame frame) {
    depth--;
    innermost = frame.caller;
  }

  /// Whether no call runs.
  public boolean isIdle() {
    return innermost == null;
  }

  // ---- compilation ----

  private PlFunction compiled(FunctionDef function, List<PgType> argumentTypes, PgType resultType, CallSite site) {
    Key key =
        new Key(function.oid(), argumentTypes.stream().map(PgType::oid).toList(), resultType.oid(), site.columns().hashCode(), 0, 0);
    Kept entry = functions.get(key);
    if (entry != null && isCurrent(entry, function)) {
      return entry.compiled();
    }
    PlFunction compiled = PlCompiler.function(host, function, argumentTypes, resultType, site.columns(), parse(function));
    functions.put(key, new Kept(function, null, compiled, host.catalog().version()));
    return compiled;
  }

  private boolean isCurrent(Kept entry, FunctionDef function) {
    // Types of variables may name tables and other types, so that any change of the catalog makes it compile again.
    return (entry.definition() == function || entry.definition().equals(function)) && entry.catalogVersion() == host.catalog().version();
  }

  private static PlFunctionBody parse(FunctionDef function) {
    try {
      return PlpgsqlParser.parse(((FunctionDef.PlPgSqlBody) function.body()).source());
    } catch (SqlException e) {
      throw PlErrors.inBody(e, ((FunctionDef.PlPgSqlBody) function.body()).source(), null, function.name());
    }
  }

  /// Checks a body as CREATE FUNCTION does: it parses and its declarations and statements make sense; SQL in it is not analyzed.
  public void check(FunctionDef function) {
    String source = ((FunctionDef.PlPgSqlBody) function.body()).source();
    try {
      PlCompiler.check(host, function, PlpgsqlParser.parse(source));
    } catch (SqlException e) {
      throw PlErrors.inBody(e, source, host.statementText(), function.name());
    }
  }

  /// A value converted as assignments convert: by an assignment cast or through text.
  public @Nullable Object convert(@Nullable Object value, PgType source, int sourceTypmod, PgType target, int targetTypmod) {
    if (target.isPseudo()) {
      return value;
    }
    PlCasts.Cast cast = casts.of(source, sourceTypmod, target, targetTypmod);
    return cast == null ? value : cast.bind(host).apply(value);
  }

  // ---- calls ----

  public @Nullable Object call(CallSite site, @Nullable Object[] arguments) {
    return compiled(site.function(), site.argumentTypes(), site.resultType(), site).call(this, arguments);
  }

  public List<@Nullable Object> callSet(CallSite site, @Nullable Object[] arguments) {
    return compiled(site.function(), site.argumentTypes(), site.resultType(), site).callSet(this, arguments);
  }

  public @Nullable Object[] callProcedure(FunctionDef procedure, List<PgType> argumentTypes, @Nullable Object[] arguments, boolean transactional) {
    PgType result = host.catalog().byOid(procedure.returnType());
    CallSite site = new CallSite(procedure, argumentTypes, result, -1, 0, false);
    return compiled(procedure, argumentTypes, result, site).callProcedure(this, arguments, transactional);
  }

  public void runDoBlock(String body, boolean transactional) {
    PlFunction compiled;
    try {
      compiled = PlCompiler.inline(host, PlpgsqlParser.parse(body));
    } catch (SqlException e) {
      throw PlErrors.inBody(e, body, host.statementText(), "inline_code_block");
    }
    compiled.run(this, transactional || innermost != null && innermost.transactional, frame -> {});
  }

  /// Calls the function of an event trigger.
  public void callEventTrigger(FunctionDef function, String event, String tag) {
    PlFunction compiled = PlCompiler.eventTrigger(host, function, parse(function));
    compiled.run(this, false, frame -> {
      frame.slots[compiled.special.get("tg_event").slot] = event;
      frame.slots[compiled.special.get("tg_tag").slot] = tag;
    });
  }

  /// Whether the innermost call may end the transaction.
  public boolean isTransactional() {
    return innermost != null && innermost.transactional;
  }

  public @Nullable Object @Nullable [] callTrigger(Catalog.Trigger trigger, FunctionDef function, TriggerFunctions.Event event) {
    Key key = new Key(function.oid(), List.of(), 0, 0, event.relation().oid(), trigger.oldTable() == null && trigger.newTable() == null ? 0 : trigger.oid());
    Kept entry = functions.get(key);
    PlFunction compiled;
    if (entry != null && isCurrent(entry, function)) {
      compiled = entry.compiled();
    } else {
      compiled = PlCompiler.trigger(host, function, event.relation(), trigger, parse(function));
      functions.put(key, new Kept(function, event.relation(), compiled, host.catalog().version()));
    }
    triggerDepth++;
    try {
      return PlTriggers.call(this, compiled, trigger, event);
    } finally {
      triggerDepth--;
    }
  }
}
