package io.heliosdb.nano.session;

/// Versions as users see them.
public final class ProductVersion {
  public static final String VERSION = "4.0.0";

  /// The PostgreSQL release whose behaviour is followed.
  public static final String POSTGRESQL = "15.18";

  private ProductVersion() {}

  /// What `version()` answers. Starts as clients parse it.
  public static String description() {
    return "PostgreSQL " + POSTGRESQL + " (HeliosDB Nano " + VERSION + ") on " + System.getProperty("os.arch") + "-" + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT) + ", compiled by OpenJDK "
        + Runtime.version().feature() + ", 64-bit";
  }
}
