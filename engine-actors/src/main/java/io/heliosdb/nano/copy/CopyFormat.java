package io.heliosdb.nano.copy;

import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.TypeCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A format of rows in a byte stream: how COPY's `FORMAT` reads and writes it. Stateless; found by name or file extension in [CopyFormats].
///
/// The formats of this module are listed there; others come as services of this interface (`java.util.ServiceLoader`).
public interface CopyFormat {
  /// The name of `FORMAT`, lower case.
  String name();

  /// Further names that `FORMAT` takes.
  default Set<String> aliases() {
    return Set.of();
  }

  /// Extensions of file names, lower case without the dot.
  Set<String> extensions();

  /// Whether the bytes are no text: the COPY sub-protocol announces it, and ENCODING does not apply.
  boolean binary();

  /// Whether it belongs to PostgreSQL's own three, whose text follows the session's settings (DateStyle and so on).
  default boolean usesSessionText() {
    return false;
  }

  /// The options that apply beside FORMAT, FREEZE, ON_ERROR and LOG_VERBOSITY.
  Set<CopyOption> options();

  RowReader reader(CopyOptions options, RowBuilder rows);

  RowWriter writer(CopyOptions options, RowSource source);

  /// The columns that a file of this format declares with their types; null when the format does not carry types.
  default @Nullable List<CopyColumn> columns(Path file, TypeCatalog types) throws IOException {
    return null;
  }

  /// The text forms a reader of this format should parse with.
  default IoContext textForms(IoContext io) {
    return usesSessionText() ? io : RowSource.portable(io);
  }
}
