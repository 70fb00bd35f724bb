package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.TransactionStatement.TransactionModes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statements about settings (run-time parameters).
public sealed interface SettingStatement extends Statement {
  /// SET, RESET or `SET … TO DEFAULT` of one setting. `SET TIME ZONE`, `SET SCHEMA`, `SET NAMES`, `SET ROLE`, `SET SESSION AUTHORIZATION`
  /// and `SET XML OPTION` arrive as the setting they stand for: TimeZone, search_path, client_encoding, role, session_authorization,
  /// xmloption.
  record SetSetting(boolean local, SettingChange change) implements SettingStatement {}

  /// `SET [LOCAL] TRANSACTION modes`; with `session`, `SET SESSION CHARACTERISTICS AS TRANSACTION`.
  record SetTransaction(boolean session, TransactionModes modes) implements SettingStatement {}

  /// `SET TRANSACTION SNAPSHOT 'id'`.
  record SetTransactionSnapshot(String snapshot) implements SettingStatement {}

  /// `RESET name`.
  record ResetSetting(String name) implements SettingStatement {}

  /// `RESET ALL`.
  record ResetAll() implements SettingStatement {}

  /// `SHOW name`; the name in lower case, `timezone` for TIME ZONE and so on.
  record Show(String name) implements SettingStatement {}

  /// `SHOW ALL`.
  record ShowAll() implements SettingStatement {}

  /// `DISCARD …`.
  record Discard(DiscardTarget target) implements SettingStatement {}

  enum DiscardTarget { ALL, TEMP, SEQUENCES, PLANS }

  /// `ALTER SYSTEM SET|RESET …`; change null means RESET ALL.
  record AlterSystem(@Nullable SettingChange change) implements SettingStatement {}

  /// What happens to a setting, in SET, ALTER ROLE/DATABASE/FUNCTION … SET and function definitions.
  sealed interface SettingChange {
    String name();
  }

  /// `name = value, …`: constants as written.
  record SetValues(String name, List<SettingValue> values) implements SettingChange {}

  /// `SET TIME ZONE INTERVAL '…' HOUR TO MINUTE`, the one typed value PostgreSQL's SET takes.
  record SetInterval(String name, TypeName type, String value) implements SettingChange {}

  /// `name TO DEFAULT`.
  record SetDefault(String name) implements SettingChange {}

  /// `name FROM CURRENT`.
  record SetFromCurrent(String name) implements SettingChange {}

  /// `RESET name` inside ALTER.
  record ResetValue(String name) implements SettingChange {}

  /// `RESET ALL` inside ALTER; its name is `all`.
  record ResetAllValues(String name) implements SettingChange {}

  /// One value of a setting: its text and how it was written (quoting matters when a list setting is put together).
  record SettingValue(String text, ValueKind kind) {}

  enum ValueKind { STRING, NUMBER, WORD }
}
