package io.heliosdb.nano.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All settings by lower-case name, from the fact table `settings.tsv`. Loaded once; immutable.
public final class SettingDefinitions {
  private static final Map<String, SettingDefinition> BY_NAME = load();

  private SettingDefinitions() {}

  public static @Nullable SettingDefinition find(String name) {
    SettingDefinition exact = BY_NAME.get(name);
    return exact != null ? exact : BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  public static Collection<SettingDefinition> all() {
    return BY_NAME.values();
  }

  private static Map<String, SettingDefinition> load() {
    Map<String, SettingDefinition> result = new LinkedHashMap<>(512);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(SettingDefinitions.class.getResourceAsStream("settings.tsv"), StandardCharsets.UTF_8))) {
      String line;
      while ((line = reader.readLine()) != null) {
        if (!line.startsWith("#")) {
          SettingDefinition definition = parse(line);
          result.put(definition.name().toLowerCase(Locale.ROOT), definition);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  private static SettingDefinition parse(String line) {
    String[] f = line.split("\t", -1);
    List<String> values = f[7].isEmpty() ? List.of() : Arrays.asList(f[7].split(","));
    return new SettingDefinition(f[0], f[1], f[2], f[3], f[4], number(f[5]), number(f[6]), values, f[8], f[9], f.length > 10 ? List.of(f[10].split(" ")) : List.of());
  }

  private static @Nullable Double number(String text) {
    return text.isEmpty() ? null : Double.valueOf(text);
  }
}
