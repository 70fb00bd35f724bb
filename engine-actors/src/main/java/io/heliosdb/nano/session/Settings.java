package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The run-time parameters of one session, with PostgreSQL's transaction rules: SET is undone by a rollback (also to a savepoint),
/// SET LOCAL by the end of the transaction, a function's own settings by its end.
///
/// `generation` grows with every effective change, so whoever caches something derived from settings compares one number.
/// Confined to the session's thread; [#defaults] may be shared and is never changed after start.
public final class Settings {
  /// Where a value comes from, as `pg_settings.source` says it.
  public enum Source {
    DEFAULT("default"), CONFIGURATION("configuration file"), ENVIRONMENT("environment variable"), COMMAND_LINE("command line"), DATABASE("database"),
    USER("user"), CLIENT("client"), SESSION("session");

    private final String words;

    Source(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /// Where a value was given: in a file, at a line counted from 1, or elsewhere (no file, line 0).
  public record Origin(Source source, @Nullable String file, int line) {
    static final Origin DEFAULT = new Origin(Source.DEFAULT, null, 0);

    public static Origin of(Source source) {
      return new Origin(source, null, 0);
    }
  }

  /// A value with its origin; `value` is in canonical form.
  public record Value(String value, Origin origin) {
    Value(String value, Source source) {
      this(value, Origin.of(source));
    }
  }

  private record Undo(String name, @Nullable Value before) {}

  private final Map<String, Value> defaults;
  private final Map<String, Value> current = new HashMap<>();
  private final List<List<Undo>> levels = new ArrayList<>();

  /// The level of the transaction itself, kept because most transactions change no setting.
  private final List<Undo> baseLevel = new ArrayList<>();
  private final List<Undo> localUndo = new ArrayList<>();
  private final List<String> changedReportable = new ArrayList<>();
  private boolean inTransaction;
  private long generation;

  /// @param defaults values that differ from the definitions' defaults: configuration file, flags, role settings; by lower-case name
  public Settings(Map<String, Value> defaults) {
    this.defaults = defaults;
  }

  public long generation() {
    return generation;
  }

  /// The canonical value; for an unknown name null, or 42704 if not `missingOk`.
  public @Nullable String get(String name, boolean missingOk) {
    String key = name.toLowerCase(Locale.ROOT);
    Value value = value(key);
    if (value != null) {
      return value.value();
    }
    if (missingOk) {
      return null;
    }
    throw unknown(name);
  }

  public String get(String name) {
    return java.util.Objects.requireNonNull(get(name, false));
  }

  /// The value as SHOW prints it.
  public @Nullable String display(String name, boolean missingOk) {
    String value = get(name, missingOk);
    SettingDefinition definition = SettingDefinitions.find(name);
    return value == null || definition == null ? value : SettingValues.display(definition, value);
  }

  public boolean isOn(String name) {
    return "on".equals(get(name));
  }

  public int integer(String name) {
    return Integer.parseInt(get(name));
  }

  public long longInteger(String name) {
    return Long.parseLong(get(name));
  }

  public Origin origin(String name) {
    Value value = value(name.toLowerCase(Locale.ROOT));
    return value == null ? Origin.DEFAULT : value.origin();
  }

  /// The value that RESET goes back to.
  public @Nullable String resetValue(String name) {
    Value value = defaults.get(name.toLowerCase(Locale.ROOT));
    SettingDefinition definition = value == null ? SettingDefinitions.find(name) : null;
    return value != null ? value.value() : definition == null ? null : definition.defaultValue();
  }

  private @Nullable Value value(String key) {
    Value value = current.get(key);
    if (value == null) {
      value = defaults.get(key);
    }
    if (value == null) {
      SettingDefinition definition = SettingDefinitions.find(key);
      return definition == null ? null : new Value(definition.defaultValue(), Source.DEFAULT);
    }
    return value;
  }

  /// SET, or with a null value SET … TO DEFAULT / RESET.
  ///
  /// @throws SqlException 42704 unknown, 55P02 cannot be changed now, 22023 bad value
  public void set(String name, @Nullable String value, boolean local, Source source) {
    String key = name.toLowerCase(Locale.ROOT);
    SettingDefinition definition = SettingDefinitions.find(key);
    if (definition == null) {
      checkCustomName(name);
    } else if (source == Source.SESSION && !definition.changeableInSession()) {
      throw cannotChange(definition);
    }
    Value next = null;
    if (value != null) {
      next = new Value(definition == null ? value : SettingRules.check(definition, SettingValues.canonical(definition, value)), source);
    }
    if (next != null && key.equals("datestyle")) {
      next = new Value(SettingRules.mergeDateStyle(get(key), next.value()), source);
    }
    if (local && !inTransaction) {
      return;
    }
    Value before = current.get(key);
    if (inTransaction) {
      (local ? localUndo : currentLevel()).add(new Undo(key, before));
      if (local) {
        currentLevel().add(new Undo(key, before));
      }
    }
    put(key, next);
  }

  /// Whether SET would take the value.
  ///
  /// @throws SqlException as [#set] does
  public void check(String name, String value) {
    SettingDefinition definition = SettingDefinitions.find(name);
    if (definition == null) {
      checkCustomName(name);
    } else if (!definition.changeableInSession()) {
      throw cannotChange(definition);
    } else {
      SettingRules.check(definition, SettingValues.canonical(definition, value));
    }
  }

  private void put(String key, @Nullable Value value) {
    Value before = value(key);
    if (value == null && before != null && SettingDefinitions.find(key) == null && !defaults.containsKey(key)) {
      // A setting of the user's own stays known once it was set.
      current.put(key, new Value("", Source.SESSION));
    } else if (value == null) {
      current.remove(key);
    } else {
      current.put(key, value);
    }
    generation++;
    Value after = value(key);
    if (SettingRules.isReported(key) && (before == null || after == null || !before.value().equals(after.value()))) {
      changedReportable.add(key);
    }
  }

  private static void checkCustomName(String name) {
    if (name.indexOf('.') <= 0 || name.endsWith(".")) {
      throw unknown(name);
    }
    String prefix = name.substring(0, name.indexOf('.')).toLowerCase(Locale.ROOT);
    if (prefix.equals("heliosdb")) {
      throw unknown(name);
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.')) {
        throw new SqlException(SqlState.INVALID_NAME, "invalid configuration parameter name \"" + name + "\"")
            .withDetail("Custom parameter names must be two or more simple identifiers separated by dots.");
      }
    }
  }

  static SqlException unknown(String name) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
  }

  private static SqlException cannotChange(SettingDefinition definition) {
    String message =
        switch (definition.context()) {
          case "internal" -> "parameter \"" + definition.name() + "\" cannot be changed";
          case "postmaster" -> "parameter \"" + definition.name() + "\" cannot be changed without restarting the server";
          default -> "parameter \"" + definition.name() + "\" cannot be changed now";
        };
    return new SqlException(SqlState.CANT_CHANGE_RUNTIME_PARAM, message);
  }

  /// RESET ALL: every setting changed in this session goes back to its default.
  public void resetAll() {
    for (String key : List.copyOf(current.keySet())) {
      SettingDefinition definition = SettingDefinitions.find(key);
      if (definition == null || SettingRules.resetByResetAll(key)) {
        set(key, null, false, Source.SESSION);
      }
    }
  }

  public java.util.Set<String> customNames() {
    java.util.Set<String> names = new java.util.TreeSet<>();
    for (String key : current.keySet()) {
      if (SettingDefinitions.find(key) == null) {
        names.add(key);
      }
    }
    return names;
  }

  /// Names of reported settings (ParameterStatus) changed since the last call.
  public List<String> takeChangedReportable() {
    if (changedReportable.isEmpty()) {
      return List.of();
    }
    List<String> result = List.copyOf(changedReportable);
    changedReportable.clear();
    return result;
  }

  private List<Undo> currentLevel() {
    return levels.getLast();
  }

  public void beginTransaction() {
    inTransaction = true;
    levels.clear();
    baseLevel.clear();
    levels.add(baseLevel);
    localUndo.clear();
  }

  /// A savepoint or a sub-transaction begins.
  public int depth() {
    return levels.size();
  }

  public void pushLevel() {
    levels.addLast(new ArrayList<>());
  }

  /// RELEASE: the level's changes join the level below.
  public void mergeLevel() {
    if (levels.size() > 1) {
      List<Undo> top = levels.removeLast();
      levels.getLast().addAll(top);
    }
  }

  /// ROLLBACK TO: undoes the level and removes it.
  public void rollbackLevel() {
    if (!levels.isEmpty()) {
      undo(levels.removeLast());
      if (levels.isEmpty()) {
        levels.add(new ArrayList<>());
      }
    }
  }

  public void endTransaction(boolean committed) {
    if (!inTransaction) {
      return;
    }
    inTransaction = false;
    if (committed) {
      // A SET LOCAL is undone at commit, unless a plain SET of the same name came after it.
      undo(localUndo);
    } else {
      while (!levels.isEmpty()) {
        undo(levels.removeLast());
      }
    }
    levels.clear();
    localUndo.clear();
  }

  private void undo(List<Undo> undos) {
    for (int i = undos.size() - 1; i >= 0; i--) {
      put(undos.get(i).name(), undos.get(i).before());
    }
  }

  /// Copies what this session has set, for a sibling session that should behave the same.
  public void copyFrom(Settings other) {
    current.clear();
    current.putAll(other.current);
    generation++;
  }
}
