package io.heliosdb.nano.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/// Turns `postgresql://user:password@host:port/database` into a JDBC URL and properties.
final class ConnectionUrl {
  private ConnectionUrl() {}

  static String toJdbc(String url, Properties properties) {
    try {
      URI uri = new URI(url);
      if (uri.getScheme() == null || !uri.getScheme().startsWith("postgres") || uri.getHost() == null) {
        throw new ConfigException("a connection URL looks like postgresql://user:password@host:port/database, not " + url);
      }
      String user = uri.getRawUserInfo();
      if (user != null) {
        int colon = user.indexOf(':');
        properties.setProperty("user", decode(colon < 0 ? user : user.substring(0, colon)));
        if (colon >= 0) {
          properties.setProperty("password", decode(user.substring(colon + 1)));
        }
      }
      String database = uri.getRawPath() == null || uri.getRawPath().length() < 2 ? "/heliosdb" : uri.getRawPath();
      return "jdbc:postgresql://" + uri.getHost() + ":" + (uri.getPort() < 0 ? 5432 : uri.getPort()) + database;
    } catch (URISyntaxException e) {
      throw new ConfigException("bad connection URL: " + e.getMessage());
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
